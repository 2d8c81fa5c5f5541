import fc from 'fast-check'
import t from 'tap'
import { testApp, type Who } from '../support/app.ts'
import { engine } from '../support/engines.ts'
import { anyQuery, anySearch, makeCorpus } from './corpus.ts'
import '../support/chance.ts'

t.test('what passes over many articles is read beside, and what does not is not', async (t) => {
  const app = await testApp(t)
  const read = app.store.read.bind(app.store)
  const besides: unknown[] = []
  app.store.read = (fn, options) => {
    besides.push(options?.beside ?? false)
    return read(fn, options)
  }
  const isBeside = async (path: string, as: Who = 'stranger') => {
    besides.length = 0
    t.equal((await app.call('GET', path, { as })).status, 200, path)
    return besides.includes(true)
  }
  for (const path of ['/v1/articles', '/v1/articles?lang=id', '/v1/articles?include=pages'])
    t.equal(await isBeside(path), false)
  for (const path of ['/v1/articles?q=rail', '/v1/articles?count=exact', '/v1/articles/export?lang=id']) {
    t.equal(await isBeside(path), true)
  }
  t.equal(await isBeside('/v1/articles/export?updatedAfter=2020-01-01T00:00:00Z'), true)
  t.equal(await isBeside('/v1/articles/export?stage=working', 'writer'), true, 'no index knows whose they are')
  t.equal(await isBeside('/v1/articles?stage=working', 'editor'), false)
  t.equal(await isBeside('/v1/articles?stage=working', 'writer'), true, 'no index knows whose they are')
  for (const path of ['/v1/articles/export', '/v1/articles/export?stage=working'])
    t.equal(await isBeside(path, 'editor'), engine === 'sqlite', 'SQLite waits for the disk where it is asked')
})

t.test('any list is the same to the byte, whether it is made beside or where requests are answered', async (t) => {
  const app = await testApp(t)
  await makeCorpus(app, 40)
  const read = app.store.read.bind(app.store)
  let beside = false
  // Whatever the routes think of a list.
  app.store.read = (fn, options) => read(fn, { ...options, beside })
  let met = 0
  const check = async (url: string): Promise<boolean> => {
    const answers = []
    for (beside of [false, true]) {
      const { status, text, headers, body } = await app.call('GET', url, { as: 'editor' })
      answers.push(JSON.stringify([status, text.replace(/"requestId":"[^"]*"/, ''), headers.link]))
      met += status === 200 && body.data.length > 0 ? 1 : 0
    }
    return answers[0] === answers[1]
  }
  const shown = fc.constantFrom(
    ...['', '&count=exact', '&limit=3&count=exact', '&include=pages&render=body,html,text', '&fields=tags,sources'],
    ...['&stage=working', '&stage=working&state=draft,published', '&stage=working&changed=true', '&state=draft'],
  )
  const runs = engine === 'sqlite' ? 200 : 60
  await fc.assert(
    fc.asyncProperty(anyQuery, shown, (query, more) => {
      const asked = new URLSearchParams(
        Object.entries(query).map(([name, values]): [string, string] => [name, values.join()]),
      )
      return check(`/v1/articles?${asked}${more}`)
    }),
    { numRuns: runs },
  )
  t.ok(met > runs / 2, `${met} answers had something in them`)
  met = 0
  const words = ['train', 'ra', 'rial', 'strkie', 'sami OR zebr']
  await fc.assert(
    fc.asyncProperty(anySearch(words), fc.constantFrom('', '&stage=working'), (query, more) =>
      check(`/v1/articles?${query}${more}`),
    ),
    { numRuns: runs },
  )
  t.ok(met > runs / 2, `${met} searches found something`)
})
