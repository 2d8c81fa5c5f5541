import type { Columns } from './columns.ts'

/** What all processes on one database must share, such as the key that signs cursors. */
export const secretsTable = (c: Columns) =>
  c.table('secrets', { name: c.text('name').primaryKey(), value: c.text('value').notNull() })

/** Numbers that count up. */
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
      actor: c.text('actor').notNull(),
      fields: c.json<readonly string[]>('fields').notNull(),
      tags: c.json<readonly string[]>('tags').notNull(),
    },
    (t) => [c.index('changes_by_thing').on(t.entity, t.id, t.version)],
  )
