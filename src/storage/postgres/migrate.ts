import { StartError } from '../../errors.ts'
import { type Clock, instant } from '../../lib/clock.ts'
import { type Migration, pendingOf } from '../migrations.ts'
import type { PostgresConnection } from './connection.ts'
import { stateOf } from './errors.ts'

/** "WRTA", as in the header of our SQLite files: who holds this lock migrates. */
const lockKey = 0x57525441

/** While other processes start on the same database, each waits this long for its turn to migrate. */
const lockTimeoutMs = 30_000

/** An undefined column: the table has our name and another program's columns. */
const undefinedColumn = '42703'

/**
 * Brings the database to the newest schema and answers the names of the files that ran: all of them or none, in one
 * transaction, once, however many processes start together.
 * @throws StartError when the database holds something else, a file was edited, is missing or came late, or its SQL
 * fails; the database is as it was
 */
export async function migrate(
  connection: PostgresConnection,
  migrations: readonly Migration[],
  clock: Clock,
  name: string,
): Promise<string[]> {
  const { client } = connection
  // What a role or a database may have set otherwise: a snapshot older than the lock, a limit on what takes its time.
  await connection.send(
    `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${lockTimeoutMs};
    SET LOCAL idle_in_transaction_session_timeout = ${lockTimeoutMs};
    SELECT pg_advisory_xact_lock(${lockKey})`,
  )
  try {
    if (!(await isOurs(connection, name))) {
      await client.query(
        'CREATE TABLE migrations (name TEXT COLLATE "C" NOT NULL PRIMARY KEY, checksum TEXT COLLATE "C" NOT NULL, applied_at TEXT COLLATE "C" NOT NULL)',
      )
    }
    const { rows } = await client.query<Omit<Migration, 'sql'>>('SELECT name, checksum FROM migrations ORDER BY name')
    const pending = pendingOf(rows, migrations)
    for (const migration of pending) {
      try {
        await client.query(migration.sql)
      } catch (error) {
        if (stateOf(error) === '' || stateOf(error) === '42501') throw error
        throw new StartError(`Migration ${migration.name} failed and was undone: ${(error as Error).message}.`)
      }
      if (client.getTransactionStatus?.() !== 'T') {
        throw new StartError(
          `Migration ${migration.name} ended its own transaction: it may have no COMMIT or ROLLBACK.`,
        )
      }
      const row = [migration.name, migration.checksum, instant(clock.now())]
      await client.query('INSERT INTO migrations (name, checksum, applied_at) VALUES ($1, $2, $3)', row)
    }
    await connection.send('COMMIT')
    return pending.map((migration) => migration.name)
  } catch (error) {
    if (!connection.lost) await connection.send('ROLLBACK')
    throw error
  }
}

/**
 * Whether the schema has been migrated before; false when it is empty.
 * @throws StartError when it holds something else
 */
async function isOurs({ client }: PostgresConnection, name: string): Promise<boolean> {
  const foreign = new StartError(
    `${name} holds tables of another program. They were left untouched; give Warta a database or a schema of its own.`,
  )
  const { rows } = await client.query<{ schema: string | null; tables: string[] }>(
    `SELECT current_schema() AS schema, array(
      SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
      AND relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')) AS tables`,
  )
  const [found] = rows
  if (found === undefined || found.schema === null) {
    throw new StartError(`${name} has no schema that this user may use: its search_path names none that exists.`)
  }
  if (found.tables.length === 0) return false
  if (!found.tables.includes('migrations')) throw foreign
  try {
    const { rows } = await client.query('SELECT name, checksum, applied_at FROM migrations LIMIT 1')
    // Ours is never empty: what ran is written down in the transaction that made it.
    if (rows.length === 0 && found.tables.length > 1) throw foreign
    return true
  } catch (error) {
    if (stateOf(error) === undefinedColumn) throw foreign
    throw error
  }
}
