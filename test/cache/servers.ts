import type { Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import { lastSeq } from '../../src/storage/changes.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { sharedSecret } from '../../src/storage/secrets.ts'
import { patience, rendererFor, type TestApp } from '../support/app.ts'
import { until } from '../support/cli.ts'
import { isQuery } from '../support/queries.ts'

/** Another server on the database of a first one, with its clock and keys. */

export type Server = Pick<TestApp, 'app' | 'store' | 'statements'> & {
  /** whether it has been told of the last change that there is, and its cache before */
  isCaughtUp: () => Promise<boolean>
}

export async function serverBeside(
  t: Test,
  first: TestApp,
  env: Record<string, string> = {},
  log = createLog({ level: 'silent', format: 'json' }),
): Promise<Server> {
  const { config, secrets } = loadConfig({ WARTA_DATABASE: first.database, ...patience, ...env }, {}, false)
  const statements: string[] = []
  const observe = (sql: string) => isQuery(sql) && statements.push(sql)
  const { clock } = first
  const busyTimeoutMs = Number(patience.WARTA_BUSY_TIMEOUT_MS)
  const store = await openDatabase(secrets.database, { clock, busyTimeoutMs, observe })
  const renderer = rendererFor(t, config.renderTimeoutMs)
  const secret = await sharedSecret(store, 'cursors')
  const app = await buildApp({ config, store, renderer, secret, log, clock })
  let heard = await store.read(lastSeq)
  await store.follow((news) => {
    if (news !== 'unknown') heard = news.at(-1)?.seq ?? heard
  })
  t.teardown(async () => {
    await app.close()
    await store.close()
  })
  // On PostgreSQL it may find itself current, and rightly, while it has yet to look at what was written a moment ago.
  const isCaughtUp = async () => heard >= (await first.store.read(lastSeq)) && (await store.catchUp())
  return { app, store, statements, isCaughtUp }
}

/** Waits until it has heard of all that others have written: on a busy machine longer than a request waits for that. */
export function catchUp({ isCaughtUp }: Pick<Server, 'isCaughtUp'>): Promise<void> {
  return until(isCaughtUp)
}

export interface Reply {
  status: number
  /** all but the date */
  headers: Record<string, unknown>
  text: string
  /** the whole of it as one text, but for how long it may be kept: who has kept it knows less of what comes, and no worse */
  whole: string
}

export async function ask(
  { app }: Pick<Server, 'app'>,
  url: string,
  { method = 'GET', headers = {} }: { method?: 'GET' | 'HEAD'; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const response = await app.inject({ method, url, headers: { 'x-request-id': 'same', ...headers } })
  const { date: _, ...rest } = response.headers
  const text = response.rawPayload.toString('latin1')
  const { 'cache-control': _age, ...same } = rest
  const whole = JSON.stringify([response.statusCode, Object.entries(same).sort(), text])
  return { status: response.statusCode, headers: rest, text: response.body, whole }
}

/** Whether nothing was read for an answer; what is new in the log of changes may have been looked for. */
export async function isHit(server: Server, asking: () => Promise<unknown>): Promise<boolean> {
  const before = server.statements.length
  await asking()
  return server.statements.slice(before).every((sql) => /from "changes"/.test(sql) || isWatching(sql))
}

/** What PostgreSQL asks of its connections. */
function isWatching(sql: string): boolean {
  return !/from "/.test(sql)
}
