import { decided, type Snapshot } from '../articles/schema.ts'
import { raise } from '../errors.ts'
import { type Instant, instant } from '../lib/clock.ts'
import type { Paged, Window } from '../storage/keyset.ts'
import type { Read, Write } from '../storage/store.ts'
import type { Revision, RevisionSummary } from './schema.ts'
import {
  deleteSavesBefore,
  findNewest,
  findRevision,
  insertRevision,
  listRevisions,
  type RevisionRow,
  replaceRevision,
  type SummaryRow,
} from './store.ts'

export { compareSnapshots } from './diff.ts'

/** What was saved; of the snapshot what editors decide is kept. */
export type Keep = Omit<RevisionRow, 'at' | 'since' | 'snapshot'> & {
  snapshot: Omit<Snapshot, 'pages'> & { pages: { number: number; title: string | null; body?: string | undefined }[] }
  /** ms within which plain saves of one key become one revision; none do, when absent */
  foldWithin?: number | undefined
}

/**
 * Keeps what was saved. A client that saves by itself every second does not flood the history: a plain save without a note
 * takes the place of the one before it, when that is the same key's and began within the window.
 */
export async function keepRevision(db: Write, { snapshot, foldWithin = 0, ...save }: Keep): Promise<void> {
  const row: RevisionRow = { ...save, at: db.now, since: db.now, snapshot: contentOf(snapshot) }
  const last = foldWithin > 0 && isPlain(save) ? await findNewest(db, save.articleId) : undefined
  const folds =
    last !== undefined &&
    isPlain(last) &&
    // Whatever came between, such as a submission, is about what was saved before it.
    last.number === save.number - 1 &&
    last.actor === save.actor &&
    Date.parse(db.now) - Date.parse(last.since) < foldWithin
  if (!folds) return insertRevision(db, row)
  const fields = [...new Set([...last.fields, ...save.fields])]
  await replaceRevision(db, last.number, { ...row, since: last.since, fields })
}

/** The history of an article, the newest first. */
export async function getRevisions(db: Read, articleId: string, window: Window): Promise<Paged<RevisionSummary>> {
  const page = await listRevisions(db, articleId, window)
  return { ...page, items: page.items.map(summaryOf) }
}

/** @throws Problem revision_not_found */
export async function getRevision(db: Read, articleId: string, number: number): Promise<Revision> {
  const row = await findRevision(db, articleId, number)
  if (row === undefined) {
    raise('revision_not_found', {
      detail: `There is no revision ${number}: GET its revisions lists those there are.`,
    })
  }
  const { snapshot: content, ...summary } = row
  return { ...summaryOf(summary), content }
}

/** The number of the newest revision; 0 when there is none. */
export async function newestRevision(db: Read, articleId: string): Promise<number> {
  return (await findNewest(db, articleId))?.number ?? 0
}

/** Some ten milliseconds of work, so that editors who wait for their turn hardly notice. */
const forgottenAtOnce = 200

/** Forgets plain saves that are older than so many days; answers whether there may be more of them. */
export async function forgetOldSaves(db: Write, days: number): Promise<boolean> {
  const before: Instant = instant(Date.parse(db.now) - days * 86_400_000)
  return (await deleteSavesBefore(db, before, forgottenAtOnce)) === forgottenAtOnce
}

function isPlain({ kind, note }: Pick<RevisionRow, 'kind' | 'note'>): boolean {
  return kind === 'saved' && note === null
}

function contentOf({ pages, corrections, ...article }: Keep['snapshot']): Snapshot {
  type Decided = Omit<Snapshot, 'pages' | 'corrections'>
  const fields = Object.fromEntries(decided.map((field) => [field, article[field]])) as Decided
  return { ...fields, corrections, pages: pages.map(({ number, title, body = '' }) => ({ number, title, body })) }
}

function summaryOf({ actorName, actor, ...row }: SummaryRow): RevisionSummary {
  // The operator at the machine has no key, and is called what he is.
  return { ...row, actor: { id: actor, name: actorName ?? actor }, fields: [...row.fields] }
}
