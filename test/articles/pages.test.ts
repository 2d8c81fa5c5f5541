import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished } from '../support/factories.ts'
import { patch } from './acts.ts'

const three = [{ title: 'First', body: '*One*.' }, { body: 'Two.' }, { body: 'Three.' }]

t.test('one page comes alone, with links to its neighbours', async (t) => {
  const app = await testApp(t)
  await makePublished(app, { slug: 'long', pages: three })
  const links = (answer: { headers: Record<string, string | undefined> }) => {
    const entries = [...(answer.headers.link ?? '').matchAll(/<([^>]*)>; rel="(\w+)"/g)]
    return Object.fromEntries(entries.map(([, target, rel]) => [rel, target]))
  }
  const at = (n: number) => `/v1/articles/long?page=${n}`
  const second = await app.call('GET', at(2))
  t.equal(second.status, 200)
  t.strictSame(second.body.pages, [{ number: 2, title: null, body: 'Two.', html: '<p>Two.</p>\n' }])
  t.equal(second.body.pageCount, 3)
  t.strictSame(links(second), { first: at(1), last: at(3), prev: at(1), next: at(3) })
  t.strictSame(links(await app.call('GET', at(1))), { first: at(1), last: at(3), next: at(2) })
  t.strictSame(links(await app.call('GET', at(3))), { first: at(1), last: at(3), prev: at(2) })
  t.equal((await app.call('GET', '/v1/articles/long')).body.pages.length, 3)
  t.equal((await app.call('GET', '/v1/articles/long')).headers.link, undefined)
})

t.test('the links keep the rest of the query, and lead where they say', async (t) => {
  const app = await testApp(t)
  await makePublished(app, { slug: 'long', pages: three })
  const { headers } = await app.call('GET', '/v1/articles/long?render=text,html&page=1')
  const [, next] = /<([^>]*)>; rel="next"/.exec(headers.link ?? '') ?? []
  const { body } = await app.call('GET', next ?? '')
  t.strictSame(body.pages, [{ number: 2, title: null, html: '<p>Two.</p>\n', text: 'Two.' }])
})

t.test('a page out of range is 404, one that is no page 400', async (t) => {
  const app = await testApp(t)
  await makePublished(app, { slug: 'long', pages: three })
  await makeDraft(app, { slug: 'empty', pages: [] })
  const { status, body } = await app.call('GET', '/v1/articles/long?page=4')
  t.equal(status, 404)
  t.equal(body.code, 'page_not_found')
  const empty = await app.call('GET', '/v1/articles/empty?stage=working&page=1', { as: 'editor' })
  t.equal(empty.body.code, 'page_not_found')
  for (const page of ['0', '-1', '51', 'x', '1.5', '', '1e1', '%202']) {
    const wrong = await app.call('GET', `/v1/articles/long?page=${page}`)
    t.equal(wrong.status, 400, page)
    t.match(wrong.body.errors, [{ parameter: 'page' }])
  }
})

t.test('render chooses the forms of the pages', async (t) => {
  const app = await testApp(t)
  await makePublished(app, { slug: 'long', pages: three })
  const whole = { number: 1, title: 'First', body: '*One*.', html: '<p><em>One</em>.</p>\n', text: 'One.' }
  const { text, ...usual } = whole
  const expected: Record<string, object> = {
    '': usual,
    'render=body,html': usual,
    'render=html': { number: 1, title: 'First', html: whole.html },
    'render=text': { number: 1, title: 'First', text },
    'render=text,body': { number: 1, title: 'First', body: whole.body, text },
    'render=body,html,text': whole,
  }
  for (const [query, page] of Object.entries(expected)) {
    const { body } = await app.call('GET', `/v1/articles/long?${query}`)
    t.strictSame(body.pages[0], page, query)
    t.equal(body.pages.length, 3)
    const list = await app.call('GET', `/v1/articles?include=pages&${query}`)
    t.strictSame(list.body.data[0].pages, body.pages, query)
  }
  for (const query of ['render=', 'render=pdf', 'render=html,pdf', 'render=html&render=text', 'render=html,']) {
    t.equal((await app.call('GET', `/v1/articles/long?${query}`)).status, 400, query)
  }
})

t.test('fifty pages are kept in their order; fifty-one are refused', async (t) => {
  const app = await testApp(t)
  const pages = Array.from({ length: 51 }, (_, i) => ({ body: `Page ${i + 1}.` }))
  const most = await makePublished(app, { slug: 'long', pages: pages.slice(0, 50) })
  t.equal(most.pageCount, 50)
  const { body } = await app.call('GET', '/v1/articles/long?render=text')
  t.strictSame(
    body.pages,
    pages.slice(0, 50).map((page, i) => ({ number: i + 1, title: null, text: page.body })),
  )
  t.strictSame((await app.call('GET', '/v1/articles/long?page=50&render=body')).body.pages, [
    { number: 50, title: null, body: 'Page 50.' },
  ])
  const more = await app.call('POST', '/v1/articles', { as: 'editor', body: { title: 'Longer', pages } })
  t.equal(more.status, 400)
  t.match(more.body.errors, [{ pointer: '/pages', code: 'too_large' }])
  t.equal((await patch(app, most, { pages })).status, 400)
})

t.test('words and minutes are counted over all pages', async (t) => {
  const app = await testApp(t)
  const words = (n: number) => Array.from({ length: n }, () => 'word').join(' ')
  const draft = await makeDraft(app, { pages: [{ body: words(200) }, { body: `**${words(38)}**` }] })
  t.match(draft, { wordCount: 238, readingMinutes: 1, pageCount: 2 })
  const { body } = await patch(app, draft, { pages: [{ body: words(239) }] })
  t.match(body, { wordCount: 239, readingMinutes: 2, pageCount: 1 })
})

t.test('a text that takes too much to render is 422, and nothing is kept of it', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const { status, body } = await patch(app, draft, { pages: [{ body: '> '.repeat(5_000) }] })
  t.equal(status, 422)
  t.equal(body.code, 'text_too_complex')
  const read = await app.call('GET', `/v1/articles/${draft.id}?stage=working`, { as: 'editor' })
  t.match(read.body, { version: 1, pages: [{ body: 'The trains run again.' }] })
})
