import { eq, sql } from '../../../storage/drizzle.ts'
import type { Read, Write } from '../../../storage/store.ts'

export type IndexState = Pick<Read['tables']['searchState']['$inferSelect'], 'version' | 'run' | 'seenAt'>

/** There is one of it; labels and words are made with the articles. */
const name = 'articles'

/** Which version of the words is indexed, wholly, or 0; which run of indexing was the last to begin, and when it was last at work. */
export async function findState(db: Read): Promise<IndexState> {
  const { searchState } = db.tables
  const { version, run, seenAt } = searchState
  const [row] = await db.prepared('search.state', (q) =>
    q
      .select({ version, run, seenAt })
      .from(searchState)
      .where(eq(searchState.name, sql.placeholder('name'))),
  )({ name })
  return row ?? { version: 0, run: 0, seenAt: null }
}

export async function setState(db: Write, state: IndexState): Promise<void> {
  const { searchState } = db.tables
  await db
    .insert(searchState)
    .values({ name, ...state })
    .onConflictDoUpdate({ target: searchState.name, set: state })
}
