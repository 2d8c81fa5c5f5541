import type { LoggedChange } from '../store.ts'
import { Lost, type Turn, Unknown, type WriteEngine } from '../writer.ts'
import type { PostgresConnection } from './connection.ts'
import { explain, passes, stateOf } from './errors.ts'
import { graceMs, type Servers } from './servers.ts'

/** On this channel every commit tells that there is something new. */
export const channel = 'warta_changes'

/** PostgreSQL keeps 64 savepoints of a transaction in memory; more make every reader slower. */
const largestGroup = 32

/** The lock is waited for inside the server; what is tried again here is a server that is away. */
const delaysMs = [50, 100, 250]

/** A process that stops in the middle of its turn loses it after this, so that the others can write. */
const idleTurnMs = 10_000

/** What the server says when it has certainly rolled back: conflicts, broken constraints, a failed transaction, a cancelled one. */
const rolledBack = /^(40001|40P01|23...|25P02|57014)$/

/**
 * Turns to write on PostgreSQL. One row is the lock: it is locked before anything else and until the commit can be seen, so
 * that transactions of all processes run one after the other. READ COMMITTED then suffices for each to see all those
 * before it, and, unlike a snapshot, it begins after the lock was had and not before (PostgreSQL, 13.2.1 and 13.3.2).
 */
export class PostgresTurns implements WriteEngine {
  readonly largestGroup = largestGroup
  readonly delaysMs = delaysMs
  private readonly servers: Servers
  private readonly statementTimeoutMs: number
  private readonly committed: (change: LoggedChange) => void

  constructor(servers: Servers, statementTimeoutMs: number, committed: (change: LoggedChange) => void) {
    this.servers = servers
    this.statementTimeoutMs = statementTimeoutMs
    this.committed = committed
  }

  async begin(patienceMs: number): Promise<Turn> {
    const connection = await this.servers.connect()
    try {
      // Durability is asked for each time: a setting may change, and so may the server.
      const { rowCount } = await connection.send(
        `BEGIN ISOLATION LEVEL READ COMMITTED;
        SET LOCAL statement_timeout = 0;
        SET LOCAL lock_timeout = ${patienceMs};
        SET LOCAL idle_in_transaction_session_timeout = ${idleTurnMs};
        SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
        SELECT FROM counters WHERE name = 'turn' FOR UPDATE`,
        patienceMs + graceMs,
      )
      if (rowCount !== 1) throw new Error('The row of the turn is missing.')
      // The answer is not waited for: whatever is sent next comes after it.
      quietly(connection.send(`SET LOCAL statement_timeout = ${this.statementTimeoutMs}`))
    } catch (error) {
      await rollBack(connection)
      // Through a pooler the server behind a connection may have become a standby: another connection may lead elsewhere.
      this.servers.release(connection, stateOf(error) === '25006')
      throw error
    }
    connection.inTransaction = true
    return new PostgresTurn(this.servers, connection, this.committed)
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
  private readonly committed: (change: LoggedChange) => void
  private jobs = 0

  constructor(servers: Servers, connection: PostgresConnection, committed: (change: LoggedChange) => void) {
    this.servers = servers
    this.connection = connection
    this.committed = committed
  }

  // Nobody waits for these three: where one fails, so does what comes after it, the commit too. Each has a name of its own,
  // since to go back to that of another would mend what it has spoiled, and keep what comes after without it.

  async savepoint(): Promise<void> {
    this.jobs += 1
    quietly(this.connection.send(`SAVEPOINT job${this.jobs}`))
  }

  async release(): Promise<void> {
    quietly(this.connection.send(`RELEASE job${this.jobs}`))
  }

  async undo(): Promise<void> {
    quietly(this.connection.send(`ROLLBACK TO job${this.jobs}; RELEASE job${this.jobs}`))
  }

  async commit(last: LoggedChange | undefined): Promise<void> {
    if (this.connection.lost) throw new Lost('The connection was lost before the commit.')
    // Cut off by the server, a commit that waits for a standby would be acknowledged without it.
    quietly(this.connection.send(`${last === undefined ? '' : `NOTIFY ${channel};`} SET LOCAL statement_timeout = 0`))
    let command: string
    try {
      command = (await this.connection.send('COMMIT')).command
    } catch (error) {
      throw rolledBack.test(stateOf(error)) ? error : new Unknown('The commit was not answered.', { cause: error })
    } finally {
      this.connection.inTransaction = false
    }
    // What a failed statement has spoiled ends as a rollback, without an error.
    if (command !== 'COMMIT') throw new Lost(`The transaction ended with ${command}.`)
    if (last !== undefined) this.committed(last)
  }

  async end(): Promise<void> {
    if (this.connection.client.getTransactionStatus() !== 'I') await rollBack(this.connection)
    this.servers.release(this.connection)
  }
}

/** Leaves a connection as it was found, or for nobody to use. */
async function rollBack(connection: PostgresConnection): Promise<void> {
  connection.inTransaction = false
  try {
    if (!connection.lost) await connection.send('ROLLBACK')
  } catch {
    connection.lost = true
  }
}

function quietly(sent: Promise<unknown>): void {
  sent.catch(() => {})
}
