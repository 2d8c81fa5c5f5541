import t from 'tap'
import { entityOf, fieldsChangedSince } from '../../src/storage/changes.ts'
import type { Change } from '../../src/storage/store.ts'
import { testStore } from '../support/stores.ts'

t.test('the noun of a change is its entity', async (t) => {
  t.equal(entityOf('article.published'), 'article')
  t.equal(entityOf('section.moved.far'), 'section')
})

t.test('the fields that changed since a version are those of every later change of this very thing', async (t) => {
  const { store } = await testStore(t)
  const changes: [Change['kind'], string, number, string[]][] = [
    ['article.created', 'a', 1, ['title', 'slug']],
    ['article.updated', 'a', 2, ['title', 'deck']],
    ['article.updated', 'b', 3, ['kicker']],
    ['tag.updated', 'a', 3, ['synonyms']],
    ['article.published', 'a', 3, []],
    ['article.updated', 'a', 4, ['deck', 'body']],
  ]
  await store.transact(async (db) => {
    for (const [kind, id, version, fields] of changes) {
      await db.record({ kind, id, version, fields, actor: 'key', tags: [] })
    }
  })
  const since = (id: string, version: number) => store.read((db) => fieldsChangedSince(db, 'article', id, version))
  t.same(await since('a', 0), ['body', 'deck', 'slug', 'title'])
  t.same(await since('a', 1), ['body', 'deck', 'title'])
  t.same(await since('a', 2), ['body', 'deck'])
  t.same(await since('a', 4), [])
  t.same(await since('none', 0), [])
})
