import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Spool, spoolFolder } from '../../src/articles/export/spool.ts'

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'spools-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Some bytes that tell where they stand. */
function piece(i: number, bytes: number): Buffer {
  return Buffer.from(`${i}:`.padEnd(bytes, String(i % 10)))
}

t.test('what is put in comes out whole and in its order, whichever of the two is faster', async (t) => {
  for (const [slow, bytes] of [
    ['reader', 100_000],
    ['writer', 100_000],
    ['neither', 300_000],
  ] as const) {
    const spool = new Spool(folderOf(t))
    const pieces = Array.from({ length: 60 }, (_, i) => piece(i, bytes + i))
    const writing = (async () => {
      for (const one of pieces) {
        await spool.put(one)
        if (slow === 'writer') await sleep(1)
      }
      spool.finish()
    })()
    const chunks: Buffer[] = []
    for await (const chunk of spool) {
      chunks.push(chunk)
      if (slow === 'reader' && chunks.length % 10 === 0) await sleep(1)
    }
    await writing
    t.ok(Buffer.concat(chunks).equals(Buffer.concat(pieces)), slow)
  }
})

t.test('little never touches the disk, and what does has no name there', async (t) => {
  const little = new Spool('/nowhere/at/all')
  await little.put(piece(1, 400_000))
  little.finish()
  t.equal(Buffer.concat(await little.toArray()).length, 400_000)
  const folder = folderOf(t)
  const much = new Spool(folder)
  for (let i = 0; i < 20; i += 1) await much.put(piece(i, 500_000))
  t.same(readdirSync(folder), [])
  much.destroy()
})

t.test('where nothing can be kept the writer hears of it, and what it put before can still be read', async (t) => {
  const spool = new Spool('/nowhere/at/all')
  await spool.put(piece(1, 400_000))
  await t.rejects(spool.put(piece(2, 400_000)), { code: 'ENOENT' })
  spool.finish()
  t.equal(Buffer.concat(await spool.toArray()).length, 400_000)
})

t.test('who puts in what nobody will read any more is told', async (t) => {
  const folder = folderOf(t)
  const spool = new Spool(folder)
  await spool.put(piece(1, 400_000))
  spool.destroy()
  await t.rejects(spool.put(piece(2, 1_000_000)), /has left/)
  t.same(readdirSync(folder), [])
})

t.test('spools stand beside a SQLite file, and where the system keeps what is temporary for a server', async (t) => {
  t.equal(spoolFolder({ engine: 'sqlite', name: '/var/lib/warta/warta.db' }), '/var/lib/warta')
  t.equal(spoolFolder({ engine: 'sqlite', name: 'warta.db' }), '.')
  t.ok(existsSync(spoolFolder({ engine: 'postgres', name: 'postgres://db/warta' })))
})
