/** The figures of search in words, for a terminal. */
import { type Asked, type Row, rankOf, seen } from './measures.ts'

/** The means of everyone who was asked side by side, as Markdown. */
export function scoreTable(rows: readonly Row[]): string {
  const names = Object.keys(rows[0]?.scores ?? {})
  const heads = ['', 'questions', ...names.flatMap((name) => [`${name} recall@10`, 'MRR@10'])]
  const lines = rows.map(({ of, questions, scores }) => [
    of,
    String(questions),
    ...names.flatMap((name) => [scores[name]?.recall ?? 0, scores[name]?.mrr ?? 0].map((value) => value.toFixed(3))),
  ])
  const widths = heads.map((head, i) => Math.max(head.length, ...lines.map((line) => line[i]?.length ?? 0)))
  const draw = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [draw(heads), draw(widths.map((width) => '-'.repeat(width))), ...lines.map(draw)].join('\n')
}

/** What was asked, what should have come, and what came instead. */
export function missList(misses: readonly Asked[], name: string): string {
  return misses
    .flatMap(({ kind, lang, q, answers, found }) => {
      const titles = found[name] ?? []
      const rank = rankOf(titles, answers)
      const place = rank === undefined ? 'not among the first ten' : `at ${rank}`
      const instead = titles.length === 0 ? ['nothing at all'] : titles.slice(0, seen)
      return [
        `${q}  (${kind}, ${lang})`,
        `  wanted   ${answers.join(' / ')}: ${place}`,
        `  instead  ${instead.join(' / ')}`,
      ]
    })
    .join('\n')
}
