import { type Actor, expectMay, type Permission } from '../../access.ts'
import { type Edit, patching } from '../../editing.ts'
import { Faults, Problem, raise } from '../../errors.ts'
import type { DoPart } from '../../http/idempotency.ts'
import type { InnerProblem } from '../../http/problems.ts'
import type { Renderer } from '../../markdown/renderer.ts'
import type { Write } from '../../storage/store.ts'
import {
  correctArticle,
  createArticle,
  publishArticle,
  type Renderings,
  renderPages,
  restoreArticle,
  returnArticle,
  reviseArticle,
  submitArticle,
  trashArticle,
  unpublishArticle,
  unscheduleArticle,
  withdrawArticle,
} from '../articles.ts'
import { type Content, findReferenced, resolveReferenced } from '../input.ts'
import { type ArticleInput, ArticleReplace, type ArticleSaved, articleReadOnly } from '../schema.ts'
import type { BatchResult, Operation, OperationResult } from './schema.ts'

/** What each operation needs: as much as the route that does the same. */
const needs: Record<Operation['op'], Permission> = {
  create: 'articles:write',
  patch: 'articles:write',
  tag: 'articles:write',
  move: 'articles:write',
  submit: 'articles:write',
  return: 'articles:publish',
  publish: 'articles:publish',
  unschedule: 'articles:publish',
  correct: 'articles:publish',
  unpublish: 'articles:publish',
  withdraw: 'articles:publish',
  delete: 'articles:write',
  restore: 'articles:write',
}

export interface BatchOptions {
  renderer: Renderer
  /** of an article that names none */
  lang: string
  /** ms within which saves of one key become one revision */
  foldWithin: number
}

/** An operation that lacks nothing but its transaction. It throws the problems of the route that does the same. */
export interface Step {
  op: Operation['op']
  run(db: Write): Promise<ArticleSaved>
}

/** What an error is to whoever sent the batch. */
type Tell = (error: unknown) => InnerProblem

/**
 * Makes operations ready, their Markdown rendered. One after the other: whoever else saves meanwhile is rendered between
 * them. What cannot be rendered fails in its step.
 */
export async function prepare(
  operations: readonly Operation[],
  actor: Actor,
  { renderer, ...options }: BatchOptions,
): Promise<Step[]> {
  const steps: Step[] = []
  for (const operation of operations) {
    const { op } = operation
    try {
      expectMay(actor, needs[op])
      const renderings = await renderPages(renderer, pagesOf(operation))
      steps.push({ op, run: (db) => carryOut(db, operation, actor, { renderings, ...options }) })
    } catch (error) {
      steps.push({ op, run: () => Promise.reject(error) })
    }
  }
  return steps
}

/** Of the time that another process waits for its turn to write; the rest is for what shares this turn, and the commit. */
const longestShare = 0.8

/** Where others do not wait at all they are refused at any moment; a few operations then still have their time, in ms. */
const leastTime = 100

/**
 * All of the steps in one transaction, or none. All are tried, so that every fault is told at once. Whoever else writes
 * waits meanwhile, at most `patienceMs`, and must not be refused for it.
 * @throws Problem batch_failed, with `results`; batch_too_slow
 */
export async function doTogether(
  db: Write,
  steps: readonly Step[],
  patienceMs: number,
  tell: Tell,
): Promise<BatchResult> {
  const results: OperationResult[] = []
  const end = performance.now() + Math.max(leastTime, patienceMs * longestShare)
  for (const [index, step] of steps.entries()) {
    await nextTurn()
    if (performance.now() > end) {
      raise('batch_too_slow', {
        detail: `Nothing was changed: ${index} of ${steps.length} operations took all the time that others can wait. Send fewer at once, or atomic: false.`,
        headers: { 'retry-after': '2' },
      })
    }
    try {
      results.push(resultOf(index, step, await step.run(db)))
    } catch (error) {
      // An operation is refused before it has written anything, and the next can be tried. Whatever else is thrown ends
      // what the transaction can do.
      if (!(error instanceof Problem) || error.code === 'database_unavailable') throw error
      results.push(failureOf(index, step, tell(error)))
    }
  }
  const batch = sumUp(results)
  if (batch.failed === 0) return batch
  const told = results.map(({ index, op, status, problem }) =>
    problem === undefined ? { index, op, status: 424 } : { index, op, status, problem },
  )
  raise('batch_failed', {
    detail: `${batch.failed} of ${steps.length} operations failed. Mend them, or send atomic: false to have the others done.`,
    more: { results: told, failed: batch.failed },
  })
}

/**
 * Sent at once they share a turn to write and its fsync, and are done in their order; between two such groups others who
 * wait to write have their turn. PostgreSQL groups 32 (see storage), and so these leave room for others.
 */
const sentAtOnce = 16

/** Each step in a transaction of its own, in their order; a failure stops none of the others. */
export async function doEach(steps: readonly Step[], part: DoPart<OperationResult>, tell: Tell): Promise<BatchResult> {
  const results: OperationResult[] = []
  while (results.length < steps.length) {
    const from = results.length
    const sent = steps.slice(from, from + sentAtOnce).map(async (step, i) => {
      const index = from + i
      const run = async (db: Write) => {
        await nextTurn()
        return resultOf(index, step, await step.run(db))
      }
      let fault: OperationResult | undefined
      const refusal = (error: unknown) => {
        const failure = failureOf(index, step, tell(error))
        if (failure.status < 500) return failure
        // A fault of ours, or of the database, is no refusal; it has been told, and logged, once.
        fault = failure
        throw error
      }
      return part(index, run, refusal).catch((error) => fault ?? failureOf(index, step, tell(error)))
    })
    results.push(...(await Promise.all(sent)))
    const away = results.find(({ problem }) => problem?.code === 'database_unavailable')?.problem
    // Each of the others would wait its time for nothing.
    if (away !== undefined) {
      results.push(...steps.slice(results.length).map((step, i) => failureOf(results.length + i, step, away)))
    }
  }
  return sumUp(results)
}

/**
 * Lets the event loop answer others. SQLite answers at once, so that a transaction never would by itself. It is safe inside
 * of one, against the rule that nothing but `db` is awaited: nobody else can use its connection, and this takes no longer
 * than what waits at that moment.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function resultOf(index: number, { op }: Step, saved: ArticleSaved): OperationResult {
  const { id, slug, state, version, changed, warnings } = saved
  const status = op === 'create' ? 201 : 200
  return {
    index,
    op,
    status,
    article: { id, slug, state, version, changed },
    ...(warnings !== undefined && { warnings }),
  }
}

function failureOf(index: number, { op }: Step, problem: InnerProblem): OperationResult {
  return { index, op, status: problem.status, problem }
}

function sumUp(results: OperationResult[]): BatchResult {
  const failed = results.filter(({ problem }) => problem !== undefined).length
  return { results, done: results.length - failed, failed }
}

function pagesOf(operation: Operation): ArticleInput['pages'] | null | undefined {
  if (operation.op === 'create') return operation.body.pages
  return operation.op === 'patch' ? (operation.body.pages as ArticleInput['pages'] | null | undefined) : undefined
}

interface Means {
  renderings: Renderings
  lang: string
  foldWithin: number
}

function carryOut(db: Write, operation: Operation, actor: Actor, means: Means): Promise<ArticleSaved> {
  if (operation.op === 'create') {
    const { body, note } = operation
    return createArticle(db, { body, note, ...means }, actor)
  }
  const { article, version } = operation
  const edit: Edit = { actor, expected: version === '*' ? 'any' : [version] }
  switch (operation.op) {
    case 'patch':
      return revise(db, article, edit, operation.body, { ...means, note: operation.note })
    case 'tag':
      return retag(db, article, edit, operation, means)
    case 'move':
      return revise(db, article, edit, { section: operation.section }, means)
    case 'submit':
      return submitArticle(db, article, edit, operation)
    case 'return':
      return returnArticle(db, article, edit, operation)
    case 'publish':
      return publishArticle(db, article, edit, operation)
    case 'unschedule':
      return unscheduleArticle(db, article, edit)
    case 'correct':
      return correctArticle(db, article, edit, operation)
    case 'unpublish':
      return unpublishArticle(db, article, edit)
    case 'withdraw':
      return withdrawArticle(db, article, edit, operation)
    case 'delete':
      return trashArticle(db, article, edit)
    case 'restore':
      return restoreArticle(db, article, edit)
  }
}

function revise(
  db: Write,
  name: string,
  edit: Edit,
  patch: object,
  means: Means & { note?: string | undefined },
): Promise<ArticleSaved> {
  return reviseArticle(db, name, edit, { ...means, revision: patching(ArticleReplace, patch, articleReadOnly) })
}

/** @throws Problem rule_broken, for unknown tags, and what reviseArticle throws */
async function retag(
  db: Write,
  name: string,
  edit: Edit,
  { add = [], remove = [] }: Extract<Operation, { op: 'tag' }>,
  means: Means,
): Promise<ArticleSaved> {
  const faults = new Faults()
  const found = await findReferenced(db, 'tag', [...add, ...remove])
  const idsOf = (references: typeof add, name: string) =>
    resolveReferenced(faults, 'tag', references, found, (i) => [name, i]).map((tag) => tag?.id)
  const added = idsOf(add, 'add')
  const removed = idsOf(remove, 'remove')
  const revision = (current: Content) => {
    // Here, because who may not change the article is told that first.
    faults.raise('rule_broken')
    const left = current.tags.filter((id) => !removed.includes(id))
    const tags = [...new Set([...left, ...added])]
    return patching(ArticleReplace, { tags }, articleReadOnly)(current)
  }
  return reviseArticle(db, name, edit, { ...means, revision })
}
