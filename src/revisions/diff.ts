import { createRequire } from 'node:module'
import { equalJson } from '../lib/json.ts'
import type { LineChange, PageDiff, RevisionDiff } from './schema.ts'

/** Loaded when somebody compares: 4 MiB (measured with diff 9.0.0) that a process which only serves readers never needs. */
function load(): typeof import('diff') {
  return require('diff')
}

const require = createRequire(import.meta.url)

interface Page {
  readonly number: number
  readonly title: string | null
  readonly body: string
}

/** An article as it was: its pages, and whatever else was decided of it. */
export interface Comparable {
  readonly [field: string]: unknown
  readonly pages: readonly Page[]
}

/**
 * The longest answer, in lines of both sides of all pages that differ: some hundred times a long story, and less than a
 * megabyte of JSON around the texts.
 */
const mostLines = 20_000

/**
 * How many edits times lines are tried, which bounds both time and memory of Myers' algorithm: some 30 ms. Up to a
 * thousand lines any change is found; of more, the fewer the more lines there are. A bound in time would give other
 * answers on another day.
 */
const mostSteps = 1_000_000

/**
 * What differs between two states of an article: its fields by value (one that is missing is null), its pages by number
 * and line by line. The `same` and `removed` lines of a page, joined by newlines, are its body before, `same` and `added`
 * its body after, to the character. Texts that are too long or too different to compare are answered whole.
 */
export function compareSnapshots(before: Comparable, after: Comparable): RevisionDiff {
  const names = Object.keys({ ...after, ...before }).filter((name) => name !== 'pages')
  const fields = names
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    .filter((one) => !equalJson(one.before, one.after))
  return { fields, pages: comparePages(before.pages, after.pages) }
}

function comparePages(before: readonly Page[], after: readonly Page[]): PageDiff[] {
  const old = new Map(before.map((page) => [page.number, page]))
  const now = new Map(after.map((page) => [page.number, page]))
  const pairs = [...new Set([...old.keys(), ...now.keys()])]
    .sort((a, b) => a - b)
    .map((number) => ({ number, a: old.get(number), b: now.get(number) }))
    .filter(({ a, b }) => a?.title !== b?.title || a?.body !== b?.body)
    .map((pair) => ({ ...pair, from: linesOf(pair.a), to: linesOf(pair.b) }))
  const total = pairs.reduce((sum, { from, to }) => sum + from.length + to.length, 0)
  return pairs.map(({ number, a, b, from, to }) => {
    const title = { before: a?.title ?? null, after: b?.title ?? null }
    return {
      number,
      change: a === undefined ? 'added' : b === undefined ? 'removed' : 'changed',
      ...(title.before !== title.after && { title }),
      lines: (total > mostLines ? undefined : compareLines(from, to, mostSteps / total)) ?? whole(a, b),
    }
  })
}

function whole(before: Page | undefined, after: Page | undefined): LineChange[] {
  if (before !== undefined && before.body === after?.body) return [{ change: 'same', text: before.body }]
  return [
    ...(before === undefined ? [] : [{ change: 'removed' as const, text: before.body }]),
    ...(after === undefined ? [] : [{ change: 'added' as const, text: after.body }]),
  ]
}

/** Split at newlines alone, so that joined they are the body again: a carriage return belongs to its line. */
function linesOf(page: Page | undefined): string[] {
  return page === undefined ? [] : page.body.split('\n')
}

/** Undefined when it takes more than so many edits. */
function compareLines(
  before: readonly string[],
  after: readonly string[],
  mostEdits: number,
): LineChange[] | undefined {
  // Numbers compare at once; of long lines that differ only at their ends, each comparison would read all.
  const texts: string[] = []
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, texts.length)
    return texts.push(text) - 1
  }
  const changes = load().diffArrays(before.map(numberOf), after.map(numberOf), { maxEditLength: Math.floor(mostEdits) })
  return changes?.flatMap(({ added, removed, value }) => {
    const change = added ? 'added' : removed ? 'removed' : 'same'
    return value.map((number) => ({ change, text: texts[number] ?? '' }) as const)
  })
}
