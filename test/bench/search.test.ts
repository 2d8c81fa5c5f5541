import { readFileSync } from 'node:fs'
import t from 'tap'
import { like, plainFts5, termsOf } from '../../bench/search/baselines.ts'
import { pastedFiles } from '../../bench/search/corpus.ts'
import { judged, type Kind, kinds } from '../../bench/search/judged.ts'
import { type Asked, missesOf, rankOf, recall, reciprocalRank, rowsOf } from '../../bench/search/measures.ts'
import { missList, scoreTable } from '../../bench/search/report.ts'
import { stories } from '../../bench/search/stories.ts'
import { parseCopy } from '../../src/copy/parse.ts'

const ten = Array.from({ length: 10 }, (_, i) => `other ${i}`)

t.test('recall is the part of the stories that answer which are among the first ten', (t) => {
  t.equal(recall(['a', 'x', 'b'], ['a', 'b']), 1)
  t.equal(recall(['a', 'x'], ['a', 'b']), 0.5)
  t.equal(recall([], ['a']), 0)
  t.equal(recall([...ten, 'a'], ['a']), 0, 'the eleventh is not looked at')
  t.end()
})

t.test('the reciprocal rank is that of the first story that answers, whichever it is', (t) => {
  t.equal(reciprocalRank(['b', 'a'], ['a', 'b']), 1)
  t.equal(reciprocalRank(['x', 'y', 'a', 'b'], ['b', 'a']), 1 / 3)
  t.equal(reciprocalRank(['x'], ['a']), 0)
  t.equal(reciprocalRank([...ten, 'a'], ['a']), 0)
  t.equal(rankOf([...ten, 'a'], ['a']), 11)
  t.equal(rankOf(ten, ['a']), undefined)
  t.end()
})

const question = (kind: Kind, lang: 'id' | 'en', ours: string[], theirs: string[]): Asked => ({
  kind,
  lang,
  q: ours.join(),
  answers: ['a'],
  found: { ours, theirs },
})
const asked = [
  question('known', 'id', ['a'], []),
  question('known', 'en', ['x', 'a'], ['a']),
  question('names', 'en', ['x', 'y', 'z', 'a'], ['a']),
]

t.test('means are of all questions, of each language and of each kind that was asked', (t) => {
  const rows = rowsOf(asked, ['known', 'inflected', 'names'])
  t.same(
    rows.map(({ of, questions }) => [of, questions]),
    [
      ['all', 3],
      ['Indonesian', 1],
      ['English', 2],
      ['known', 2],
      ['names', 1],
    ],
  )
  t.same(rows[0]?.scores, { ours: { recall: 1, mrr: (1 + 1 / 2 + 1 / 4) / 3 }, theirs: { recall: 2 / 3, mrr: 2 / 3 } })
  t.match(scoreTable(rows), /\| known +\| 2 +\| 1\.000 +\| 0\.750 +\| 0\.500 +\| 0\.500 +\|/)
  t.end()
})

t.test('a story below the third was missed, and it is told what came instead', (t) => {
  const misses = missesOf(asked, 'ours')
  t.same(misses, asked.slice(2))
  t.match(missList(misses, 'ours'), /wanted {3}a: at 4\n {2}instead {2}x \/ y \/ z$/)
  t.match(missList(missesOf(asked, 'theirs'), 'theirs'), /not among the first ten\n {2}instead {2}nothing at all$/)
  t.end()
})

t.test('the others are told what is a phrase, and asked for all the rest word by word', (t) => {
  t.same(termsOf('"mata air"  panas COVID-19'), ['mata air', 'panas', 'COVID-19'])
  const story = (title: string, body: string, published: string) => ({ title, deck: '', body, lang: 'en', published })
  const told = [
    story('Votes', 'A 50% turnout in the élection, said "somebody".', '2020-01-01'),
    story('Election', 'Turnout of 500 in all.', '2019-01-01'),
  ]
  const [fts5, contained] = [plainFts5(told), like(told)]
  t.same(fts5.find('election turnout'), ['Election', 'Votes'], 'titles weigh more; accents make no difference')
  t.same(fts5.find('"turnout in the election"'), ['Votes'])
  t.same(fts5.find('elections'), [])
  t.same(contained.find('turnout'), ['Votes', 'Election'], 'the newest first')
  t.same(contained.find('election'), ['Election'], 'accents make a difference')
  t.same(contained.find('50%'), ['Votes'], 'a sign is no pattern')
  t.end()
})

t.test('questions name stories that are there, once, and are enough of each kind', (t) => {
  const pasted = pastedFiles().map(
    (path) => parseCopy(readFileSync(path, 'utf8'), { sources: [], today: '2026-11-28' }).title,
  )
  const titles = new Set([...stories.map(({ title }) => title), ...pasted])
  t.equal(titles.size, stories.length + pasted.length, 'no two stories have one title')
  for (const { q, answers, wikinews } of judged) {
    t.ok(answers.length > 0 && answers.length <= 3 && new Set(answers).size === answers.length, q)
    if (wikinews === undefined) t.same([q, answers.filter((title) => !titles.has(title))], [q, []])
  }
  const words = judged.map(({ q }) => q.toLowerCase())
  t.same(
    words.filter((q, i) => words.indexOf(q) !== i),
    [],
    'no question is asked twice',
  )
  t.ok(judged.length >= 60 && judged.filter(({ wikinews }) => !wikinews).length >= 60)
  for (const kind of Object.keys(kinds)) t.ok(judged.filter((one) => one.kind === kind).length >= 10, kind)
  for (const lang of ['id', 'en']) t.ok(judged.filter((one) => one.lang === lang).length >= 30, lang)
  t.end()
})

t.test('the stories of our own are as long as an agency report, and of days that are', (t) => {
  for (const { title, date, paragraphs } of stories) {
    const length = paragraphs.join(' ').split(/\s+/).length
    t.ok(length >= 60 && length <= 120, `${title}: ${length} words`)
    t.equal(new Date(date).toISOString().slice(0, 10), date)
  }
  t.end()
})
