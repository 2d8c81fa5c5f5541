import type { Instant } from '../../lib/clock.ts'
import { and, lte, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import type { Read } from '../../storage/store.ts'
import { isForThePublic } from '../table.ts'

/** What another server has published by a clock that is ahead of ours is public here when ours comes to it: looked for among
 * as many changes as come within any difference of clocks that is not a fault. */
const newestChanges = 16

/** The instant at which the public will next get something else without anybody's doing. */
export async function findNextTurn(db: Read): Promise<Instant | null> {
  const { articleCopies: copies } = db.tables
  const { shownFrom, shownUntil, breakingUntil } = copies
  const { changes } = db.tables
  const [row] = await db.prepared('articles.nextTurn', (q) => {
    const now = sql.placeholder('now')
    const soonest = (column: SQLWrapper, of: SQL): SQL =>
      sql`select min(${column}) as at from ${copies} where ${of} and ${column} > ${now}`
    return q.select({ at: sql<string | null>`min(at)` }).from(sql`(
      ${soonest(shownFrom, sql`${copies.stage} = 'next'`)}
      union all ${soonest(shownUntil, sql`${isForThePublic(copies)} and ${shownUntil} is not null`)}
      union all ${soonest(breakingUntil, sql`${isForThePublic(copies)} and ${breakingUntil} is not null`)}
      union all select min(ahead.at) as at from (
        select ${changes.at} as at from ${changes} order by ${changes.seq} desc limit ${sql.raw(String(newestChanges))}
      ) ahead where ahead.at > ${now}) turns`)
  })({ now: db.now })
  return row?.at ?? null
}

/** The articles to which the clock has done something that is not written down yet, the longest overdue first. */
export async function findDue(db: Read, limit: number): Promise<string[]> {
  const { articleCopies: copies } = db.tables
  const { articleId: id, shownFrom, shownUntil } = copies
  const rows = await db.prepared('articles.due', (q) =>
    q
      .select({ id, at: sql<string>`${shownFrom}`.as('at') })
      .from(copies)
      .where(sql`${copies.stage} = 'next' and ${shownFrom} <= ${sql.placeholder('now')}`)
      .unionAll(
        q
          .select({ id, at: sql<string>`${shownUntil}`.as('at') })
          .from(copies)
          .where(and(isForThePublic(copies), sql`${shownUntil} is not null`, lte(shownUntil, sql.placeholder('now')))),
      )
      .orderBy(sql`at`, sql`article_id`)
      .limit(sql.placeholder('limit')),
  )({ now: db.now, limit })
  return [...new Set(rows.map((row) => row.id))]
}
