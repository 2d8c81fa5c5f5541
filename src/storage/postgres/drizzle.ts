import { require } from '../drizzle.ts'

const core = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core')
const driver = require('drizzle-orm/node-postgres') as typeof import('drizzle-orm/node-postgres')

export const { bigint, boolean, customType, index, pgTable, primaryKey, text, uniqueIndex } = core
export const { drizzle } = driver
