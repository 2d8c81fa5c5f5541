/** A whole book on one line; what is longer is no article. */
const longestLineBytes = 8 * 1024 * 1024

export interface Line {
  number: number
  /** where the next line begins, for the progress */
  end: number
  /** undefined for a line that is too long to read */
  bytes: Buffer | undefined
}

/** The lines of a text one after another, in constant memory, however it comes in pieces. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let rest: Buffer[] = []
  let size = 0
  let number = 0
  let end = 0
  const take = (last: Buffer): Line => {
    number += 1
    end += size + last.length + 1
    const bytes = size + last.length > longestLineBytes ? undefined : Buffer.concat([...rest, last])
    rest = []
    size = 0
    return { number, end, bytes }
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
      yield take(chunk.subarray(from, at))
      from = at + 1
    }
    const tail = chunk.subarray(from)
    size += tail.length
    // Of a line that is too long nothing is kept but its length.
    if (size <= longestLineBytes) rest.push(tail)
  }
  if (size > 0) yield take(Buffer.alloc(0))
}
