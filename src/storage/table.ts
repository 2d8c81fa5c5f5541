import type { Columns } from './columns.ts'

/** What all processes on one database must share, such as the key that signs cursors. */
export const secretsTable = (c: Columns) =>
  c.table('secrets', { name: c.text('name').primaryKey(), value: c.text('value').notNull() })

/** Numbers that count up; and `names`, which is another whenever sections, tags or sources may be called otherwise. */
export const countersTable = (c: Columns) =>
  c.table('counters', { name: c.text('name').primaryKey(), value: c.integer('value').notNull() })

/** What happened, in the order of the commits and without a gap. */
export const changesTable = (c: Columns) =>
  c.table(
    'changes',
    {
      seq: c.integer('seq').primaryKey(),
      at: c.instant('at').notNull(),
      kind: c.text('kind').notNull(),
      entity: c.text('entity').notNull(),
      id: c.text('id').notNull(),
      version: c.integer('version').notNull(),
      /** the version before; null when there was none */
      previous: c.integer('previous'),
      actor: c.text('actor').notNull(),
      fields: c.json<readonly string[]>('fields').notNull(),
      tags: c.json<readonly string[]>('tags').notNull(),
      /** what whoever did it had to say */
      note: c.text('note'),
    },
    (t) => [c.index('changes_by_thing').on(t.entity, t.id, t.seq)],
  )

/** The first answer to each Idempotency-Key of a key's holder. */
export const answersTable = (c: Columns) =>
  c.table(
    'answers',
    {
      /** id of the key that sent the request */
      actor: c.text('actor').notNull(),
      /** SHA-256 of the Idempotency-Key, in hex: the key itself opens the body */
      keyHash: c.text('key_hash').notNull(),
      /** SHA-256 of what was asked for, in hex */
      request: c.text('request').notNull(),
      status: c.integer('status').notNull(),
      headers: c.json<Record<string, string>>('headers').notNull(),
      /** encrypted, in base64: an answer may hold the secret of a new key */
      body: c.text('body').notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.actor, t.keyHash] }), c.index('answers_by_time').on(t.at)],
  )
