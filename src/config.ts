import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { StartError } from './errors.ts'
import { isSecret } from './keys/secret.ts'
import { canonicalLanguage } from './lib/language.ts'
import { readPostgresUrl, splitPostgresUrls } from './lib/postgres-url.ts'
import { type Name, type Setting, settings } from './settings.ts'
import type { Database } from './storage/open.ts'

export interface Config {
  host: string
  port: number
  /** as messages call it: a URL stands here without its password */
  database: { engine: Database['engine']; name: string }
  /** BCP 47: the language of an article that names none. */
  lang: string
  log: { level: string; format: 'pretty' | 'json' }
  /** Origins whose pages may call from a browser; '*' is every one. Keys travel in a header, never in a cookie. */
  corsOrigins: '*' | readonly string[]
  bodyLimitBytes: number
  renderTimeoutMs: number
  /** saves of one key within it become one revision; 0 keeps each */
  revisionWindowMs: number
  /** after how many days plain saves are forgotten; 0 keeps them for ever */
  revisionDays: number
  /** finished answers that are kept in memory; 0 keeps none */
  cacheBytes: number
  /** seconds for which browsers and proxies may keep what strangers get */
  maxAge: number
  /** processes behind the one port */
  workers: number
  /** whether this process does what comes round by itself */
  jobs: boolean
  busyTimeoutMs: number
  /** Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed; empty believes none. */
  trustProxy: readonly string[]
}

/** Kept apart from Config, so that Config can be logged. */
export interface Secrets {
  adminKey: string | undefined
  database: Database
}

/** Cores of the largest machines; more processes than cores only wait for each other. */
const mostWorkers = 512

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/**
 * Environment and flags (a flag wins over its variable) to one frozen Config.
 * @throws StartError naming every setting that is wrong, with what would be right
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  flags: Readonly<Record<string, string | undefined>> = {},
  terminal: boolean = process.stdout.isTTY,
): { config: Config; secrets: Secrets } {
  const faults: string[] = []
  const given = (name: Name): string => {
    const setting: Setting = settings.find((one) => one.name === name) ?? settings[0]
    const flag = setting.flag === undefined ? undefined : flags[setting.flag]
    const value = flag ?? env[name]
    return value === undefined || value.trim() === '' ? setting.fallback : value.trim()
  }
  const fault = (name: Name, right: string): void => {
    // A URL may hold a password, wherever it stands in it.
    const secret = name.startsWith('WARTA_DATABASE') && /:\/\/|@/.test(given(name))
    const shown = secret ? 'no such address' : JSON.stringify(given(name))
    faults.push(`${name} is ${shown}, but must be ${right}`)
  }
  const integer = (name: Name, least: number, most: number, or = ''): number => {
    const value = /^\d{1,15}$/.test(given(name)) ? Number(given(name)) : Number.NaN
    if (!(value >= least && value <= most)) fault(name, `a whole number from ${least} to ${most}${or}`)
    return value
  }
  /** Of what divides a minute, so that schedules on the minute are met. */
  const seconds = (name: Name): number => {
    const value = integer(name, 0, 60)
    if (value > 0 && 60 % value !== 0)
      fault(name, '0, or a part of a minute: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60')
    return value
  }
  const oneOf = (name: Name, choices: readonly string[]): string => {
    if (!choices.includes(given(name))) fault(name, `one of ${choices.join(', ')}`)
    return given(name)
  }

  for (const name of Object.keys(env)) {
    const known = settings.some((setting) => setting.name === name)
    if (name.startsWith('WARTA_') && !known) faults.push(`${name} is not a setting: see --help for those there are`)
  }

  // One to write, one to listen, two for long reads, and one for everybody else.
  const database = readDatabase(given, fault, integer('WARTA_DATABASE_CONNECTIONS', 5, 1_000))

  const lang = given('WARTA_LANG')
  if (canonicalLanguage(lang) === undefined) fault('WARTA_LANG', 'a BCP 47 tag such as en, id or en-GB')

  const corsOrigins = given('WARTA_CORS_ORIGINS')
  const origins = list(corsOrigins)
  if (corsOrigins !== '*' && !origins.every(isOrigin)) {
    fault('WARTA_CORS_ORIGINS', 'origins such as https://news.example, comma-separated, or *')
  }

  const trustProxy = list(given('WARTA_TRUST_PROXY'))
  if (!trustProxy.every(isRange)) {
    fault('WARTA_TRUST_PROXY', 'addresses or CIDR ranges such as 10.0.0.1 or 10.0.0.0/8, comma-separated')
  }

  const adminKey = given('WARTA_ADMIN_KEY')
  // Without the value: it may be a secret with a letter too many.
  if (adminKey !== '' && !isSecret(adminKey)) {
    faults.push('WARTA_ADMIN_KEY is no key, but must be one that Warta made: "npm run warta -- keys new" prints one')
  }
  const format = oneOf('WARTA_LOG_FORMAT', ['auto', 'pretty', 'json'])
  const config: Config = {
    host: given('HOST'),
    port: integer('PORT', 0, 65535),
    database: { engine: database.engine, name: database.name },
    lang: canonicalLanguage(lang) ?? lang,
    log: {
      level: oneOf('WARTA_LOG_LEVEL', logLevels),
      format: format === 'pretty' || (format === 'auto' && terminal) ? 'pretty' : 'json',
    },
    corsOrigins: corsOrigins === '*' ? '*' : origins,
    // At least one long article; at most what parsing may hold of the event loop.
    bodyLimitBytes: integer('WARTA_BODY_LIMIT_BYTES', 65_536, 16_777_216),
    renderTimeoutMs: integer('WARTA_RENDER_TIMEOUT_MS', 50, 60_000),
    // A day is one sitting, at most.
    revisionWindowMs: integer('WARTA_REVISION_WINDOW', 0, 86_400) * 1_000,
    // A hundred years.
    revisionDays: integer('WARTA_REVISION_DAYS', 0, 36_500),
    // Sixteen gigabytes are more than the machine that this is for.
    cacheBytes: integer('WARTA_CACHE', 0, 16_384) * 1_048_576,
    maxAge: seconds('WARTA_MAX_AGE'),
    workers:
      given('WARTA_WORKERS') === 'auto'
        ? availableParallelism()
        : integer('WARTA_WORKERS', 1, mostWorkers, ', or auto'),
    jobs: oneOf('WARTA_JOBS', ['on', 'off']) === 'on',
    busyTimeoutMs: integer('WARTA_BUSY_TIMEOUT_MS', 0, 600_000),
    trustProxy,
  }
  if (faults.length > 0) {
    throw new StartError(faults.length === 1 ? `${faults[0]}.` : `Settings to mend:\n- ${faults.join('\n- ')}`)
  }
  return { config: freeze(config), secrets: freeze({ adminKey: adminKey === '' ? undefined : adminKey, database }) }
}

/** Where the data is, by the settings that say so. */
function readDatabase(
  given: (name: Name) => string,
  fault: (name: Name, right: string) => void,
  connections: number,
): Database {
  const database = readAddress(given('WARTA_DATABASE'), connections, (right) => fault('WARTA_DATABASE', right))
  const replicas = given('WARTA_DATABASE_REPLICAS')
  if (database.engine === 'sqlite') {
    if (replicas !== '') fault('WARTA_DATABASE_REPLICAS', 'empty, unless WARTA_DATABASE is a postgres:// URL')
    return database
  }
  const copies = replicas === '' ? [] : splitPostgresUrls(replicas).map(readPostgresUrl)
  if (copies.includes(undefined)) fault('WARTA_DATABASE_REPLICAS', `URLs such as ${rightUrl}`)
  return { ...database, replicas: copies.filter((copy) => copy !== undefined) }
}

/**
 * The database that a flag of a command names, as WARTA_DATABASE would.
 * @throws StartError with what would be right, but without the value, which may hold a password
 */
export function readDatabaseFlag(flag: string, value: string | undefined, connections: number): Database {
  if (value === undefined || value.trim() === '') throw new StartError(`--${flag} is required; --help tells more.`)
  return readAddress(value.trim(), connections, (right) => {
    throw new StartError(`--${flag} must be ${right}.`)
  })
}

const rightUrl =
  'postgres://USER:PASSWORD@HOST:PORT/DATABASE, where HOST:PORT may be several, comma-separated, and reserved characters are percent-encoded'

/** The one reader of what people write for a database. */
function readAddress(address: string, connections: number, fault: (right: string) => void): Database {
  if (isPostgres(address)) {
    const url = readPostgresUrl(address)
    if (url === undefined) fault(rightUrl)
    return { engine: 'postgres', name: url?.name ?? '', servers: url?.servers ?? [], replicas: [], connections }
  }
  const path = address.replace(/^sqlite:(\/\/(?=\/))?/, '')
  if (/^[a-z]+:\/\//i.test(path)) fault('the path of a SQLite file, or a postgres:// URL')
  if (path === ':memory:') fault('a file: readers and the writer are separate connections to it')
  return { engine: 'sqlite', name: path, path }
}

function isPostgres(database: string): boolean {
  return /^postgres(ql)?:/i.test(database)
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

/** An address, or a CIDR range. */
function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

function freeze<T extends object>(value: T): Readonly<T> {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freeze(member)
  return Object.freeze(value)
}
