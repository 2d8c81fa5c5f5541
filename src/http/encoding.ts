import { promisify } from 'node:util'
import { type BrotliOptions, brotliCompress, constants, gzip } from 'node:zlib'

export const encodings = ['br', 'gzip', 'identity'] as const
export type Encoding = (typeof encodings)[number]

/** What is shorter gains nothing: with its headers it fits one packet of 1,500 bytes as it is. */
export const worthwhileBytes = 1_024

/** Text in few milliseconds a megabyte; more makes it a tenth smaller, and takes ten times as long (nginx and Cloudflare begin here too). */
const brotliQuality = 4

/** Headers of one kind are sent by millions; no more different ones are remembered than browsers and libraries have. */
const rememberedHeaders = 256
const chosen = new Map<string, Encoding>()

/** The encoding that a client likes best (RFC 9110 §12.5.3), of several the one that is smallest. */
export function encodingFor(accepted: string | undefined): Encoding {
  if (accepted === undefined) return 'identity'
  const known = chosen.get(accepted)
  if (known !== undefined) return known
  const choice = choose(accepted)
  if (chosen.size < rememberedHeaders) chosen.set(accepted, choice)
  return choice
}

function choose(accepted: string): Encoding {
  const weights = new Map<string, number>()
  for (const range of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1'
    weights.set(name, Number(weight) || 0)
  }
  // Whoever says nothing of it takes what is not encoded, and likes the others better.
  const usual = { br: weights.get('*') ?? 0, gzip: weights.get('*') ?? 0, identity: Number.MIN_VALUE }
  const weightOf = (name: Encoding): number => weights.get(name) ?? usual[name]
  const best = encodings.reduce((best, name) => (weightOf(name) > weightOf(best) ? name : best))
  // Whoever refuses all cannot be served as they like; this is what everybody can read.
  return weightOf(best) > 0 ? best : 'identity'
}

const deflate = promisify<Buffer, Buffer>(gzip)
const brotli = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress)

/** The same bytes for the same text, made beside the event loop. */
export function encode(body: Buffer, encoding: Exclude<Encoding, 'identity'>): Promise<Buffer> {
  if (encoding === 'gzip') return deflate(body)
  return brotli(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  })
}
