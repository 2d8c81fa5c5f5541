import { Parser } from 'htmlparser2'

// Blocks that stand apart from their neighbours by a blank line, and those that only take a line of their own.
const APART = new Set('p h1 h2 h3 h4 h5 h6 blockquote ul ol pre table div figure figcaption dl hr caption'.split(' '))
const LISTS = new Set(['ul', 'ol'])
const LINES = new Set('li dt dd tr thead tbody tfoot'.split(' '))

/**
 * The words of sanitised HTML as a reader sees them: blocks apart by a blank line, list items and table rows on lines of
 * their own, cells apart by a tab, white space collapsed except in code. A picture's alternative text is left out, as a
 * browser's `innerText` leaves it out: excerpts and word counts come from here.
 */
export function plainText(html: string): string {
  let out = ''
  // Owed before the next word; so nothing is written at the end, and breaks that meet do not add up.
  let breaks = 0
  let tabs = 0
  let space = false
  let preformatted = 0
  let lists = 0
  let firstCell = true

  const breakLine = (wanted: number) => {
    breaks = Math.max(breaks, wanted)
    tabs = 0
    space = false
  }
  const settle = () => {
    if (out !== '') out += '\n'.repeat(breaks)
    if (tabs > 0) out += '\t'.repeat(tabs)
    else if (space && breaks === 0 && out !== '') out += ' '
    breaks = 0
    tabs = 0
    space = false
  }
  const writeCode = (data: string) => {
    data.split('\n').forEach((line, index) => {
      if (index > 0) breaks++
      if (line === '') return
      settle()
      out += line
    })
  }
  const writeProse = (data: string) => {
    for (const word of data.split(/(\s+)/)) {
      if (word === '') continue
      if (word.trim() === '') {
        space = true
        continue
      }
      settle()
      out += word
    }
  }

  const parser = new Parser({
    onopentag(name) {
      if (APART.has(name)) breakLine(lists > 0 && LISTS.has(name) ? 1 : 2)
      else if (LINES.has(name)) breakLine(1)
      // Two in a row are a blank line; more say nothing more.
      else if (name === 'br') breakLine(Math.min(2, breaks + 1))
      if (name === 'pre') preformatted++
      if (LISTS.has(name)) lists++
      if (name === 'tr') firstCell = true
      if (name === 'td' || name === 'th') {
        space = false
        if (!firstCell) tabs++
        firstCell = false
      }
    },
    onclosetag(name) {
      if (name === 'pre') {
        preformatted--
        breaks = 0
      }
      if (LISTS.has(name)) lists--
      if (APART.has(name)) breakLine(lists > 0 && LISTS.has(name) ? 1 : 2)
      else if (LINES.has(name)) breakLine(1)
    },
    ontext: (data) => (preformatted > 0 ? writeCode(data) : writeProse(data)),
  })
  parser.end(html)
  return out
}

// Letters and digits with the marks that belong to them, joined as in `anak-anak`, `Jum'at`, `warta.id`, `3.5`; a comma
// joins only before a digit, as in `10,000`. Each character can be read in one way only, so the time is linear.
const WORD = /[\p{L}\p{N}\p{M}]+(?:['’.‐‑-][\p{L}\p{N}\p{M}]+|,\p{N}[\p{L}\p{N}\p{M}]*)*/gu

/** Words as spaces part them: a run of Chinese, Japanese or Thai counts as one. */
export function countWords(text: string): number {
  let words = 0
  for (const _ of text.matchAll(WORD)) words++
  return words
}
