import type Database from 'better-sqlite3'
import { StartError } from '../../errors.ts'
import { type Clock, instant } from '../../lib/clock.ts'
import { type Migration, pendingOf } from '../migrations.ts'
import { reason } from './file.ts'

/**
 * Brings the database to the newest schema and answers the names of the files that ran. Each file runs in a
 * transaction of its own, once, however many processes start together: the write lock decides, and who comes later
 * finds it done.
 *
 * Our own runner because drizzle's turns foreign keys off inside its transaction, where SQLite ignores that, so that
 * rebuilding a table deletes its children (drizzle-orm issues 4938 and 5782).
 * @throws StartError when a file was edited, is missing or came late, or its SQL fails; the database is as it was
 */
export function migrate(db: Database.Database, migrations: readonly Migration[], clock: Clock): string[] {
  const ran: string[] = []
  db.pragma('foreign_keys = OFF')
  if (db.pragma('foreign_keys', { simple: true }) !== 0) throw new StartError('Foreign keys could not be turned off.')
  try {
    locked(db, () => {
      db.exec(
        'CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
      )
    })
    for (const migration of migrations) {
      locked(db, () => {
        // Asked under the lock: another process may just have run it.
        if (!pending(db, migrations).includes(migration)) return
        run(db, migration, clock)
        ran.push(migration.name)
      })
    }
    pending(db, migrations)
  } finally {
    db.pragma('foreign_keys = ON')
  }
  return ran
}

function run(db: Database.Database, migration: Migration, clock: Clock): void {
  try {
    db.exec(migration.sql)
  } catch (error) {
    throw new StartError(`Migration ${migration.name} failed and was undone: ${reason(error)}.`)
  }
  if (!db.inTransaction) {
    throw new StartError(`Migration ${migration.name} ended its own transaction: it may have no COMMIT or ROLLBACK.`)
  }
  const orphans = db.pragma('foreign_key_check') as unknown[]
  if (orphans.length > 0) {
    throw new StartError(
      `Migration ${migration.name} would leave ${orphans.length} rows without their parent; it was undone.`,
    )
  }
  db.prepare('INSERT INTO migrations (name, checksum, applied_at) VALUES (?, ?, ?)').run(
    migration.name,
    migration.checksum,
    instant(clock.now()),
  )
}

/** Those that are still to run, by what this database says. */
function pending(db: Database.Database, migrations: readonly Migration[]): Migration[] {
  const applied = db.prepare('SELECT name, checksum FROM migrations ORDER BY name').all() as Omit<Migration, 'sql'>[]
  return pendingOf(applied, migrations)
}

function locked(db: Database.Database, fn: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    fn()
    db.exec('COMMIT')
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}
