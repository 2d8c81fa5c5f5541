import { flushCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import Database from 'better-sqlite3'
import { openToRead, Statements } from './database.ts'

/** What is asked of the process: a moment to read in, a statement on it, its end. */
export type Asked = 'begin' | 'end' | { sql: string; inputs: readonly unknown[] }

/** What it says of itself when it can be asked, and then to each. Between processes an error would lose its class and code. */
export type Told = 'started' | Answer
type Answer = { rows: unknown[][] } | { failure: { code?: string; message: string } }

interface Connection {
  db: Database.Database
  statements: Statements
}

const [path = ''] = process.argv.slice(2)
let connection: Connection | undefined

// A terminal and a supervisor signal all processes of the service at once. This one ends when it is told to, or with the
// process that asks.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

// At the first statement, so that a busy machine does not put off the start.
process.once('message', giveWay)
// Whoever asked may be gone when the answer is there: then this process ends as well.
const tell = (told: Told) => process.send?.(told, undefined, undefined, () => {})
process.on('message', (asked: Asked) => tell(answer(asked)))
tell('started')
// For the next one. Node would do it at the end, but this process is killed when it is needed no more.
flushCompileCache()

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

function answer(asked: Asked): Answer {
  try {
    if (asked === 'end') return end()
    connection ??= open()
    return { rows: asked === 'begin' ? begin(connection) : read(connection, asked) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { failure: error instanceof Database.SqliteError ? { code: error.code, message } : { message } }
  }
}

/** To SQLite a moment begins with the first table that is read. */
function begin({ db, statements }: Connection): unknown[][] {
  db.exec('BEGIN')
  statements.of('SELECT 1 FROM sqlite_schema LIMIT 1').get()
  return []
}

function read({ statements }: Connection, { sql, inputs }: Exclude<Asked, string>): unknown[][] {
  return statements
    .of(sql)
    .raw(true)
    .all(...inputs) as unknown[][]
}

/** A connection that cannot be left as it was found is given up. */
function end(): Answer {
  const db = connection?.db
  try {
    if (db?.inTransaction) db.exec('ROLLBACK')
  } catch {
    connection = undefined
    db?.close()
  }
  return { rows: [] }
}

function open(): Connection {
  const db = openToRead({ path })
  return { db, statements: new Statements(db) }
}
