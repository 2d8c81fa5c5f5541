import { type Encoding, encodingFor, worthwhileBytes } from './encoding.ts'

/** Of an address; longer ones are seldom asked for twice. */
export const longestName = 2_000

/** An answer that is ready but for who asks. */
export interface Finished {
  /** the pattern of its route */
  route: string
  etag: string
  type: string
  /** what else the route has said of it */
  headers: Record<string, string>
  /** of its text, in bytes */
  length: number
  /**
   * In the forms that somebody has asked for; plain only of what is kept, since bytes lie outside of the heap, and V8 marks
   * all of that the oftener the more of them come and go.
   */
  encoded: Partial<Record<Encoding, Buffer>>
  /** all headers that are the same for whoever asks: names and values in turn */
  front?: readonly string[]
  /** the bytes of `encoded` as a string, which goes out in one piece with the headers, in two thirds of the time */
  texts: Partial<Record<Encoding, string>>
}

/** The bytes of what is kept. */
export function bytesOf({ encoded }: Finished): Buffer {
  if (encoded.identity === undefined) throw new Error('What is kept has lost its bytes.')
  return encoded.identity
}

/** What of its encodings this client gets. */
export function encodingIn({ length }: Finished, accepted: string | undefined): Encoding {
  return length < worthwhileBytes ? 'identity' : encodingFor(accepted)
}

/** Other bytes, another tag (RFC 9110 §8.8.3.3). */
export function tagIn(encoding: Encoding, etag: string): string {
  return encoding === 'identity' ? `"${etag}"` : `"${etag}-${encoding}"`
}
