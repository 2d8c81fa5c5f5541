/** The body of an answer as what its type says: JSON, the lines of NDJSON, plain text, or undefined where there is nothing. */
export function bodyOf(type: unknown, text: string) {
  if (text === '') return undefined
  if (String(type).startsWith('application/x-ndjson')) {
    if (!text.endsWith('\n')) throw new Error(`not whole: ${text.slice(-100)}`)
    return text
      .slice(0, -1)
      .split('\n')
      .map((line) => JSON.parse(line))
  }
  if (String(type).startsWith('text/plain')) return text
  return String(type).includes('json') ? JSON.parse(text) : undefined
}
