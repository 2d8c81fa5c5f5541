/** That what was built is what the program would have written: it is asked over HTTP, and has to agree with the plan. */
import { isDeepStrictEqual } from 'node:util'
import { Article, ArticleList } from '../src/articles/schema.ts'
import type { Data } from './data.ts'
import { plans, sections, sources, tags } from './newsroom.ts'
import { read, startService, stop } from './processes.ts'

/** Commonest, rare and in between. */
const ranks = [0, 1, 20, 300]

/** @throws Error saying what does not agree */
export async function checkData({ path, articles, counts }: Data): Promise<void> {
  const service = await startService(path)
  const ask = (what: string) => read(`${service.origin}/v1/${what}`)
  const expect = (what: string, found: unknown, right: unknown) => {
    if (isDeepStrictEqual(found, right)) return
    throw new Error(`${what} is ${JSON.stringify(found)} in ${path}, and should be ${JSON.stringify(right)}.`)
  }
  try {
    const newest = ArticleList.parse(await ask('articles?limit=20&count=exact'))
    expect('the number of articles', newest.page.total, articles)
    expect('the length of a page', newest.data.length, Math.min(20, articles))
    const dates = newest.data.map(({ publishedAt }) => publishedAt)
    expect('the order of a page', dates, dates.toSorted().reverse())

    const [plan] = plans(1)
    const oldest = Article.parse(await ask(`articles/${plan?.id}`))
    expect('an article by its slug', await ask(`articles/${oldest.slug}`), oldest)
    expect('its date', oldest.publishedAt, plan?.publishedAt)
    expect('its section', oldest.section?.slug, sections[plan?.section ?? 0]?.slug)
    expect(
      'its tags',
      oldest.tags.map(({ slug }) => slug),
      plan?.tags.map((tag) => tags[tag]?.slug),
    )
    expect('its state', [oldest.state, oldest.changed, oldest.pages.length], ['published', false, 1])

    for (const { slug } of sections.filter(({ parent }) => parent === null).slice(0, 2)) {
      const all = sections.filter((section) => section.slug === slug || section.parent === slug)
      const right = all.reduce((sum, section) => sum + (counts[section.slug] ?? 0), 0)
      expect(`the count of ${slug}`, await totalOf(ask, `section=${slug}`), right)
      const own = await totalOf(ask, `section=${slug}&subsections=false`)
      expect(`the count of ${slug} alone`, own, counts[slug] ?? 0)
    }
    for (const tag of ranks.map((rank) => tags[rank]?.slug ?? '')) {
      expect(`the count of ${tag}`, await totalOf(ask, `tag=${tag}`), counts[tag] ?? 0)
      expect(`articleCount of ${tag}`, (await ask(`tags/${tag}`)).articleCount, counts[tag] ?? 0)
    }
    for (const source of sources.slice(0, 2).map(({ slug }) => slug)) {
      expect(`the count of ${source}`, await totalOf(ask, `source=${source}`), counts[source] ?? 0)
      expect(`articleCount of ${source}`, (await ask(`sources/${source}`)).articleCount, counts[source] ?? 0)
    }
  } finally {
    await stop(service)
  }
}

async function totalOf(ask: (what: string) => Promise<{ page: { total: number } }>, filter: string): Promise<number> {
  return (await ask(`articles?${filter}&limit=1&fields=id&count=exact`)).page.total
}
