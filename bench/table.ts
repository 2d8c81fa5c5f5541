/** The figures in words: for a terminal, and for the README. */
import { isKept, type Line, type Reading } from './line.ts'
import type { Results } from './results.ts'

const heads = ['', 'articles', 'promised', 'measured', 'Warta', 'beside', 'kept']

/** As Markdown, which reads well in a terminal too. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.what,
    line.articles?.toLocaleString('en') ?? '',
    line.promised === undefined ? '–' : `${line.promised.sense} ${figure(line.promised.figure, line.unit)}`,
    figure(line.measured, line.unit),
    line.ours === undefined ? '' : readingOf(line.ours),
    line.other === undefined ? (line.note ?? '') : `${readingOf(line.other)}: ${line.other.name}`,
    { true: 'yes', false: '**no**', undefined: '' }[`${isKept(line)}`],
  ])
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const draw = (cells: readonly (string | undefined)[]) =>
    `| ${cells.map((cell = '', i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [draw(heads), draw(widths.map((width) => '-'.repeat(width))), ...rows.map(draw)].join('\n')
}

/**
 * Latency under the load, and what an answer costs of a core: the ratio of that holds too where the load, and not the
 * service, had a core to itself.
 */
export function latenciesOf(lines: readonly Line[]): string {
  const heads = [
    'under load',
    'articles',
    'Warta p50, ms',
    'p99, ms',
    'core, µs',
    'beside p50, ms',
    'p99, ms',
    'core, µs',
    'by core',
  ]
  const rows = lines
    .filter(({ ours }) => ours?.p99 !== undefined)
    .map(({ what, articles, ours, other }) => [
      what,
      articles?.toLocaleString('en') ?? '',
      ...cells(ours),
      ...cells(other),
      ours?.cpu === undefined || other?.cpu === undefined ? '' : `${short(other.cpu / ours.cpu)} ×`,
    ])
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const draw = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [draw(heads), draw(widths.map((width) => '-'.repeat(width))), ...rows.map(draw)].join('\n')
}

function cells(reading: Reading | undefined): string[] {
  return [reading?.p50, reading?.p99, reading?.cpu].map((value) => (value === undefined ? '' : short(value)))
}

/** Which machine it was, in one sentence. */
export function machineOf({ machine, command, groups }: Results): string {
  const days = [...new Set(Object.values(groups).map(({ at }) => at.slice(0, 10)))].sort()
  const when = days.length < 2 ? days.join() : `${days[0]} to ${days.at(-1)}`
  const { cpu, cores, memoryGiB, system, node, fsyncMs } = machine
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node.replace('v', '')}, an fsync in ${short(fsyncMs)} ms; ${when}, \`${command}\`. Service, other side and load share the cores.`
}

export function figure(value: number, unit: Line['unit']): string {
  return unit === 'packages' ? String(value) : `${short(value)} ${unit}`
}

function readingOf({ value, unit }: Reading): string {
  return unit === '/s' ? `${short(value)}/s` : `${short(value)} ${unit}`
}

/** Three digits at most behind the first that is not zero, thousands set apart. */
export function short(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(value >= 1 ? 3 : 2)))
}

const begin = '<!-- speed: npm run bench -- --readme writes what stands here -->'
const end = '<!-- /speed -->'

/** The README with these figures in their place. */
export function withFigures(readme: string, results: Results): string {
  const [before, rest] = readme.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`The README has no place for figures: ${begin}`)
  const lines = Object.values(results.groups).flatMap((group) => group.lines)
  const notes = new Map<string, string[]>()
  for (const { what, other, note } of lines) {
    // Without another side the note stands in its place.
    if (note !== undefined && other !== undefined) notes.set(note, [...(notes.get(note) ?? []), what])
  }
  const tables = lines.length === 0 ? [] : [plain(tableOf(lines)), plain(latenciesOf(lines))]
  const parts = [
    machineOf(results),
    '![Measured beside what was promised](bench/results/speed.svg)',
    ...tables,
    ...(notes.size === 0 ? [] : [Array.from(notes, ([note, whats]) => `- ${whats.join(', ')}: ${note}`).join('\n')]),
  ]
  return `${before}${begin}\n${parts.join('\n\n')}\n${end}${after}`
}

/** Without the blanks that only a terminal needs. */
function plain(table: string): string {
  return table.replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---')
}
