import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { StartError } from '../errors.ts'

export interface Migration {
  name: string
  sql: string
  checksum: string
}

/** The committed files `NNNN_name.sql` of an engine, or of a folder, in their order. */
export function readMigrations(from: 'sqlite' | 'postgres' | URL): Migration[] {
  const folder = from instanceof URL ? from : new URL(`../../migrations/${from}/`, import.meta.url)
  return readdirSync(folder)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

/**
 * Those of the files that are still to run.
 * @param applied what the database has run, in the order of the names
 * @throws StartError for a history that is not the one of the files
 */
export function pendingOf(applied: readonly Omit<Migration, 'sql'>[], migrations: readonly Migration[]): Migration[] {
  for (const { name, checksum } of applied) {
    const file = migrations.find((one) => one.name === name)
    if (file === undefined) {
      throw new StartError(`The database was migrated by ${name}, which this version does not have: run a newer Warta.`)
    }
    if (file.checksum !== checksum) {
      throw new StartError(`Migration ${name} was edited after it ran. Restore the file and add a new one instead.`)
    }
  }
  const last = applied.at(-1)
  const pending = migrations.filter((migration) => !applied.some(({ name }) => name === migration.name))
  const [first] = pending
  if (last !== undefined && first !== undefined && last.name > first.name) {
    throw new StartError(`Migration ${first.name} came after ${last.name} had run. Give it a higher number.`)
  }
  return pending
}
