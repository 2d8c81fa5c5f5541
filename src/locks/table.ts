import type { Columns } from '../storage/columns.ts'

/** Who works on an article for a while. */
export const locksTable = (c: Columns) =>
  c.table('locks', {
    articleId: c.text('article_id').primaryKey(),
    /** id of the key */
    holder: c.text('holder').notNull(),
    lockedSince: c.instant('locked_since').notNull(),
    lockedUntil: c.instant('locked_until').notNull(),
  })
