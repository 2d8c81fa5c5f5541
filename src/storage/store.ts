import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { Instant } from '../lib/clock.ts'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables.ts'

/**
 * The one contract between the newsroom's rules and an engine. Handles are dead once their callback has settled:
 * a query sent through one then is refused. A statement that fails ends what its callback can do, on every engine:
 * whoever catches the error cannot go on.
 */
export interface Store {
  /**
   * The whole callback sees one moment, a snapshot that begins with its first statement and holds every commit before
   * it. So an answer never mixes two versions, whoever writes meanwhile. fn may run again on another connection.
   * @throws Problem database_unavailable when no server answers within its time
   */
  read<T>(fn: (db: Read) => Promise<T>, options?: ReadOptions): Promise<T>
  /**
   * One serializable transaction: all of fn or nothing, and on disk before the promise resolves. fn may run again after
   * a conflict, so it awaits nothing but `db`. afterCommit hooks run once, in order, after the commit that counted.
   * @throws Problem database_unavailable when the engine cannot write within its time
   */
  transact<T>(fn: (db: Write) => Promise<T>): Promise<T>
  /**
   * Tells every change that is committed from the moment its promise resolves, by whatever process, once and in the order of the commits; and
   * 'unknown' after a server was replaced by another, which may lack what the first had acknowledged: whoever keeps
   * something made of changes then makes it anew. Answers how to stop.
   */
  follow(listener: Listener): Promise<() => void>
  /**
   * Whether those who follow have been told of every commit there is: on SQLite to the instant, by whatever process; on
   * PostgreSQL of all that this process has made or heard of, and of others' within the bound of `follow`. Costs some
   * microseconds.
   */
  isCurrent(): boolean
  /** Tells those who follow what they have not been told; false when that cannot be done at once. */
  catchUp(): Promise<boolean>
  /** Whether it could write now. */
  writable(): Promise<boolean>
  /** Waits for what is under way, then lets go of the engine. */
  close(): Promise<void>
}

export interface ReadOptions {
  /** A read-only replica may answer, if it has all that this process knows to be committed. */
  replica?: boolean
  /** is told what the answer is made of */
  sight?: Sight | undefined
  /**
   * It may take seconds, so it is done where nothing else waits for it: on SQLite in a process of its own. Each statement
   * ends within the store's time.
   * @throws Problem query_too_slow, when a statement took longer; too_busy, when too many such reads are under way
   */
  beside?: boolean
  /** Beside, and for minutes, in which other reads beside do not wait for it; on SQLite also within one statement. */
  lasting?: boolean
}

/** What an answer is made of, for whoever keeps it. */
export interface Sight {
  /** It is as it is because of these: `article:ID`, `tag:ID:articles` … */
  saw(keys: Iterable<string>): void
  /** It will be otherwise from this instant on, without anybody's doing. */
  ends(at: Instant | null): void
}

export interface OpenedStore extends Store {
  /** names of the migrations that ran */
  migrated: string[]
  /** what the operator should know */
  warnings: string[]
}

/** What happened to one thing: the fact that caches, webhooks, feeds and history follow. */
export interface Change {
  /** `article.published`: the noun is the entity */
  kind: `${string}.${string}`
  id: string
  /** the version that this change made */
  version: number
  /** the version before, when it was not the one right before */
  previous?: number | null
  /** id of the key that did it */
  actor: string
  /** the fields that differ from the version before */
  fields: readonly string[]
  /** what an answer that shows this thing was read from: `article:ID`, `section:ID` … */
  tags: readonly string[]
  /** when it happened, if not now */
  at?: Instant
  /** what whoever did it had to say */
  note?: string | null
}

/** A change as it stands in the log. `seq` counts the changes up without a gap, in the order of the commits. */
export type LoggedChange = Tables['changes']['$inferSelect']

export type Listener = (news: readonly LoggedChange[] | 'unknown') => void

export type Queries = Pick<BetterSQLite3Database, 'select' | 'selectDistinct'>

/** A query that is built once and run often; its inputs are placeholders. */
export interface Preparable<Row> {
  toSQL(): { sql: string }
  prepare(): { all(inputs?: Record<string, unknown>): Row[] }
}

export interface Read extends Queries {
  readonly tables: Tables
  readonly dialect: Dialect
  /** The moment the callback began: one for all that it decides. */
  readonly now: Instant
  /** Whoever wants to know what the answer is made of. */
  readonly sight: Sight | undefined
  /**
   * The rows of a prepared query, for hot paths. `build` runs only when no query of that name was prepared before, so
   * the name must say everything that shapes the SQL.
   * @param planned `anew` at each run, where it depends on the inputs how the rows are best found; SQLite never looks at them
   */
  prepared<Row>(
    name: string,
    build: (db: Queries) => Preparable<Row>,
    planned?: 'anew',
  ): (inputs?: Record<string, unknown>) => Promise<Row[]>
}

export type Writes = Pick<BetterSQLite3Database, 'insert' | 'update' | 'delete'>

/** A write that is built once and run often; its inputs are placeholders. */
export interface PreparableWrite {
  toSQL(): { sql: string }
  prepare(): { run(inputs?: Record<string, unknown>): unknown }
}

export interface Write extends Read, Writes {
  prepared<Row>(
    name: string,
    build: (db: Queries & Writes) => Preparable<Row>,
  ): (inputs?: Record<string, unknown>) => Promise<Row[]>
  /** As `prepared`, of a write that answers no rows. */
  preparedWrite(
    name: string,
    build: (db: Writes) => PreparableWrite,
  ): (inputs?: Record<string, unknown>) => Promise<void>
  /** Appends to the log of changes, in this transaction. */
  record(change: Change): Promise<void>
  /** Runs after the commit that counted, never for a rollback. */
  afterCommit(hook: () => void): void
}
