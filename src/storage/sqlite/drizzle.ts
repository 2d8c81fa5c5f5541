import { require } from '../drizzle.ts'

const core = require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core')
const driver = require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3')

export const { index, integer, primaryKey, sqliteTable, text, uniqueIndex } = core
export const { drizzle } = driver
