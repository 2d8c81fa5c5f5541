import type { Columns } from '../storage/columns.ts'

/** What sections, tags and sources are called, folded: from each of their words on, so that any of them leads there. */
export const labelsTable = (c: Columns) =>
  c.table(
    'labels',
    {
      text: c.text('text').notNull(),
      kind: c.text('kind').$type<'section' | 'tag' | 'source'>().notNull(),
      targetId: c.text('target_id').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.text, t.kind, t.targetId] }), c.index('labels_of_target').on(t.targetId)],
  )
