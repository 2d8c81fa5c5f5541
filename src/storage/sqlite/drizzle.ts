import { require } from '../drizzle.ts'

const core = require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core')
const driver = require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3')

export const { index, integer, primaryKey, sqliteTable, text, uniqueIndex } = core
export const { drizzle } = driver

type Remote = typeof import('drizzle-orm/sqlite-proxy')

/** For a database that answers later. Few need it, so it is loaded at first use. */
export function drizzleRemote(ask: Parameters<Remote['drizzle']>[0]): ReturnType<Remote['drizzle']> {
  return (require('drizzle-orm/sqlite-proxy') as Remote).drizzle(ask)
}
