import { createRequire } from 'node:module'

/**
 * Drizzle, loaded in its CommonJS form: its package.json lists every export in 180 KB, which Node 24 parses again for each
 * ES module of the package. That took 300 ms and 170 MB at each start; this takes 60 ms and 20 MB (measured with
 * drizzle-orm 0.45.4 on Node 24.21).
 */
export const require = createRequire(import.meta.url)

const core = require('drizzle-orm') as typeof import('drizzle-orm')
const sqlite = require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core')

export type { Placeholder, SQL, SQLWrapper } from 'drizzle-orm'
export const {
  and,
  asc,
  count,
  countDistinct,
  desc,
  DrizzleQueryError,
  eq,
  getTableColumns,
  gt,
  gte,
  isNull,
  lt,
  lte,
  ne,
  or,
  sql,
} = core
/** A table under another name, to join it with itself: on either engine the same. */
export const { alias } = sqlite
