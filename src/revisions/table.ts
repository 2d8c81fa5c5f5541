import type { Snapshot } from '../articles/schema.ts'
import type { Columns } from '../storage/columns.ts'
import type { RevisionKind } from './schema.ts'

/** What editors saved, as it was. */
export const revisionsTable = (c: Columns) =>
  c.table(
    'revisions',
    {
      articleId: c.text('article_id').notNull(),
      /** the version of the working copy that this is */
      number: c.integer('number').notNull(),
      kind: c.text('kind').$type<RevisionKind>().notNull(),
      at: c.instant('at').notNull(),
      /** when the first of the saves that were folded into this one was made */
      since: c.instant('since').notNull(),
      actor: c.text('actor').notNull(),
      fields: c.json<readonly string[]>('fields').notNull(),
      note: c.text('note'),
      snapshot: c.json<Snapshot>('snapshot').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.articleId, t.number] }), c.index('revisions_by_time').on(t.at)],
  )
