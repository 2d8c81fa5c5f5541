import t from 'tap'
import { type TestApp, testApp } from '../../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../../support/factories.ts'
import { act, patch, withoutNames } from '../acts.ts'
import { ask, filler, find, pages, publishAll } from './find.ts'

/** What a search says beside its articles: counts, and what was meant. */

async function infoOf(app: TestApp, q: string, more = '', as: 'stranger' | 'writer' | 'editor' = 'stranger') {
  const { status, body } = await ask(app, q, more, { as })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.search
}

const meant = async (...asked: Parameters<typeof infoOf>): Promise<string | null> => (await infoOf(...asked)).didYouMean

/** Facets in short: `asia 2, sport 1`. */
async function counted(...asked: Parameters<typeof infoOf>): Promise<Record<string, string>> {
  const facets: Record<string, { value: string; count: number }[]> = (await infoOf(...asked)).facets
  const short = (values: { value: string; count: number }[]) =>
    values.map(({ value, count }) => `${value} ${count}`).join(', ')
  return Object.fromEntries(Object.entries(facets).map(([name, values]) => [name, short(values)]))
}

t.test('facets count nothing that the reader may not see', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  await makeTag(app, { name: 'Secret tag' })
  await makeSource(app, { name: 'Informant', visibility: 'editors' })
  await makeSource(app, { name: 'Antara' })
  const sources = [{ source: 'informant' }, { source: 'antara' }]
  await makePublished(app, { title: 'Ferry', section, sources, lang: 'en' })
  await makeDraft(app, { title: 'Ferry', section, tags: ['secret-tag'], lang: 'fr', sources }, 'writer')
  await makeDraft(app, { title: 'Ferry', tags: ['secret-tag'], lang: 'de' })
  const all = '&facets=section,tag,source,lang,year'
  t.strictSame(await counted(app, 'ferry', all), {
    ...{ section: 'world 1', tag: '', source: 'antara 1', lang: 'en 1', year: '2026 1' },
  })
  t.strictSame(await counted(app, 'ferry', all, 'editor'), await counted(app, 'ferry', all))
  const { text } = await ask(app, 'ferry', all)
  t.notMatch(text, /informant|secret/i)
  t.strictSame(await counted(app, 'ferry', `${all}&stage=working`, 'writer'), {
    ...{ section: 'world 1', tag: 'secret-tag 1', source: 'antara 1, informant 1', lang: 'fr 1', year: '' },
  })
  t.strictSame(await counted(app, 'ferry', `${all}&stage=working`, 'editor'), {
    ...{
      section: 'world 2',
      tag: 'secret-tag 2',
      source: 'antara 2, informant 2',
      lang: 'de 1, en 1, fr 1',
      year: '2026 1',
    },
  })
})

t.test('facets count all that is found, not a page of it, the most frequent first', async (t) => {
  const app = await testApp(t)
  const [asia, sport] = [await makeSection(app, { name: 'Asia' }), await makeSection(app, { name: 'Sport' })]
  for (const name of ['Rail', 'Sea']) await makeTag(app, { name })
  await makeSource(app, { name: 'Antara' })
  await publishAll(app, {
    a: { title: 'Ferry', section: asia.id, tags: ['sea', 'rail'], publishedAt: '2024-12-31T23:59:59Z' },
    b: { title: 'Ferry', section: asia.id, tags: ['sea'], lang: 'id', publishedAt: '2024-01-01T00:00:00Z' },
    c: { title: 'Ferry', section: sport.id, tags: ['sea'], publishedAt: '2025-01-01T00:00:00Z' },
    d: { deck: 'Ferry', section: sport.id, sources: [{ source: 'antara' }, { source: 'antara', role: 'photo' }] },
    e: { title: 'Nothing of it', section: sport.id, tags: ['rail'] },
  })
  const facets = '&facets=section,tag,source,lang,year'
  const expected = {
    ...{ section: 'asia 2, sport 2', tag: 'sea 3, rail 1', source: 'antara 1' },
    ...{ lang: 'en 3, id 1', year: '2024 2, 2025 1, 2026 1' },
  }
  t.strictSame(await counted(app, 'ferry', facets), expected)
  t.strictSame(await counted(app, 'ferry', `${facets}&limit=1`), expected)
  t.strictSame(await counted(app, 'ferry', `${facets}&sort=title`), expected)
  const next = (await ask(app, 'ferry', '&limit=1')).body.page.next
  t.strictSame(await counted(app, 'ferry', `${facets}&limit=1&cursor=${next}`), expected, 'on whichever page')
  t.strictSame(await counted(app, 'ferry', '&facets=lang'), { lang: 'en 3, id 1' }, 'none but those that are asked for')
  t.strictSame(await counted(app, 'ferry', `${facets}&section=asia&lang=id`), {
    ...{ section: 'asia 1', tag: 'sea 1', source: '', lang: 'id 1', year: '2024 1' },
  })
  t.strictSame(await counted(app, 'ferry', '&facets=year&section=nowhere'), { year: '' })
  t.equal((await infoOf(app, 'ferry')).facets, undefined)
  const { facets: named } = await infoOf(app, 'ferry', '&facets=section')
  t.strictSame(named.section[0], { value: 'asia', name: 'Asia', count: 2 })
})

t.test('of each facet there are ten values', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  for (let i = 0; i < 12; i += 1) await makeTag(app, { name: `Tag ${String(i).padStart(2, '0')}` })
  const tags = Array.from({ length: 12 }, (_, i) => `tag-${String(i).padStart(2, '0')}`)
  await makePublished(app, { title: 'Ferry', section, tags })
  await makePublished(app, { title: 'Ferry', section, tags: tags.slice(11) })
  const { tag = '' } = await counted(app, 'ferry', '&facets=tag')
  t.equal(tag, ['tag-11 2', ...tags.slice(0, 9).map((slug) => `${slug} 1`)].join(', '))
})

t.test('nobody is told a word that only drafts have', async (t) => {
  const app = await testApp(t)
  const live = await makePublished(app, { title: 'Public matters', lang: 'en' })
  await makeDraft(app, { title: 'Zqcanary', lang: 'en' })
  await makeDraft(app, { title: 'Zqmagpies', lang: 'en' }, 'writer')
  await patch(app, live, { title: 'Zqjackdaw' })
  for (const q of ['zqcanarz', 'zqmagpiez', 'zqjackdawz', 'zqcanry', 'tag:public zqcanarz']) {
    t.equal(await meant(app, q), null, q)
    t.equal(await meant(app, q, '', 'editor'), null, `${q}: nor editors, of what is public`)
  }
  t.equal(await meant(app, 'zqmagpiez', '&stage=working', 'writer'), 'zqmagpies', 'writers hear of their own')
  t.equal(await meant(app, 'zqcanarz', '&stage=working', 'writer'), null)
  t.equal(await meant(app, 'zqcanarz', '&stage=working', 'editor'), 'zqcanary')
})

t.test('what is written nearly as something that finds something is guessed', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    gempa: { title: 'Gempa di Lombok', lang: 'id' },
    election: { title: 'The election in Élysée', pages: pages('Parliamentary committees.') },
  })
  const cases: Record<string, string | null> = {
    gempo: 'gempa',
    gepma: 'gempa',
    gemp: 'gempa',
    lombak: 'lombok',
    'gempa lombak': 'gempa lombok',
    'Gempo  di LOMBAK!': 'gempa  di lombok!',
    elektoin: 'election',
    elisee: 'elysee',
    parlamentery: 'parliamentary',
    '"gempa di lombak"': '"gempa di lombok"',
    'gempo -banjir': 'gempa -banjir',
    'gempa electoin': 'gempa',
    'gempa election': 'election',
    zzzzzz: null,
    gem: null,
    'gempa 20/9/2023': 'gempa',
    'lomb gempo parlamentery elektoin': null,
  }
  for (const [q, guess] of Object.entries(cases)) t.equal(await meant(app, q), guess, q)
  t.equal(await find(app, 'gempa  di lombok!'), 'gempa', 'and it finds what it was guessed for')
})

t.test('a word that was asked for in one place is guessed, and the name of the place is none', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Rail' })
  await publishAll(app, { gempa: { title: 'Gempa', deck: 'Lombok', tags: ['rail'], lang: 'id' } })
  t.equal(await meant(app, 'title:gempo'), 'title:gempa')
  t.equal(await meant(app, 'deck:lombak gempa'), 'deck:lombok gempa')
  t.equal(await meant(app, 'title:lombak'), null, 'where it stands nowhere it is not')
  t.equal(await meant(app, 'title:gempa tag:raul'), null)
})

t.test('nothing is guessed when something was found, or when the filters leave nothing', async (t) => {
  const app = await testApp(t)
  await publishAll(app, { one: { title: 'Gempa gempo', lang: 'id' }, two: { title: 'Gempa', lang: 'fr' } })
  t.equal(await meant(app, 'gempo'), null)
  t.equal(await meant(app, 'gempi'), 'gempa')
  t.equal(await meant(app, 'gempi', '&lang=de'), null)
  t.equal(await meant(app, 'gempo', '&lang=fr'), 'gempa', 'of what they let through it is')
  t.equal(await meant(app, 'gempa', '&section=nowhere'), null)
  const { next } = (await ask(app, 'gempa', '&limit=1')).body.page
  const { body } = await ask(app, 'gempa', `&limit=1&cursor=${next}`)
  t.equal(body.search.didYouMean, null)
})

t.test('what was withdrawn or edited away is guessed no more', async (t) => {
  const app = await testApp(t)
  const { one } = await publishAll(app, { one: { title: 'Gempa' }, two: { title: 'Rail' } })
  t.equal(await meant(app, 'gempi'), 'gempa')
  if (one !== undefined) await act(app, one, 'withdraw', 'editor', { reason: 'A forgery.' })
  t.equal(await meant(app, 'gempi'), null)
})

/** Titles of drafts that are nearer to what is asked than what the public may read. */
const nearer = Array.from('bcdefghijk', (letter) => `gempa${letter}`)

t.test('what is guessed does not depend on drafts, nor on what there was once', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makePublished(app, { title: 'Gempas', lang: 'fr' })
  t.equal(await meant(app, 'gempaz'), 'gempas')
  const drafts = []
  for (const title of nearer) drafts.push(await makeDraft(app, { title, lang: 'fr' }))
  t.equal(await meant(app, 'gempaz'), 'gempas', 'with drafts')
  for (const draft of drafts) await act(app, (await act(app, draft, 'delete')).body, 'purge', 'admin')
  t.equal(await meant(app, 'gempaz'), 'gempas', 'and when they are gone for good')
  const published = await publishAll(app, Object.fromEntries(nearer.map((title) => [title, { title, lang: 'fr' }])))
  t.equal(await meant(app, 'gempaz'), 'gempab', 'of what is public the first by the alphabet')
  for (const one of Object.values(published)) await act(app, one, 'unpublish')
  t.equal(await meant(app, 'gempaz'), 'gempas', 'and again when that is taken away')
})

t.test('no draft changes a byte of what a search answers to readers', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeTag(app, { name: 'Ferry' })
  await makeSource(app, { name: 'Antara' })
  const stories = await publishAll(app, {
    one: { title: 'Ferry sinks near Lombok', tags: ['ferry'], sources: [{ source: 'antara' }] },
    two: { title: 'Gempa di Lombok', lang: 'id', pages: pages('Gempa itu berpusat di laut.') },
    three: { deck: 'A ferry', pages: pages(`${filler} Rail.`) },
  })
  const queries = [
    'ferry',
    'lombok',
    'gempa OR ferry',
    'ferry -lombok',
    'antara',
    'tag:ferry',
    'ferri',
    'gempi',
    'lombik',
    'zqcanari',
  ]
  const forms = [
    '',
    '&prefix=true',
    '&highlight=true&facets=section,tag,source,lang,year',
    '&sort=title&count=exact',
    '&limit=1',
  ]
  const urls = queries.flatMap((q) => forms.map((more) => `/v1/articles?q=${encodeURIComponent(q)}${more}`))
  const answers = async () => {
    const all: Record<string, string> = {}
    for (const url of urls) all[url] = withoutNames(await app.call('GET', url))
    return all
  }
  const before = await answers()
  const section = (await makeSection(app, { name: 'Noise' })).id
  await makeSource(app, { name: 'Ferry whistle', aliases: ['Lombok'], visibility: 'editors' })
  const noise = { section, tags: ['ferry'], sources: [{ source: 'ferry-whistle' }, { source: 'antara' }] }
  for (const title of ['Ferry', 'Zqcanary', 'Lombikk', 'Gempii', 'Ferri', ...nearer]) {
    await makeDraft(app, { ...noise, title, pages: pages(`${title} ferry gempa lombok`), lang: 'id' })
  }
  const coming = await makeDraft(app, { ...noise, title: 'Ferry to come', embargoUntil: '2999-01-01T00:00:00Z' })
  t.equal((await act(app, coming, 'publish')).status, 200)
  const changes = { one: { title: 'Zqcanary ferry ferry', tags: [] }, two: { lang: 'fr', pages: pages('Zqcanary') } }
  for (const [slug, change] of Object.entries(changes)) {
    const story = stories[slug]
    if (story !== undefined) t.equal((await patch(app, story, change)).status, 200)
  }
  t.strictSame(await answers(), before)
})

t.test(
  'of more than a thousand the newest thousand are ranked, and with them all that have it in their titles',
  async (t) => {
    const app = await testApp(t)
    await makeSection(app)
    const line = (i: number, story: object) =>
      JSON.stringify({ externalId: `x:${i}`, lang: 'fr', slug: `s${i}`, section: 'world', ...story })
    const lines = Array.from({ length: 1_012 }, (_, i) => {
      const publishedAt = new Date(Date.parse('2020-01-01T00:00:00Z') + i * 3_600_000).toISOString()
      const old =
        i < 5
          ? { title: `Ferry ${i}`, pages: [{ body: 'Wreck.' }] }
          : { title: `Titre ${i}`, pages: [{ body: 'Ferry.' }] }
      return line(i, { ...old, publishedAt })
    })
    const raw = { type: 'application/x-ndjson', data: `${lines.join('\n')}\n` }
    const imported = await app.call('POST', '/v1/articles/import?publish=true', { as: 'editor', raw })
    t.equal(imported.status, 200)
    const walk = async (more: string): Promise<string[]> => {
      const slugs: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { status, body } = await ask(app, 'ferry', `${more}&limit=100${cursor && `&cursor=${cursor}`}`)
        if (status !== 200) throw new Error(JSON.stringify(body))
        slugs.push(...body.data.map(({ slug }: { slug: string }) => slug))
        cursor = body.page.next
      }
      return slugs
    }
    const ranked = await walk('')
    t.strictSame(ranked.slice(0, 5), ['s4', 's3', 's2', 's1', 's0'])
    t.equal(ranked.length, 1_005)
    t.strictSame(
      ranked.slice(5),
      Array.from({ length: 1_000 }, (_, i) => `s${1_011 - i}`),
    )
    const { page, search } = (await ask(app, 'ferry', '&count=exact&facets=lang')).body
    t.equal(search.complete, false)
    t.equal(page.total, 1_012, 'what is counted is all that matches')
    t.strictSame(search.facets.lang, [{ value: 'fr', name: 'fr', count: 1_005 }])
    t.equal((await walk('&sort=publishedAt')).length, 1_012, 'another order walks through all')
    t.equal(new Set(await walk('&sort=title')).size, 1_012)
    t.equal(
      (await infoOf(app, 'ferry', '&publishedAfter=2020-01-02T00:00:00Z')).complete,
      true,
      'of fewer all are ranked',
    )
    t.equal((await infoOf(app, 'wreck')).complete, true)
  },
)
