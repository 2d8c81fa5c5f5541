import { availableParallelism } from 'node:os'
import t from 'tap'
import { loadConfig } from '../src/config.ts'
import { newSecret } from '../src/keys/secret.ts'
import { describeSettings, settings } from '../src/settings.ts'

const load = (env: Record<string, string> = {}, flags: Record<string, string> = {}, terminal = false) =>
  loadConfig(env, flags, terminal)

/** The sentence that is said instead of a start. */
function refusal(env: Record<string, string>, flags: Record<string, string> = {}): string {
  try {
    load(env, flags)
  } catch (error) {
    if (error instanceof Error && error.name === 'StartError') return error.message
    throw error
  }
  return 'started'
}

t.test('with nothing set, everything has its default', async (t) => {
  t.same(load(), {
    config: {
      host: '127.0.0.1',
      port: 3000,
      database: { engine: 'sqlite', name: './data/warta.db' },
      lang: 'en',
      log: { level: 'info', format: 'json' },
      corsOrigins: '*',
      bodyLimitBytes: 1_048_576,
      renderTimeoutMs: 1_000,
      revisionWindowMs: 60_000,
      revisionDays: 0,
      cacheBytes: 67_108_864,
      maxAge: 10,
      workers: 1,
      jobs: true,
      busyTimeoutMs: 5_000,
      trustProxy: [],
    },
    secrets: {
      adminKey: undefined,
      database: { engine: 'sqlite', name: './data/warta.db', path: './data/warta.db' },
    },
  })
})

t.test('every setting is read from its variable', async (t) => {
  const key = newSecret()
  const { config, secrets } = load({
    HOST: '0.0.0.0',
    PORT: '0',
    WARTA_DATABASE: '/srv/news.db',
    WARTA_ADMIN_KEY: key,
    WARTA_LANG: 'id',
    WARTA_LOG_LEVEL: 'silent',
    WARTA_LOG_FORMAT: 'pretty',
    WARTA_CORS_ORIGINS: 'https://news.example, http://localhost:5173',
    WARTA_BODY_LIMIT_BYTES: '65536',
    WARTA_RENDER_TIMEOUT_MS: '60000',
    WARTA_REVISION_WINDOW: '0',
    WARTA_REVISION_DAYS: '365',
    WARTA_CACHE: '16',
    WARTA_MAX_AGE: '30',
    WARTA_WORKERS: '3',
    WARTA_JOBS: 'off',
    WARTA_BUSY_TIMEOUT_MS: '0',
    WARTA_TRUST_PROXY: '10.0.0.1, 192.168.0.0/16, ::1, fd00::/8',
  })
  t.same(config, {
    host: '0.0.0.0',
    port: 0,
    database: { engine: 'sqlite', name: '/srv/news.db' },
    lang: 'id',
    log: { level: 'silent', format: 'pretty' },
    corsOrigins: ['https://news.example', 'http://localhost:5173'],
    bodyLimitBytes: 65_536,
    renderTimeoutMs: 60_000,
    revisionWindowMs: 0,
    revisionDays: 365,
    cacheBytes: 16_777_216,
    maxAge: 30,
    workers: 3,
    jobs: false,
    busyTimeoutMs: 0,
    trustProxy: ['10.0.0.1', '192.168.0.0/16', '::1', 'fd00::/8'],
  })
  t.equal(secrets.adminKey, key)
})

t.test('a flag wins over its variable, and an empty value is none', async (t) => {
  const env = { HOST: '10.0.0.1', PORT: '4000', WARTA_DATABASE: 'env.db' }
  const flags = { host: '10.0.0.2', port: '5000', database: 'flag.db' }
  t.match(load(env, flags).config, { host: '10.0.0.2', port: 5000, database: { name: 'flag.db' } })
  t.match(load(env).config, { host: '10.0.0.1', port: 4000, database: { name: 'env.db' } })
  t.match(load({ HOST: '', PORT: '  ', WARTA_LANG: '' }).config, { host: '127.0.0.1', port: 3000, lang: 'en' })
  t.equal(load({ PORT: ' 4000 ' }).config.port, 4000)
  t.match(refusal({ PORT: '4000' }, { port: 'x' }), /PORT is "x"/)
})

t.test('a path may say that it is SQLite’s', async (t) => {
  t.equal(load({ WARTA_DATABASE: 'sqlite:./news.db' }).config.database.name, './news.db')
})

t.test('a PostgreSQL URL may name several servers, and so may each replica', async (t) => {
  const { config, secrets } = load({
    WARTA_DATABASE: 'postgresql://desk:s3cret@db-1:5433,db-2/warta?sslmode=verify-full',
    WARTA_DATABASE_REPLICAS: 'postgres://desk:s3cret@copy-1,copy-2/warta, postgres://desk:s3cret@[::1]:5434/warta',
    WARTA_DATABASE_CONNECTIONS: '20',
  })
  t.same(config.database, { engine: 'postgres', name: 'postgresql://db-1:5433,db-2/warta' })
  t.same(secrets.database, {
    engine: 'postgres',
    name: 'postgresql://db-1:5433,db-2/warta',
    servers: [
      'postgresql://desk:s3cret@db-1:5433/warta?sslmode=verify-full',
      'postgresql://desk:s3cret@db-2/warta?sslmode=verify-full',
    ],
    replicas: [
      {
        name: 'postgres://copy-1,copy-2/warta',
        servers: ['postgres://desk:s3cret@copy-1/warta', 'postgres://desk:s3cret@copy-2/warta'],
      },
      { name: 'postgres://[::1]:5434/warta', servers: ['postgres://desk:s3cret@[::1]:5434/warta'] },
    ],
    connections: 20,
  })
})

t.test('a URL that is wrong is not shown, as it may hold a password', async (t) => {
  const wrong = [
    'postgres://desk:s3cret@db',
    'postgres://desk:s3@cret@db/warta',
    'postgres://desk:s3/cret@db/warta',
    'postgres://desk:12/cret@db/warta',
    'postgres://db?user=desk&password=s3cret',
    'postgres:desk:s3cret@db/warta',
    'mysql://desk:s3cret@db/warta',
  ]
  for (const url of wrong) {
    const sentence = refusal({ WARTA_DATABASE: url })
    t.match(sentence, /^WARTA_DATABASE is no such address, but must be /)
    t.notMatch(sentence, /cret/)
    const copies = `postgres://db/warta,${url}`
    if (!url.startsWith('mysql'))
      t.notMatch(refusal({ WARTA_DATABASE: 'postgres://db/warta', WARTA_DATABASE_REPLICAS: copies }), /cret/)
  }
})

t.test('logs are pretty on a terminal and JSON elsewhere, unless it is said', async (t) => {
  t.equal(load({}, {}, true).config.log.format, 'pretty')
  t.equal(load({}, {}, false).config.log.format, 'json')
  t.equal(load({ WARTA_LOG_FORMAT: 'json' }, {}, true).config.log.format, 'json')
  t.equal(load({ WARTA_LOG_FORMAT: 'pretty' }, {}, false).config.log.format, 'pretty')
})

t.test('each wrong setting is named, with what it is and what would be right', async (t) => {
  const wrong: [Record<string, string>, string][] = [
    [{ PORT: '65536' }, 'PORT is "65536", but must be a whole number from 0 to 65535.'],
    [{ PORT: '-1' }, 'PORT is "-1", but must be a whole number from 0 to 65535.'],
    [{ PORT: '30.5' }, 'PORT is "30.5", but must be a whole number from 0 to 65535.'],
    [{ PORT: '0x10' }, 'PORT is "0x10", but must be a whole number from 0 to 65535.'],
    [{ PORT: '1e3' }, 'PORT is "1e3", but must be a whole number from 0 to 65535.'],
    [
      { WARTA_DATABASE: 'mysql://db/warta' },
      'WARTA_DATABASE is no such address, but must be the path of a SQLite file, or a postgres:// URL.',
    ],
    [
      { WARTA_DATABASE: 'postgres://db' },
      'WARTA_DATABASE is no such address, but must be postgres://USER:PASSWORD@HOST:PORT/DATABASE, where HOST:PORT may be several, comma-separated, and reserved characters are percent-encoded.',
    ],
    [
      { WARTA_DATABASE_REPLICAS: 'postgres://db/warta' },
      'WARTA_DATABASE_REPLICAS is no such address, but must be empty, unless WARTA_DATABASE is a postgres:// URL.',
    ],
    [
      { WARTA_DATABASE: 'postgres://db/warta', WARTA_DATABASE_CONNECTIONS: '4' },
      'WARTA_DATABASE_CONNECTIONS is "4", but must be a whole number from 5 to 1000.',
    ],
    [
      { WARTA_DATABASE: ':memory:' },
      'WARTA_DATABASE is ":memory:", but must be a file: readers and the writer are separate connections to it.',
    ],
    [{ WARTA_LANG: 'en_GB' }, 'WARTA_LANG is "en_GB", but must be a BCP 47 tag such as en, id or en-GB.'],
    [
      { WARTA_LOG_LEVEL: 'loud' },
      'WARTA_LOG_LEVEL is "loud", but must be one of trace, debug, info, warn, error, fatal, silent.',
    ],
    [{ WARTA_LOG_FORMAT: 'xml' }, 'WARTA_LOG_FORMAT is "xml", but must be one of auto, pretty, json.'],
    [
      { WARTA_CORS_ORIGINS: 'https://news.example/path' },
      'WARTA_CORS_ORIGINS is "https://news.example/path", but must be origins such as https://news.example, comma-separated, or *.',
    ],
    [
      { WARTA_BODY_LIMIT_BYTES: '1' },
      'WARTA_BODY_LIMIT_BYTES is "1", but must be a whole number from 65536 to 16777216.',
    ],
    [
      { WARTA_RENDER_TIMEOUT_MS: '49' },
      'WARTA_RENDER_TIMEOUT_MS is "49", but must be a whole number from 50 to 60000.',
    ],
    [
      { WARTA_REVISION_WINDOW: '86401' },
      'WARTA_REVISION_WINDOW is "86401", but must be a whole number from 0 to 86400.',
    ],
    [{ WARTA_REVISION_DAYS: '-1' }, 'WARTA_REVISION_DAYS is "-1", but must be a whole number from 0 to 36500.'],
    [
      { WARTA_MAX_AGE: '45' },
      'WARTA_MAX_AGE is "45", but must be 0, or a part of a minute: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60.',
    ],
    [{ WARTA_WORKERS: '0' }, 'WARTA_WORKERS is "0", but must be a whole number from 1 to 512, or auto.'],
    [{ WARTA_WORKERS: 'all' }, 'WARTA_WORKERS is "all", but must be a whole number from 1 to 512, or auto.'],
    [{ WARTA_JOBS: 'yes' }, 'WARTA_JOBS is "yes", but must be one of on, off.'],
    [
      { WARTA_BUSY_TIMEOUT_MS: '600001' },
      'WARTA_BUSY_TIMEOUT_MS is "600001", but must be a whole number from 0 to 600000.',
    ],
  ]
  for (const [env, sentence] of wrong) t.equal(refusal(env), sentence)
  for (const origins of [
    'null',
    'news.example',
    'https://news.example/',
    '*, https://a.example',
    'https://*.example/x',
  ]) {
    t.match(refusal({ WARTA_CORS_ORIGINS: origins }), /must be origins such as/, origins)
  }
  for (const proxies of [
    'proxy',
    '10.0.0',
    '10.0.0.1/33',
    '::1/129',
    '10.0.0.1/',
    '10.0.0.1/x',
    'true',
    '10.0.0.1; ::1',
  ]) {
    t.match(refusal({ WARTA_TRUST_PROXY: proxies }), /must be addresses or CIDR ranges such as/, proxies)
  }
})

t.test('a variable of ours that there is not is named, so that a slip is noticed; others are left alone', async (t) => {
  t.equal(refusal({ WARTA_DATABSE: 'x.db' }), 'WARTA_DATABSE is not a setting: see --help for those there are.')
  t.equal(refusal({ WARTA_: '' }), 'WARTA_ is not a setting: see --help for those there are.')
  t.equal(refusal({ PATH: '/bin', DATABASE_URL: 'x', warta_lang: 'x', MY_WARTA_LANG: 'x' }), 'started')
})

t.test('all faults are told at once, and a secret is never repeated', async (t) => {
  const sentence = refusal({
    PORT: 'x',
    WARTA_LANG: '?',
    WARTA_LOG_LEVEL: 'loud',
    WARTA_TYPO: 'hunter2',
    WARTA_ADMIN_KEY: 'warta_mistyped',
  })
  t.match(sentence, /^Settings to mend:\n/)
  t.same(
    sentence
      .split('\n- ')
      .slice(1)
      .map((line) => line.split(' ')[0])
      .sort(),
    ['PORT', 'WARTA_ADMIN_KEY', 'WARTA_LANG', 'WARTA_LOG_LEVEL', 'WARTA_TYPO'],
  )
  t.notMatch(sentence, /hunter2|warta_mistyped/)
})

t.test('the configuration is frozen to its depth and holds no secret', async (t) => {
  const key = newSecret()
  const { config, secrets } = load({
    WARTA_ADMIN_KEY: key,
    WARTA_CORS_ORIGINS: 'https://a.example',
    WARTA_DATABASE: 'postgres://desk:s3cret@db/warta',
  })
  for (const part of [config, config.database, config.log, config.corsOrigins, config.trustProxy, secrets]) {
    t.ok(Object.isFrozen(part))
  }
  t.throws(() => Object.assign(config, { port: 1 }), TypeError)
  t.throws(() => Object.assign(config.log, { level: 'trace' }), TypeError)
  t.equal(JSON.stringify(config).includes(key), false)
  t.equal(JSON.stringify(config).includes('s3cret'), false)
})

t.test('help lists each setting with its flag, its default and what it is', async (t) => {
  const lines = describeSettings().split('\n')
  t.equal(lines.length, settings.length)
  for (const [i, setting] of settings.entries()) {
    const line = lines[i] ?? ''
    t.ok(line.trim().startsWith(setting.name), setting.name)
    t.ok(line.includes(setting.about))
    if ('flag' in setting) t.ok(line.includes(`--${setting.flag}`))
    if (setting.fallback !== '') t.ok(line.endsWith(`(${setting.fallback})`))
  }
})

t.test('auto is a worker for each core that this process may use', async (t) => {
  t.equal(load({ WARTA_WORKERS: 'auto' }).config.workers, availableParallelism())
})

t.test('every default is a value that is accepted when it is given', async (t) => {
  const defaults = Object.fromEntries(settings.map(({ name, fallback }) => [name, fallback]))
  t.same(load(defaults), load())
})
