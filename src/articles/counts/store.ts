import { and, count, eq, gte, lt, lte, ne, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import type { Read } from '../../storage/store.ts'
import { conditionsOf } from '../filters/store.ts'
import type { ListFilter } from '../names/store.ts'
import { isForThePublic, isWorking, listedAt, viewOf } from '../table.ts'
import { walkOf } from '../walks/store.ts'

/** Conditions that need no look at a copy: indexes have its date, and what is not shown is counted apart. */
const spared = new Set(['stage=live', 'stage=working', 'untrashed', 'publishedAfter', 'publishedBefore'])

/**
 * How many copies are on a list, when one index has all of them: its entries, less the copies that it has and the list
 * has not. These are few and have indexes of their own: to the public, those whose time has not come or is over; to
 * editors, those in the trash. Twenty times faster than a look at each copy. Undefined for any other list.
 */
export async function countByIndex(db: Read, filter: ListFilter): Promise<number | undefined> {
  const { articleCopies: copies } = db.tables
  const walk = walkOf(db, filter, 'publishedAt')
  const asked = conditionsOf(db, filter, walk.serves)
  if (walk.name === 'named' || walk.name === 'search' || !asked.every(({ name }) => spared.has(name))) return undefined

  const { stage, publishedAfter, publishedBefore } = filter
  const { through = copies, column, values = [] } = walk
  const many = values.length > 1
  const bound = (name: string): SQLWrapper => sql.placeholder(name)
  const inRange = (date: SQLWrapper): SQL | undefined => {
    const hasNone = publishedAfter === undefined && publishedBefore === undefined
    return and(
      publishedAfter === undefined ? undefined : gte(date, bound('publishedAfter')),
      publishedBefore === undefined ? undefined : lt(date, bound('publishedBefore')),
      // The public is shown nothing before its date. What has no date is in no range.
      stage === 'live' ? lte(date, bound('now')) : hasNone ? undefined : ne(date, listedAt(undefined)),
    )
  }
  const entries = and(
    column && (many ? db.dialect.isOneOf(column, bound('values')) : eq(column, bound('values'))),
    column && sql`${viewOf(through)} = ${sql.raw(`'${stage}'`)}`,
    column ? undefined : stage === 'live' ? isForThePublic(copies) : isWorking(copies),
    inRange(through.listedAt),
  )
  // A copy may have several of the tags, and the same source or name more than once.
  const isOnce = walk.through === undefined || (walk.name === 'tags' && !many)
  const rest = conditionsOf(db, filter, undefined).filter(({ name }) => !spared.has(name))
  const shape = [walk.name, many ? 'any' : 'one', ...asked.map(({ name }) => name)]
  const inputs = {
    ...{ now: db.now, publishedAfter, publishedBefore },
    values: many ? JSON.stringify(values) : values[0],
    ...Object.assign({}, ...rest.map((one) => one.inputs)),
  }
  const [[found], [hidden]] = await Promise.all([
    db.prepared(`articles.countEntries:${shape}`, (q) =>
      isOnce
        ? q.select({ n: count() }).from(through).where(entries)
        : q
            .select({ n: count() })
            .from(
              sql`(select distinct ${through.articleId}, ${through.stage} from ${through} where ${entries}) entries`,
            ),
    )(inputs),
    db.prepared(`articles.countHidden:${shape}`, (q) =>
      q
        .select({ n: count() })
        // SQLite keeps the order of a cross join: from the few to their copies.
        .from(sql`${stage === 'live' ? notShown(db) : inTrash(db)} hidden cross join ${copies}`)
        .where(
          and(
            sql`${copies.articleId} = hidden.article_id and ${copies.stage} = hidden.stage`,
            inRange(db.dialect.byRow(copies.listedAt)),
            ...rest.map((one) => one.sql()),
          ),
        ),
    )(inputs),
  ])
  return (found?.n ?? 0) - (hidden?.n ?? 0)
}

function notShown(db: Read): SQL {
  const { articleCopies: copies } = db.tables
  const { articleId, stage, shownFrom, shownUntil } = copies
  const now = sql.placeholder('now')
  return sql`(select ${articleId}, ${stage} from ${copies} where ${stage} = 'next' and ${shownFrom} > ${now}
    union all select ${articleId}, ${stage} from ${copies}
    where ${isForThePublic(copies)} and ${shownUntil} is not null and ${shownUntil} <= ${now})`
}

function inTrash(db: Read): SQL {
  const { articles } = db.tables
  return sql`(select ${articles.id} as article_id, 'working' as stage from ${articles} where ${articles.state} = 'trashed')`
}
