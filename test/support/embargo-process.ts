import {
  createArticle,
  publishArticle,
  renderPages,
  reviseArticle,
  unpublishArticle,
} from '../../src/articles/articles.ts'
import { ArticleCreate } from '../../src/articles/schema.ts'
import { loadConfig } from '../../src/config.ts'
import { operator } from '../../src/keys/keys.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { createRenderer } from '../../src/markdown/renderer.ts'
import { SectionCreate } from '../../src/sections/schema.ts'
import { createSection } from '../../src/sections/sections.ts'
import { openDatabase } from '../../src/storage/open.ts'

/**
 * A process that publishes one article again and again until it is ended: by turns as it may be read, and under an embargo,
 * first beside what may be read and then with nothing beside it.
 */
const [database = ''] = process.argv.slice(2)
const { secrets } = loadConfig({ WARTA_DATABASE: database }, {}, false)
const store = await openDatabase(secrets.database, { clock: systemClock, busyTimeoutMs: 20_000 })
const renderer = createRenderer({ timeoutMs: 60_000 })
const edit = { actor: operator, expected: 'any' } as const

const versions = {
  open: { title: 'open', pages: [{ title: null, body: 'open' }] },
  secret: { title: 'secret', pages: [{ title: null, body: 'secret' }] },
}
const renderings = await renderPages(renderer, [{ body: 'open' }, { body: 'secret' }])
await renderer.close()
await store.transact((db) => createSection(db, SectionCreate.parse({ name: 'World' }), operator))
const body = ArticleCreate.parse({ ...versions.open, slug: 'turns', section: 'world' })
await store.transact((db) => createArticle(db, { body, renderings, lang: 'en' }, operator))
await store.transact((db) => publishArticle(db, 'turns', edit))
process.stdout.write('published\n')

for (;;) {
  for (const [name, version] of Object.entries(versions)) {
    const embargoUntil = name === 'secret' ? '2999-01-01T00:00:00.000Z' : null
    const revision = (current: object) => ({ ...body, ...current, ...version, embargoUntil })
    await store.transact((db) => reviseArticle(db, 'turns', edit, { revision, renderings, lang: 'en' }))
    await store.transact((db) => publishArticle(db, 'turns', edit))
    if (name === 'open') continue
    await store.transact((db) => unpublishArticle(db, 'turns', edit))
    await store.transact((db) => publishArticle(db, 'turns', edit))
  }
}
