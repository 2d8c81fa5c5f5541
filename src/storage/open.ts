import type { Clock } from '../lib/clock.ts'
import type { PostgresUrl } from '../lib/postgres-url.ts'
import { openSqlite } from './sqlite/sqlite.ts'
import type { OpenedStore } from './store.ts'

/** Where the data is. */
export type Database =
  | { engine: 'sqlite'; name: string; path: string }
  | {
      engine: 'postgres'
      /** what messages call it, without its password */
      name: string
      /** one URL for each server of which one is the primary */
      servers: readonly string[]
      /** read-only replicas */
      replicas: readonly PostgresUrl[]
      connections: number
    }

export interface OpenOptions {
  clock: Clock
  busyTimeoutMs: number
  /** sees every statement as it runs */
  observe?: (sql: string) => void
}

/**
 * The store of either engine, migrated. PostgreSQL's code is loaded only where it is used.
 * @throws StartError with one sentence; what is not ours stays untouched
 */
export async function openDatabase(database: Database, options: OpenOptions): Promise<OpenedStore> {
  if (database.engine === 'sqlite') {
    return Object.assign(openSqlite({ ...options, path: database.path }), { warnings: [] })
  }
  const { openPostgres } = await import('./postgres/postgres.ts')
  return openPostgres({ ...options, ...database })
}
