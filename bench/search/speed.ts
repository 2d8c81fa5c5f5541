/** How long a search takes among all there are, and whether searches hold up those who read. Nothing comes out of a cache. */
import { isStopWord } from '../../src/search/stop-words.ts'
import { type Data, dataOf, hasData } from '../data.ts'
import { askable } from '../documents.ts'
import { atMost, type Line } from '../line.ts'
import { askOnce, inTurn, load, type Mode, median, once, type Side } from '../measure.ts'
import { bodyOf, plans } from '../newsroom.ts'
import { read, type Service, startService, stop } from '../processes.ts'

/** Questions of each kind: enough that hardly one is asked twice in a row. */
const questions = 20
/** Far below what one core can do beside the searches, so that what is measured is waiting and not the load itself. */
const perSecond = 200
/** Two who search without a pause ask as often as a hundred who search every few seconds. */
const searchers = 2

export async function search(mode: Mode): Promise<Line[]> {
  // It builds nothing large: that takes minutes, and growth has done it in a full run.
  const size = [mode.large, mode.middle].find(hasData) ?? mode.small
  if (size < mode.large) {
    const [asked, there] = [mode.large, size].map((articles) => articles.toLocaleString('en'))
    console.error(`search: measured among ${there} articles, for there is no database of ${asked}.`)
  }
  const data = await dataOf(size)
  const service = await startService(data.path, { WARTA_CACHE: '0' })
  const common = commonWords()
  await checkWords(service, data, common)
  const lines = await searches(service, pathsOf(data, common), mode)
  lines.push(await beside(service, data, common, mode))
  await stop(service)
  return lines.map((line) => ({ ...line, articles: data.articles }))
}

/** So many texts the articles of the newsroom have: see template.ts. */
const texts = 50

/** Words that are in nearly every text, and so in nearly every article. */
function commonWords(): string[] {
  const count = new Map<string, number>()
  for (let text = 0; text < texts; text += 1) {
    const words =
      bodyOf(text, '')
        .toLowerCase()
        .match(/[a-z]{4,}/g) ?? []
    for (const word of new Set(words)) count.set(word, (count.get(word) ?? 0) + 1)
  }
  const everywhere = [...count].filter(([word, n]) => n >= 0.9 * texts && !isStopWord(word))
  return everywhere.map(([word]) => word).slice(0, questions)
}

/** Three words that stand side by side, each time in another text. */
function phrases(): string[] {
  return Array.from({ length: questions }, (_, text) => {
    const [sentence = ''] = /The (\w+ \w+ \w+)/.exec(bodyOf(text, ''))?.slice(1) ?? []
    return `"${sentence}"`
  })
}

/** Numbers of articles from all over the archive, each of which one article has. */
function numbers({ articles }: Data): string[] {
  const every = Math.floor(articles / questions)
  return Array.from(plans(articles), ({ number }) => number).filter((_, i) => i % every === 0)
}

/** That they are as common, and as rare, as it says in the table; an exact count of a common word would take too long. */
async function checkWords({ origin }: Service, data: Data, common: readonly string[]): Promise<void> {
  const find = (q: string) => read(`${origin}/v1/articles?limit=2&fields=id&q=${q}`)
  const [word = ''] = common
  if ((await find(word)).search.complete) throw new Error(`${word} is in too few articles.`)
  const [number = ''] = numbers(data)
  const found = (await find(number)).data.length
  if (found !== 1) throw new Error(`${found} articles have the number ${number}.`)
}

const asking = (q: string, more = '') => `/v1/articles?limit=20&q=${encodeURIComponent(q)}${more}`

interface Kind {
  what: string
  paths: string[]
  /** ms, of the median */
  promised?: number
}

function pathsOf(data: Data, common: readonly string[]): Kind[] {
  const of = (words: readonly string[], more = '') => words.map((word) => asking(word, more))
  const pairs = common.map((word, i) => `${word} ${common[(i + 1) % common.length]}`)
  const beginnings = [...new Set(common.map((word) => word.slice(0, 3)))]
  return [
    { what: 'a common word', paths: of(common), promised: 30 },
    { what: 'a rare word', paths: of(numbers(data)), promised: 5 },
    { what: 'two common words', paths: of(pairs) },
    { what: 'a phrase of three words', paths: of(phrases()) },
    { what: 'three letters of a common word', paths: of(beginnings, '&prefix=true') },
    { what: 'a common word, highlighted', paths: of(common, '&highlight=true') },
    { what: 'a common word, with three facets', paths: of(common, '&facets=section,tag,year') },
  ]
}

/** One at a time, since what counts is how long whoever asks has to wait. */
async function searches(service: Service, kinds: readonly Kind[], { fewRounds, warmMs, ms }: Mode): Promise<Line[]> {
  // Once each, so that files and statements are where they will be; not all at once, which would only make a queue.
  const { origin } = service
  for (const { paths } of kinds) await load({ kind: 'once', origin, paths, connections: 1, warmMs: 0, ms: 0 })
  const sides = await inTurn(
    fewRounds,
    kinds.map(
      ({ paths }) =>
        () =>
          once(service, { paths, connections: 1, warmMs, ms }),
    ),
  )
  return kinds.map(({ what, promised, paths }, i) => {
    // Without its time of a core: it is mostly spent in a process beside the service, which is not counted.
    const { rate, p50, p99 } = sides[i] as Side
    return {
      what: `search: ${what}`,
      ...(promised !== undefined && { promised: atMost(promised) }),
      unit: 'ms',
      measured: p50,
      ours: { value: rate, unit: '/s', p50, p99 },
      note: `median of one at a time, ${paths.length} different in turn`,
    }
  })
}

/** Articles and lists at a steady rate, alone and beside searches that never pause. */
async function beside(service: Service, data: Data, common: readonly string[], mode: Mode): Promise<Line> {
  const { origin } = service
  const { ids, pages } = await askable(service, data, mode.pages, mode.pages)
  const paths = ids.flatMap((id, i) => [`/v1/articles/${id}`, pages[i % pages.length] ?? ''])
  await askOnce(service, paths)
  const [warmMs, ms] = [mode.warmMs, mode.ms * 2]
  const light = () => load({ kind: 'steady', origin, paths, perSecond, warmMs, ms })
  // As long as the others, who are to be measured beside them from their first to their last.
  const heavy = { kind: 'most' as const, origin, paths: common.map((word) => asking(word)), connections: searchers }
  const [alone, together, rates]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < mode.fewRounds; round += 1) {
    alone.push((await light()).p99)
    const [readers, searched] = await Promise.all([light(), load({ ...heavy, warmMs: 0, ms: warmMs + ms }, true)])
    together.push(readers.p99)
    rates.push(searched.rate)
  }
  const [p99, p99Alone] = [median(together), median(alone)]
  return {
    what: 'p99 of others during searches',
    promised: atMost(2),
    unit: '×',
    measured: p99 / p99Alone,
    ours: { value: p99, unit: 'ms' },
    other: { name: 'nothing else under way', value: p99Alone, unit: 'ms' },
    note: `${perSecond} articles and lists a second, beside ${median(rates).toFixed(0)} searches of a common word a second over ${searchers} connections`,
  }
}
