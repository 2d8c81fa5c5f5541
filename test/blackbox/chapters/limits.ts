import type { Desk } from '../desk.ts'
import { growing, noise, ranges } from '../words.ts'

/** Every field at its limit and one over, in text that no engine can compress into one of its index rows. */
export async function limits(desk: Desk): Promise<void> {
  let seed = 0
  for (const [name, [from, to]] of Object.entries(ranges)) {
    const long = (length: number): string => {
      seed += 1
      return noise(seed, length, from, to)
    }
    for (const over of [0, 1]) {
      const most = (length: number) => long(length + over)
      await desk.post('/v1/articles', { title: most(300), externalId: long(500) })
      await desk.post('/v1/articles', { title: long(300), externalId: most(500), slug: `long-${name}-${over}` })
      await desk.post('/v1/articles', {
        title: 'x',
        bylines: [{ name: most(120) }],
        kicker: most(120),
        deck: most(1_000),
      })
      await desk.post('/v1/articles', {
        title: 'x',
        dateline: { outlet: most(120), place: long(120), text: long(250) },
        image: {
          url: 'https://x.test/',
          alt: long(500),
          caption: most(1_000),
          credit: long(300),
          width: 100_000 + over,
          height: 1,
        },
        seo: { title: long(300), description: most(1_000) },
        sources: [{ source: 'cna', mention: most(300) }],
      })
      await desk.post('/v1/tags', { name: most(120), synonyms: Array.from({ length: 50 + over }, () => long(120)) })
      await desk.post('/v1/tags', {
        name: long(120),
        synonyms: Array.from({ length: 50 }, () => long(120)),
        description: most(1_000),
      })
      await desk.post('/v1/sources', {
        name: most(120),
        aliases: Array.from({ length: 50 }, () => long(120)),
        creditLine: long(200),
      })
      await desk.post('/v1/sources', { name: long(120), usageTerms: most(2_000) })
      await desk.post('/v1/sections', { name: most(120), description: long(1_000), parent: 'z' })
    }
    for (const parameter of ['byline', 'externalId', 'section', 'tag', 'source', 'ids']) {
      await desk.get(`/v1/articles?${parameter}=${encodeURIComponent(long(120))}`)
    }
  }
  for (const [name, letter] of Object.entries(growing)) {
    const whole = letter.repeat(120)
    await desk.post('/v1/articles', {
      title: letter.repeat(300),
      slug: `growing-${name}`,
      bylines: [{ name: whole }],
      section: 'a',
      pages: [{ body: whole }],
    })
    await desk.edit('POST', `/v1/articles/growing-${name}/publish`)
    for (const asked of [whole, whole.toLowerCase(), whole.normalize('NFC'), whole.normalize('NFD')]) {
      await desk.get(`/v1/articles?byline=${encodeURIComponent(asked)}&count=exact&fields=bylines`)
    }
    await desk.post('/v1/tags', { name: whole })
  }
  await desk.walk('/v1/articles?stage=working&sort=title&limit=50&fields=title', 'editor')
  await desk.walk('/v1/articles?stage=working&sort=-title&limit=9&fields=title', 'editor')
  await desk.walk('/v1/tags?limit=50')
  await desk.walk('/v1/sources?limit=50&sort=-name')

  for (const length of [2_000, 2_001]) {
    const url = `https://x.test/${noise(9, length - 15, 0x61, 0x7a)}`
    await desk.post('/v1/tags', { name: `url ${length}`, sameAs: Array.from({ length: 20 }, () => url) })
    await desk.post('/v1/sources', {
      name: `url ${length}`,
      homepage: url,
      licenceUrl: `https://x.test/${'ü'.repeat(length - 15)}`,
    })
    await desk.post('/v1/articles', {
      title: `url ${length}`,
      seo: { canonicalUrl: url },
      sources: [{ source: 'cna', url }],
    })
  }
  for (const urgency of [0, 1, 9, 10, 1.5, -0, '1', 2 ** 53, 1e300])
    await desk.post('/v1/articles', { title: 'u', urgency })
  for (const width of [0, 1, 100_000, 100_001])
    await desk.post('/v1/articles', { title: 'w', image: { url: 'http://x.test', width, height: width } })
  for (const length of [99, 100, 101]) await desk.post('/v1/articles', { title: 's', slug: 'a'.repeat(length) })
  const many = async (count: number) => {
    const names = Array.from({ length: count }, (_, i) => `many-${i}`)
    for (const slug of names.slice(-1)) await desk.post('/v1/tags', { name: slug, slug })
    for (const slug of names.slice(-1)) await desk.post('/v1/sources', { name: slug, slug })
    return names
  }
  for (let count = 1; count <= 51; count += 1) await many(count)
  for (const count of [50, 51]) {
    const names = Array.from({ length: count }, (_, i) => `many-${i}`).reverse()
    const slug = `many-${count}`
    await desk.post('/v1/articles', {
      ...{ title: slug, slug, tags: names, section: 'a', sources: names.map((source) => ({ source })) },
      bylines: names.map((name) => ({ name })),
      pages: names.map((title) => ({ title, body: `# ${title}` })),
    })
    await desk.edit('POST', `/v1/articles/${slug}/publish`)
    await desk.get(`/v1/articles/${slug}?render=body,html,text`)
    await desk.get(`/v1/articles/${slug}?page=50`)
    await desk.get(`/v1/articles/${slug}/related`)
    await desk.get(`/v1/articles?tagAll=${names.join(',')}&fields=title&count=exact`)
    await desk.get(`/v1/articles?tag=${names.join(',')}&source=${names.join(',')}&fields=title&count=exact`)
    await desk.get(`/v1/articles?tagNone=${names.join(',')}&section=a&fields=title&count=exact`)
  }
  await large(desk)
}

/** Bodies of a mebibyte, and lists that end before they pass two. */
async function large(desk: Desk): Promise<void> {
  const mebibyte = 1_048_576
  const text = (seed: number, length: number) =>
    noise(seed, 1_000, 0x21, 0x7e)
      .replace(/["\\<>&*_`[\]]/g, ' x')
      .repeat(length / 1_000 + 1)
      .slice(0, length)
  for (const over of [0, 1]) {
    const body = { title: 'Big', slug: `big-${over}`, section: 'h', pages: [{ body: text(1, 524_288) }, { body: '' }] }
    const left = mebibyte + over - JSON.stringify(body).length
    body.pages[1] = { body: text(2, left) }
    if (over === 0) await desk.post('/v1/articles', body)
    else
      await desk.call('POST', '/v1/articles', {
        as: 'editor',
        claim: mebibyte + 1,
        headers: { 'content-type': 'application/json' },
      })
  }
  await desk.post('/v1/articles', { title: 'Page over', pages: [{ body: 'x'.repeat(524_289) }] })
  await desk.post('/v1/articles', {
    title: 'Chinese',
    slug: 'big-2',
    section: 'h',
    pages: [{ body: noise(3, 340_000, 0x4e00, 0x9fff) }],
  })
  await desk.post('/v1/articles', {
    title: 'Astral',
    slug: 'big-3',
    section: 'h',
    pages: [{ body: noise(4, 250_000, 0x20000, 0x2a6df) }],
  })
  for (const n of [0, 2, 3]) await desk.edit('POST', `/v1/articles/big-${n}/publish`)
  for (const render of ['body', 'html', 'text', 'body,text']) {
    await desk.walk(`/v1/articles?section=h&include=pages&render=${render}&fields=slug`)
  }
}
