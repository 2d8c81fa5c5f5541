import type { Line } from './model.ts'

const LINE_BREAK = /\r\n|[\n\r\u0085\u2028\u2029]/
const INVISIBLE = /[\u200b\ufeff]/g
const NO_BREAK_SPACE = /[\u00a0\u202f]/g
// Unicode's Stream-Safe Text Format allows 30 marks in a row; no written language needs more.
const ENDLESS_MARKS = /\p{M}{31}/u

/**
 * The non-blank lines of a paste, trimmed (an indented line would be a code block in Markdown) and composed (NFC).
 * Where the paste has blank lines they separate its blocks; where it has none, each line is its own block.
 */
export function splitLines(pasted: string): Line[] {
  const texts = compose(pasted.replace(INVISIBLE, '').replace(NO_BREAK_SPACE, ' '))
    .split(LINE_BREAK)
    .map((text) => text.trim())
  const spaced = hasInnerBlank(texts)
  const lines: Line[] = []
  let block = 0
  for (const [index, text] of texts.entries()) {
    if (text === '') {
      block++
      continue
    }
    if (!spaced) block++
    lines.push({ number: index + 1, block, text, endsBlock: spaced && texts[index + 1] === '' })
  }
  return lines
}

/** Composing sorts the marks of a character by insertion: 1 MiB of marks on one letter would take a minute. */
function compose(text: string): string {
  return ENDLESS_MARKS.test(text) ? text : text.normalize('NFC')
}

function hasInnerBlank(texts: readonly string[]): boolean {
  const first = texts.findIndex((text) => text !== '')
  const last = texts.findLastIndex((text) => text !== '')
  const blank = texts.indexOf('', Math.max(first, 0))
  return blank !== -1 && blank < last
}
