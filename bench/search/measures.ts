/** How good an answer is: pure, so that a test can say what the numbers mean. */
import type { Judged, Kind } from './judged.ts'

/** As many as a reader looks at before asking again, and what the service is asked for. */
export const looked = 10
/** Of these a reader sees all without scrolling: a story below them was missed. */
export const seen = 3

/** The part of the stories that answer which are among the first ten. */
export function recall(found: readonly string[], answers: readonly string[]): number {
  const first = found.slice(0, looked)
  return answers.filter((title) => first.includes(title)).length / answers.length
}

/** One by the place of the first story that answers: 1 for the first, 1/2 for the second, 0 for none among the first ten. */
export function reciprocalRank(found: readonly string[], answers: readonly string[]): number {
  const rank = rankOf(found, answers)
  return rank === undefined || rank > looked ? 0 : 1 / rank
}

/** The place of the first story that answers, from 1 on. */
export function rankOf(found: readonly string[], answers: readonly string[]): number | undefined {
  const index = found.findIndex((title) => answers.includes(title))
  return index < 0 ? undefined : index + 1
}

/** One question, and what each of those who were asked has found, the best first. */
export interface Asked extends Judged {
  found: Readonly<Record<string, readonly string[]>>
}

export interface Score {
  recall: number
  mrr: number
}

export interface Row {
  of: string
  questions: number
  scores: Record<string, Score>
}

/** The means over all questions, those of each language, and those of each kind. */
export function rowsOf(asked: readonly Asked[], kinds: readonly Kind[]): Row[] {
  const names = Object.keys(asked[0]?.found ?? {})
  const row = (of: string, some: readonly Asked[]): Row => ({
    of,
    questions: some.length,
    scores: Object.fromEntries(
      names.map((name) => {
        const mean = (value: (found: readonly string[], answers: readonly string[]) => number) =>
          some.reduce((sum, { found, answers }) => sum + value(found[name] ?? [], answers), 0) / some.length
        return [name, { recall: mean(recall), mrr: mean(reciprocalRank) }]
      }),
    ),
  })
  const groups: [string, Asked[]][] = [
    ['Indonesian', asked.filter(({ lang }) => lang === 'id')],
    ['English', asked.filter(({ lang }) => lang === 'en')],
    ...kinds.map((kind): [string, Asked[]] => [kind, asked.filter((one) => one.kind === kind)]),
  ]
  return [row('all', asked), ...groups.filter(([, some]) => some.length > 0).map(([of, some]) => row(of, some))]
}

/** The questions whose answer is not among what a reader sees. */
export function missesOf(asked: readonly Asked[], name: string): Asked[] {
  return asked.filter(({ found, answers }) => (rankOf(found[name] ?? [], answers) ?? Number.POSITIVE_INFINITY) > seen)
}
