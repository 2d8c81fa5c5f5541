import { Lost, type Turn, Unknown, type WriteEngine } from '../writer.ts'
import type { PostgresConnection } from './connection.ts'
import { explain, isGone, passes } from './errors.ts'
import type { Servers } from './servers.ts'

/** The channel on which every commit tells its last change's number. */
export const channel = 'warta_changes'

/** PostgreSQL keeps 64 savepoints of a transaction in memory; more make every reader slower. */
const largestGroup = 32

/** A process that stops in the middle of its turn loses it after this, so that the others can write. */
const idleTurnMs = 10_000

/** A statement waits no longer than its turn; the connection is given up a moment after the server should have. */
const graceMs = 1_000

export interface TurnsOptions {
  /** longest time for one statement */
  statementTimeoutMs: number
  /** the server would acknowledge what is not on its disk: it is told not to */
  forceSync: boolean
  committed(seq: number): void
}

/**
 * Turns to write on PostgreSQL. The row that counts the changes is the lock: it is locked before anything else and until
 * the commit can be seen, so that transactions of all processes run one after the other. READ COMMITTED then suffices for
 * each to see all those before it, and, unlike a snapshot, it begins after the lock was had and not before (PostgreSQL,
 * 13.2.1 and 13.3.2). A row and not an advisory lock: it works through poolers and on relatives of PostgreSQL.
 */
export class PostgresTurns implements WriteEngine {
  readonly largestGroup = largestGroup
  private readonly servers: Servers
  private readonly options: TurnsOptions

  constructor(servers: Servers, options: TurnsOptions) {
    this.servers = servers
    this.options = options
  }

  async begin(patienceMs: number): Promise<Turn> {
    const { statementTimeoutMs, forceSync } = this.options
    const connection = await this.servers.connect()
    try {
      const { rowCount } = await connection.send(
        `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
        SET LOCAL statement_timeout = 0;
        SET LOCAL lock_timeout = ${patienceMs};
        SET LOCAL idle_in_transaction_session_timeout = ${idleTurnMs};
        ${forceSync ? 'SET LOCAL synchronous_commit = on;' : ''}
        SELECT FROM counters WHERE name = 'changes' FOR UPDATE`,
        patienceMs + graceMs,
      )
      if (rowCount !== 1) throw new Error('The counter of the changes is missing.')
      // The answer is not waited for: whatever is sent next comes after it.
      quietly(connection.send(`SET LOCAL statement_timeout = ${statementTimeoutMs}`))
    } catch (error) {
      // The driver tells an error before it has heard that the transaction is open.
      await giveBack(this.servers, connection, true)
      throw error
    }
    connection.inTransaction = true
    return new PostgresTurn(this.servers, connection, this.options)
  }

  passes(error: unknown): boolean {
    return passes(error)
  }

  explain(error: unknown): unknown {
    return explain(error)
  }
}

class PostgresTurn implements Turn {
  readonly connection: PostgresConnection
  private readonly servers: Servers
  private readonly options: TurnsOptions

  constructor(servers: Servers, connection: PostgresConnection, options: TurnsOptions) {
    this.servers = servers
    this.connection = connection
    this.options = options
  }

  // Nobody waits for these three: where one fails, so does what comes after it.

  async savepoint(): Promise<void> {
    quietly(this.connection.send('SAVEPOINT job'))
  }

  async release(): Promise<void> {
    quietly(this.connection.send('RELEASE job'))
  }

  async undo(): Promise<void> {
    quietly(this.connection.send('ROLLBACK TO job; RELEASE job'))
  }

  async commit(seq: number | undefined): Promise<void> {
    if (this.connection.lost) throw new Lost('The connection was lost before the commit.')
    const notify = seq === undefined ? '' : `NOTIFY ${channel}, '${seq}';`
    let command: string
    try {
      // Cut off by the server, a commit that waits for a standby would be acknowledged without it.
      command = (await this.connection.send(`${notify} SET LOCAL statement_timeout = 0; COMMIT`)).command
    } catch (error) {
      throw isGone(error) ? new Unknown('The connection was lost in the commit.', { cause: error }) : error
    } finally {
      this.connection.inTransaction = false
    }
    // What a failed statement has spoiled ends as a rollback, without an error.
    if (command !== 'COMMIT') throw new Lost(`The transaction ended with ${command}.`)
    if (seq !== undefined) this.options.committed(seq)
  }

  async end(): Promise<void> {
    await giveBack(this.servers, this.connection, this.connection.client.getTransactionStatus?.() !== 'I')
  }
}

/** Leaves a connection as it was found, or gives it up. */
async function giveBack(servers: Servers, connection: PostgresConnection, open: boolean): Promise<void> {
  connection.inTransaction = false
  try {
    if (open && !connection.lost) await connection.send('ROLLBACK')
    servers.release(connection)
  } catch {
    servers.release(connection, true)
  }
}

function quietly(sent: Promise<unknown>): void {
  sent.catch(() => {})
}
