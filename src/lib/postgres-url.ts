/** A PostgreSQL URL (libpq, 32.1.1.2), of one server or of several of which one is the primary. */
export interface PostgresUrl {
  /** one URL for each server */
  servers: string[]
  /** for messages: without user and password */
  name: string
}

const form =
  /^(?<scheme>postgres(?:ql)?:\/\/)(?<user>[^@/?#]*@)?(?<hosts>[^@/?#]+)(?<path>\/[^/?#@]+)(?<query>\?[^#]*)?$/

/** Undefined for what is no such URL or names no database. */
export function readPostgresUrl(text: string): PostgresUrl | undefined {
  const { scheme, user = '', hosts = '', path, query = '' } = form.exec(text)?.groups ?? {}
  if (scheme === undefined) return undefined
  const servers = hosts.split(',').map((host) => `${scheme}${user}${host}${path}${query}`)
  if (!servers.every((url) => URL.canParse(url) && new URL(url).hostname !== '')) return undefined
  return { servers, name: `${scheme}${hosts}${path}` }
}

/** Several of them, comma-separated; each may name several servers. */
export function splitPostgresUrls(text: string): string[] {
  return text.split(/,(?=\s*postgres(?:ql)?:\/\/)/).map((url) => url.trim())
}
