import { readDateline } from './dateline.ts'
import type { Line } from './model.ts'
import type { NameIndex } from './names.ts'
import { countSentences, endsWithFullStop, isListItem, startsLowerCase } from './prose.ts'

const LONGEST_TITLE = 200
const LONGEST_DECK = 400
const LONGEST_GUESSED_DECK = 300

/** Whether a line can be the headline, given what follows it. */
export function isHeadline(line: Line, next: Line | undefined, index: NameIndex): boolean {
  if (line.text.length > LONGEST_TITLE || !/[\p{L}\p{N}]/u.test(line.text)) return false
  if (endsWithFullStop(line.text) || /[,;:]$/.test(line.text)) return false
  // A sentence that runs on below was wrapped by a mail program.
  if (next?.block === line.block && startsLowerCase(next.text)) return false
  return !readDateline(index, line.text)?.strong
}

/** Whether what stands between a headline and the dateline is its deck: one or two sentences. */
export function isDeck(lines: readonly Line[]): boolean {
  if (lines.length < 1 || lines.length > 3) return false
  const length = lines.reduce((sum, { text }) => sum + text.length, 0)
  if (length > LONGEST_DECK || lines.some(({ text }) => isListItem(text) || text.endsWith(':'))) return false
  return countSentences(lines.map(({ text }) => text).join(' ')) <= 2
}

/** Without a dateline a deck is a guess: one short sentence, set off by a blank line or a byline, with a story below it. */
export function isGuessedDeck(line: Line, next: Line | undefined, spaced: boolean, bylineBelow: boolean): boolean {
  const setOff = bylineBelow || (spaced && next?.block !== line.block)
  if (!next || !setOff || line.text.length >= LONGEST_GUESSED_DECK) return false
  return isDeck([line]) && countSentences(line.text) === 1
}
