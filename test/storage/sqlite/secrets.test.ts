import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { testApp } from '../../support/app.ts'
import { makeKey } from '../../support/factories.ts'

t.test('no file of the database holds the secret of a key, not even its log', async (t) => {
  const app = await testApp(t)
  const made = await makeKey(app)
  const files = readdirSync(app.folder).filter((name) => name.startsWith(basename(app.database)))
  t.ok(files.some((name) => name.endsWith('-wal')))
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(app.folder, name))))
  t.ok(bytes.includes(made.id), 'they are the files that were written to')
  for (const secret of [made.secret, ...Object.values(app.keys)]) {
    t.notOk(bytes.includes(secret))
    t.notOk(bytes.includes(secret.slice('warta_'.length + 4)))
  }
})
