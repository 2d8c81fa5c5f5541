import type { QueryConfig } from 'pg'
import { StartError } from '../../errors.ts'
import type { PostgresConnection } from './connection.ts'
import { isGone, NotPrimary, rootOf, stateOf } from './errors.ts'

/** The oldest version whose defaults and features are those that this was tried on. */
const oldestVersion = 15

/** Whoever lets us in and then says nothing, as a paused pooler does, is not waited for. */
const answerMs = 5_000

/**
 * What the operator should know of the server.
 * @throws StartError when it is too old or keeps text in another encoding
 */
export async function inspectServer({ client }: PostgresConnection, name: string): Promise<string[]> {
  const { rows } = await client.query<Record<'version' | 'encoding' | 'fsync' | 'pages', string>>({
    text: `SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding,
      current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages`,
    query_timeout: answerMs,
  } as QueryConfig)
  const [facts] = rows
  const major = Math.floor(Number(facts?.version) / 10_000)
  if (!(major >= oldestVersion)) {
    throw new StartError(
      `${name} is on PostgreSQL ${major}; Warta needs ${oldestVersion} or newer. Nothing was written.`,
    )
  }
  if (facts?.encoding !== 'UTF8') {
    throw new StartError(`${name} keeps text as ${facts?.encoding}; Warta needs a database with ENCODING 'UTF8'.`)
  }
  if (facts.fsync === 'on' && facts.pages === 'on') return []
  return [
    `${name} runs with fsync or full_page_writes off: a crash of its machine can lose or damage everything that was acknowledged.`,
  ]
}

/** @throws StartError when the user may not use every table in full */
export async function expectRights({ client }: PostgresConnection, name: string): Promise<void> {
  const wanted = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']
  const { rows } = await client.query<{ missing: string }>(
    `SELECT privilege || ' on ' || relname AS missing FROM pg_class, unnest($1::text[]) privilege
      WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> 'migrations'
      AND NOT has_table_privilege(pg_class.oid, privilege) ORDER BY missing LIMIT 3`,
    [wanted],
  )
  if (rows.length === 0) return
  throw new StartError(`The user of ${name} lacks rights: ${rows.map(({ missing }) => missing).join(', ')}.`)
}

/** The sentence for what keeps the service from starting. */
export function startError(error: unknown, name: string): Error {
  if (error instanceof StartError) return error
  const said = error instanceof Error ? error.message : String(error)
  const sentence = sentences[stateOf(error)]
  if (sentence !== undefined) return new StartError(`${name} ${sentence}: ${said}.`)
  if (rootOf(error) instanceof NotPrimary) {
    return new StartError(`${name} is a standby; WARTA_DATABASE must name the primary, or all servers of which one is.`)
  }
  if (isGone(error)) return new StartError(`${name} cannot be reached: ${said}.`)
  return new StartError(`${name} cannot be used: ${said}.`)
}

/** By SQLSTATE (PostgreSQL, appendix A). */
const sentences: Record<string, string> = {
  '28P01': 'refuses the user or the password',
  '28000': 'refuses the user',
  '3D000': 'does not exist; create it first (CREATE DATABASE)',
  '42501': 'lacks rights for its user',
  '25006': 'takes no writes',
  '55P03': 'is being migrated by another process for too long',
}
