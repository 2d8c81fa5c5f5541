import t from 'tap'
import { atLeast, atMost, isKept, type Line } from '../../bench/line.ts'
import { drawSpeed } from '../../bench/plot.ts'
import type { Results } from '../../bench/results.ts'
import { latenciesOf, machineOf, short, tableOf, withFigures } from '../../bench/table.ts'

const kept: Line = {
  what: 'one article, read before',
  articles: 1_000_000,
  promised: atLeast(0.9),
  unit: '×',
  measured: 0.951,
  ours: { value: 19_012.4, unit: '/s', p50: 1.61, p99: 3.9, cpu: 44 },
  other: { name: 'Fastify, one buffer', value: 19_985, unit: '/s', p50: 1.5, p99: 4.6, cpu: 40 },
  note: 'the load has the same cores',
}
const missed: Line = { what: 'npm start <first>', promised: atMost(700), unit: 'ms', measured: 701 }
const unpromised: Line = { what: 'memory of the import', unit: 'MiB', measured: 90, note: '80 MiB before' }
const lines = [kept, missed, unpromised]
const results: Results = {
  command: 'npm run bench',
  machine: { cpu: 'A CPU', cores: 2, memoryGiB: 24, system: 'Linux 6', node: 'v24.21.0', fsyncMs: 1.234 },
  groups: {
    reads: { at: '2026-11-23T09:00:00.000Z', lines: [kept] },
    start: { at: '2026-11-24T09:00:00.000Z', lines: [missed, unpromised] },
  },
}

t.test('a promise is kept by its figure itself, and by what is on the right side of it', (t) => {
  const line = (promised: ReturnType<typeof atLeast | typeof atMost>, measured: number): Line => ({
    ...kept,
    promised,
    measured,
  })
  t.same(
    [0.89, 0.9, 0.91].map((measured) => isKept(line(atLeast(0.9), measured))),
    [false, true, true],
  )
  t.same(
    [1.49, 1.5, 1.51].map((measured) => isKept(line(atMost(1.5), measured))),
    [true, true, false],
  )
  t.equal(isKept(unpromised), undefined)
  t.end()
})

t.test('the table says what was promised, what was measured on both sides, and what was not kept', (t) => {
  const rows = tableOf(lines)
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
  t.same(rows.slice(2), [
    [
      'one article, read before',
      '1,000,000',
      'at least 0.9 ×',
      '0.95 ×',
      '19,012/s',
      '19,985/s: Fastify, one buffer',
      'yes',
    ],
    ['npm start <first>', '', 'at most 700 ms', '701 ms', '', '', '**no**'],
    ['memory of the import', '', '–', '90 MiB', '', '80 MiB before', ''],
  ])
  const latencies = latenciesOf(lines)
  t.match(latencies, /\| 1\.61 +\| 3\.9 +\| 44 +\| 1\.5 +\| 4\.6 +\| 40 +\| 0\.91 × +\|/)
  t.notMatch(latencies, /npm start/)
  t.end()
})

t.test('figures are cut to what two runs have in common', (t) => {
  t.same([0.0444, 0.951, 1, 12.34, 123.4, 12_345.6].map(short), ['0.044', '0.95', '1', '12.3', '123', '12,346'])
  t.end()
})

t.test('the machine, the days and the command are told', (t) => {
  t.match(
    machineOf(results),
    /^A CPU, 2 cores, 24 GiB, Linux 6, Node 24\.21\.0, an fsync in 1\.23 ms; 2026-11-23 to 2026-11-24, `npm run bench`/,
  )
  t.end()
})

t.test('the README gets the figures in their place and keeps everything else', (t) => {
  const place = '<!-- speed: npm run bench -- --readme writes what stands here -->'
  const readme = `before\n${place}\nold figures\n<!-- /speed -->\nafter\n`
  const filled = withFigures(readme, results)
  t.match(filled, /^before\n/)
  t.match(filled, /\nafter\n$/)
  t.notMatch(filled, /old figures/)
  t.match(filled, /bench\/results\/speed\.svg/)
  t.match(filled, /\| one article, read before \| 1,000,000 \| at least 0\.9 × \|/)
  t.match(filled, /^- one article, read before: the load has the same cores$/m)
  t.equal(withFigures(filled, results), filled, 'again it is the same')
  t.throws(() => withFigures('no place', results), /no place for figures/)
  t.end()
})

t.test('the plot has a bar for each promise, to the right when it was kept', (t) => {
  const svg = drawSpeed(lines)
  t.match(svg, /1 of 2 kept/)
  const bars = [...svg.matchAll(/<rect class="(\w+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
    ([, kind, x, width]) => ({
      kind,
      from: Number(x),
      to: Number(x) + Number(width),
    }),
  )
  const promised = Number(/class="line" x1="([\d.]+)"/.exec(svg)?.[1])
  t.same(
    bars.map(({ kind }) => kind),
    ['kept', 'missed'],
  )
  t.equal(bars[0]?.from, promised)
  t.ok((bars[1]?.from ?? promised) < promised)
  t.match(svg, /npm start &lt;first>/)
  t.notMatch(svg, /memory of the import/)
  t.notMatch(svg, /NaN|undefined|https?:\/\/(?!www\.w3\.org)/)
  t.end()
})

t.test('what is far from its promise is drawn as far as the plot goes', (t) => {
  const far = (measured: number) => drawSpeed([{ ...kept, measured }])
  const bar = (svg: string) => /<rect[^>]*>/.exec(svg)?.[0]
  t.equal(bar(far(1_000)), bar(far(10_000)))
  t.equal(bar(far(0.0001)), bar(far(0)))
  t.end()
})
