export interface Setting {
  name: string
  flag?: string
  fallback: string
  about: string
}

/** Every variable there is; `--help` and the README show this list. */
export const settings = [
  { name: 'HOST', flag: 'host', fallback: '127.0.0.1', about: 'address to listen on; 0.0.0.0 for all' },
  { name: 'PORT', flag: 'port', fallback: '3000', about: 'port to listen on; 0 for any free one' },
  {
    name: 'WARTA_DATABASE',
    flag: 'database',
    fallback: './data/warta.db',
    about: 'path of the SQLite file, made with its folder when absent; or postgres://USER:PASSWORD@HOST:PORT/DATABASE',
  },
  {
    name: 'WARTA_DATABASE_REPLICAS',
    fallback: '',
    about: 'read-only PostgreSQL servers that answer the public, comma-separated URLs',
  },
  {
    name: 'WARTA_DATABASE_CONNECTIONS',
    fallback: '10',
    about: 'connections to the PostgreSQL primary, and to each replica, at most',
  },
  {
    name: 'WARTA_ADMIN_KEY',
    fallback: '',
    about: 'admin key of a new database; without it one is made and printed once',
  },
  {
    name: 'WARTA_LANG',
    fallback: 'en',
    about:
      'language (BCP 47) of an article that names none, and of pasted copy that does not tell; search takes its forms of words from it',
  },
  { name: 'WARTA_LOG_LEVEL', fallback: 'info', about: 'trace, debug, info, warn, error, fatal or silent' },
  { name: 'WARTA_LOG_FORMAT', fallback: 'auto', about: 'pretty, json, or auto: pretty on a terminal' },
  { name: 'WARTA_CORS_ORIGINS', fallback: '*', about: 'origins that browsers may call from, comma-separated, or *' },
  { name: 'WARTA_BODY_LIMIT_BYTES', fallback: '1048576', about: 'largest request body' },
  { name: 'WARTA_RENDER_TIMEOUT_MS', fallback: '1000', about: 'longest time to render the Markdown of one article' },
  {
    name: 'WARTA_REVISION_WINDOW',
    fallback: '60',
    about: 'seconds within which saves of one key become one revision; 0 keeps each',
  },
  {
    name: 'WARTA_REVISION_DAYS',
    fallback: '0',
    about:
      'days after which saves without a note are forgotten, but those that were published, scheduled or corrected; 0 keeps all for ever',
  },
  { name: 'WARTA_CACHE', fallback: '64', about: 'MiB of finished answers that are kept in memory; 0 keeps none' },
  {
    name: 'WARTA_MAX_AGE',
    fallback: '10',
    about: 'seconds for which browsers and proxies may keep what strangers get; 0 has them ask each time',
  },
  {
    name: 'WARTA_JOBS',
    fallback: 'on',
    about:
      'off in a process that leaves it to others to write down what the clock has done, to look after the index of words, and to clear up; one at least must do it',
  },
  {
    name: 'WARTA_WORKERS',
    fallback: '1',
    about: 'processes that serve behind the one port; auto for one on each core',
  },
  {
    name: 'WARTA_BUSY_TIMEOUT_MS',
    fallback: '5000',
    about:
      'longest wait for the database, or for another process that writes; longest time of a search, of a count, and of an atomic batch',
  },
  { name: 'WARTA_TRUST_PROXY', fallback: '', about: 'proxies (addresses or CIDR) whose X-Forwarded-For is believed' },
] as const satisfies readonly Setting[]

export type Name = (typeof settings)[number]['name']

/** The list that `--help` prints and the README carries. */
export function describeSettings(): string {
  const label = (setting: Setting): string =>
    setting.flag === undefined ? setting.name : `${setting.name}, --${setting.flag}`
  const width = Math.max(...settings.map((setting) => label(setting).length))
  return settings
    .map((setting) => {
      const fallback = setting.fallback === '' ? '' : ` (${setting.fallback})`
      return `  ${label(setting).padEnd(width)}  ${setting.about}${fallback}`
    })
    .join('\n')
}
