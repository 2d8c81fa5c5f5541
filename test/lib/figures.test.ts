import t from 'tap'
import { addUp, countersOf, type Family, pageOf } from '../../src/lib/figures.ts'
import { figureOf, readFigures } from '../support/figures.ts'

function family(name: string, type: Family['type'], over: Family['over'], values: Record<string, number>): Family {
  const samples = Object.entries(values).map(([route, value]) => ({ labels: { route }, value }))
  return { name, help: `${name} of a test.`, type, over, samples }
}

t.test('the figures of several processes are added up, but for what is of the whole', (t) => {
  const all = addUp([
    [family('a_total', 'counter', 'sum', { x: 1, y: 2 }), family('last', 'gauge', 'max', { x: 7 })],
    [family('a_total', 'counter', 'sum', { y: 3, z: 4 }), family('last', 'gauge', 'max', { x: 6 })],
    [],
    [family('b', 'gauge', 'sum', { x: 0.5 })],
  ])
  const page = pageOf(all)
  t.same([...readFigures(page).keys()], ['a_total', 'last', 'b'])
  t.same(
    ['a_total{route="x"}', 'a_total{route="y"}', 'a_total{route="z"}', 'last{route="x"}', 'b{route="x"}'].map(
      (series) => figureOf(page, series),
    ),
    [1, 5, 4, 7, 0.5],
  )
  t.same(
    countersOf(all).map(({ name }) => name),
    ['a_total'],
    'of a process that is gone its gauges are gone too',
  )
  t.end()
})

t.test('to add up changes nothing of what was added', (t) => {
  const one = [family('a_total', 'counter', 'sum', { x: 1 })]
  addUp([one, one])
  t.same(one, [family('a_total', 'counter', 'sum', { x: 1 })])
  t.end()
})

t.test('whatever a label says it stays one line', (t) => {
  const page = pageOf([family('a_total', 'counter', 'sum', { 'a"b\\c\nd': 1 })])
  t.equal(page, '# HELP a_total a_total of a test.\n# TYPE a_total counter\na_total{route="a\\"b\\\\c\\nd"} 1\n')
  t.equal(readFigures(page).get('a_total')?.samples.size, 1)
  t.end()
})
