import { setPriority } from 'node:os'
import Database from 'better-sqlite3'
import { openToRead, Statements } from './database.ts'

/** What is asked of the process: a statement on one of its connections, or the end of what was read on it. */
export interface Asked {
  connection: number
  statement?: { sql: string; inputs: readonly unknown[] }
}

/** What it answers to each, in their order. Between processes an error would lose its class and code. */
export type Told = { rows: unknown[][] } | { failure: { code?: string; message: string } }

interface Connection {
  db: Database.Database
  statements: Statements
}

const [path = ''] = process.argv.slice(2)
const connections = new Map<number, Connection>()

// A terminal and a supervisor signal all processes of the service at once. This one ends when it is told to, or with the
// process that asks.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

// At the first statement, so that a busy machine does not put off the start.
process.once('message', giveWay)
// Whoever asked may be gone when the answer is there: then this process ends as well.
process.on('message', (asked: Asked) => process.send?.(answer(asked), undefined, undefined, () => {}))

/** A third of the processor that somebody else wants wholly: enough to come to an end. */
const niceness = 5

/** Where there is too little processor for all, what is quick goes first. */
function giveWay(): void {
  try {
    setPriority(niceness)
  } catch {
    // A container may forbid it; then all are equal.
  }
}

function answer({ connection, statement }: Asked): Told {
  try {
    if (statement === undefined) return end(connection)
    return { rows: read(connections.get(connection) ?? open(connection), statement) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { failure: error instanceof Database.SqliteError ? { code: error.code, message } : { message } }
  }
}

/** One moment from the first statement to the end. */
function read({ db, statements }: Connection, { sql, inputs }: NonNullable<Asked['statement']>): unknown[][] {
  if (!db.inTransaction) db.exec('BEGIN')
  const statement = statements.of(sql).raw(true)
  return statement.all(...inputs) as unknown[][]
}

/** A connection that cannot be left as it was found is given up. */
function end(number: number): Told {
  const { db } = connections.get(number) ?? {}
  try {
    if (db?.inTransaction) db.exec('ROLLBACK')
  } catch {
    connections.delete(number)
    db?.close()
  }
  return { rows: [] }
}

function open(number: number): Connection {
  const db = openToRead({ path })
  const opened = { db, statements: new Statements(db) }
  connections.set(number, opened)
  return opened
}
