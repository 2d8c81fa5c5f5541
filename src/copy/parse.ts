import { readAttributions } from './attribution.ts'
import { dropFurniture } from './furniture.ts'
import { type Head, readHead } from './head.ts'
import { detectLanguage } from './language.ts'
import type { Byline, CopyOptions, Line, ParsedCopy, SourceMention } from './model.ts'
import { indexNames } from './names.ts'
import { splitLines } from './normalise.ts'
import { splitPages } from './pages.ts'
import { emptyReport, inLineOrder } from './report.ts'
import { readTail } from './tail.ts'

export type { CopyOptions, KnownSource, ParsedCopy } from './model.ts'

/**
 * Reads pasted copy into the parts of an article. Every non-blank line comes back: as title, deck, page title, dateline
 * and body, or in `parse.dropped`. What no rule explains stays in the body, and nothing is written that was not pasted.
 * Takes time in proportion to the text, whatever it holds.
 */
export function parseCopy(text: string, options: CopyOptions): ParsedCopy {
  const report = emptyReport()
  const index = indexNames(options.sources)
  const [first, ...others] = splitPages(dropFurniture(splitLines(text), report), report)
  const head = readHead(first?.lines ?? [], index, report)
  const pages = [{ title: null, lines: head.body }, ...others]
  const tail = readTail(pages.at(-1)?.lines ?? [], report)
  const read = [...pages.slice(0, -1), { title: pages.at(-1)?.title ?? null, lines: tail.lines }]
    .map((page) => ({ title: page.title, paragraphs: joinParagraphs(page.lines) }))
    .filter((page) => page.title !== null || page.paragraphs.length > 0)
  const paragraphs = [head.deck, ...read.flatMap((page) => page.paragraphs)]
  const cited = readAttributions(paragraphs, index, options.today, report)
  const bodies = read.map((page) => ({ title: page.title, body: page.paragraphs.map(textOf).join('\n\n') }))
  return {
    title: head.title,
    deck: head.deck.length > 0 ? head.deck.map((line) => line.text).join(' ') : null,
    dateline: head.dateline?.dateline ?? null,
    pages: bodies.length > 0 ? bodies : [{ title: null, body: '' }],
    sources: [...originOf(head), ...cited],
    bylines: unique([...head.bylines, ...tail.bylines]),
    lang: options.lang ?? detectLanguage(text),
    parse: inLineOrder(report),
  }
}

function originOf({ dateline }: Head): SourceMention[] {
  if (!dateline?.source) return []
  return [{ source: dateline.source.id, role: 'origin', statedOn: null, mention: dateline.dateline.text }]
}

/** Lines of one block are one paragraph, unless a line between them was dropped. */
function joinParagraphs(lines: readonly Line[]): Line[][] {
  const paragraphs: Line[][] = []
  let previous: Line | null = null
  for (const line of lines) {
    const goesOn = previous?.block === line.block && previous.number === line.number - 1
    const paragraph = goesOn ? paragraphs.at(-1) : undefined
    if (paragraph) paragraph.push(line)
    else paragraphs.push([line])
    previous = line
  }
  return paragraphs
}

function textOf(paragraph: readonly Line[]): string {
  return paragraph.map((line) => line.text).join('\n')
}

function unique(bylines: readonly Byline[]): Byline[] {
  const seen = new Map(bylines.map((byline) => [`${byline.role} ${byline.name}`, byline]))
  return [...seen.values()]
}
