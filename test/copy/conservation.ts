import type { ParsedCopy } from '../../src/copy/parse.ts'

/**
 * The first line of a paste that does not come back where it stood: the lines that were not dropped, in their order,
 * must be title, deck, and page by page title and body. Spaces are not compared, every other character is. Answers
 * null when no line was lost, and complains about words that came from nowhere.
 */
export function findLostLine(pasted: string, copy: ParsedCopy): string | null {
  const came = squeeze(
    [copy.title, copy.deck, ...copy.pages.flatMap((page) => [page.title, page.body])]
      .map((part) => part ?? '')
      .join(''),
  )
  const dropped = new Map(copy.parse.dropped.map(({ line, text }) => [line, squeeze(text)]))
  const dateline = copy.parse.rules.find(({ rule }) => rule.startsWith('dateline_'))
  let at = 0
  for (const [i, line] of linesOf(pasted).entries()) {
    let left = squeeze(line)
    const gone = dropped.get(i + 1)
    if (gone !== undefined) {
      if (gone === '' || !left.endsWith(gone)) return `line ${i + 1} never said what was dropped: ${gone}`
      left = left.slice(0, -gone.length)
      dropped.delete(i + 1)
    }
    if (dateline?.line === i + 1) {
      const words = squeeze(dateline.text)
      if (!left.startsWith(words)) return `line ${i + 1} does not begin with its dateline: ${words}`
      left = left.slice(words.length)
    }
    if (!came.startsWith(left, at)) return `line ${i + 1} was lost: ${line.slice(0, 80)}`
    at += left.length
  }
  if (at < came.length) return `words from nowhere: ${came.slice(at, at + 80)}`
  return dropped.size > 0 ? 'a line was dropped that does not exist' : null
}

/** The normalisation that a paste may undergo, written down once more and independently. */
function linesOf(pasted: string): string[] {
  return pasted
    .replace(/[\u200B\uFEFF]/g, '')
    .normalize('NFC')
    .split(/\r\n|\r|\n|\u0085|\u2028|\u2029/)
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '')
}
