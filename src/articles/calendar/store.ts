import { and, count, eq, type SQL, sql } from '../../storage/drizzle.ts'
import { keyset, type Paged, pageOf, type Window } from '../../storage/keyset.ts'
import type { Read } from '../../storage/store.ts'
import { findNamed } from '../names/store.ts'
import { isForThePublic } from '../table.ts'
import type { ScheduleEvent, ScheduleQuery } from './schema.ts'

export type Calendar = Omit<ScheduleQuery, 'limit' | 'cursor' | 'count'> & {
  /** only articles that this key created */
  owner?: string | undefined
}

/** What the clock will do, the soonest first: what starts, and what ends without another in its place. */
export async function listEvents(db: Read, calendar: Calendar, window: Window): Promise<Paged<ScheduleEvent>> {
  const { articleCopies: copies, articles, sections } = db.tables
  const { from = db.now, until, event, section, subsections, owner } = calendar
  const bound = sql.placeholder
  // What is due has happened, whether or not it is written down.
  const within = (at: SQL): SQL | undefined =>
    and(
      sql`${at} > ${bound('now')}`,
      sql`${at} >= ${bound('from')}`,
      until === undefined ? undefined : sql`${at} < ${bound('until')}`,
    )
  const start = sql`${copies.shownFrom}`
  const end = sql`${copies.shownUntil}`
  const columns = { articleId: copies.articleId, stage: copies.stage }
  // The copy that the public sees until then: one whose own time ends before leaves a gap.
  const replaces = sql`exists (select 1 from article_copies l where l.article_id = ${copies.articleId} and l.stage = 'live' and l.shown_until = ${copies.shownFrom})`
  const replaced = sql`${copies.stage} = 'live' and exists (select 1 from article_copies n where n.article_id = ${copies.articleId} and n.stage = 'next' and n.shown_from = ${copies.shownUntil})`
  const happenings = db
    .select({
      ...columns,
      at: sql<string>`${start}`.as('at'),
      event: sql<ScheduleEvent['event']>`case when ${replaces} then 'replace' else 'publish' end`.as('event'),
    })
    .from(copies)
    .where(and(sql`${copies.stage} = 'next'`, within(start)))
    .unionAll(
      db
        .select({
          ...columns,
          at: sql<string>`${end}`.as('at'),
          event: sql<ScheduleEvent['event']>`'expire'`.as('event'),
        })
        .from(copies)
        .where(and(isForThePublic(copies), sql`${end} is not null`, sql`not (${replaced})`, within(end))),
    )
    .as('happenings')
  const page = keyset(happenings.at, happenings.articleId, false, window)
  const where = and(
    event && db.dialect.isOneOf(happenings.event, bound('event')),
    section && db.dialect.isOneOf(db.dialect.byRow(copies.sectionId), bound('section')),
    owner === undefined ? undefined : eq(articles.createdBy, bound('owner')),
  )
  const inside = await findNamed(db, 'working', { [subsections ? 'section' : 'onlySection']: section })
  const named = { event: JSON.stringify(event), section: JSON.stringify(inside.map(({ id }) => id)) }
  const inputs = { ...page.inputs, now: db.now, from, until, ...named, owner }
  const shapes = [until, event, section, owner].map((one) => typeof one)
  const given = shapes.join(',')
  const joined = and(eq(copies.articleId, happenings.articleId), eq(copies.stage, happenings.stage))
  const rows = await db.prepared(`articles.calendar:${given};${page.shape}`, (q) =>
    q
      .select({
        at: happenings.at,
        event: happenings.event,
        article: { id: copies.articleId, slug: copies.slug, title: copies.title },
        section: { id: sections.id, slug: sections.slug, name: sections.name, path: sections.path },
        version: copies.version,
      })
      .from(happenings)
      .innerJoin(copies, joined)
      .innerJoin(articles, eq(articles.id, copies.articleId))
      .leftJoin(sections, eq(sections.id, copies.sectionId))
      .where(and(where, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit),
  )(inputs)
  const found = pageOf(
    rows.map(({ section, article, ...row }) => ({ ...row, article: { ...article, section } })),
    window,
    ({ at, article }) => ({ value: at, id: article.id }),
  )
  if (window.count === undefined) return found
  const [total] = await db.prepared(`articles.calendarCount:${given}`, (q) =>
    q
      .select({ n: count() })
      .from(happenings)
      .innerJoin(copies, joined)
      .innerJoin(articles, eq(articles.id, copies.articleId))
      .where(where),
  )(inputs)
  return { ...found, total: total?.n ?? 0 }
}
