import { createHash } from 'node:crypto'
import { raise } from '../errors.ts'
import { instant } from '../lib/clock.ts'
import { type Secrets, seal, unseal } from '../lib/seal.ts'
import { and, eq, gte, lt, sql } from './drizzle.ts'
import type { Read, Write } from './store.ts'

/** A day: a client that was cut off has tried again by then, and the table stays small. */
const answersKeptMs = 86_400_000

/** A request whose effect shall happen once, by what tells it from others and what opens its answer. */
export interface Asked {
  /** id of the key that sent it */
  actor: string
  /** the bearer secret that it was sent with */
  secret: string
  /** the Idempotency-Key */
  key: string
  /** SHA-256 of what is asked for, in hex */
  request: string
}

/** What was answered first, to be answered again as it stands. */
export interface FirstAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/**
 * The first answer to this request; undefined when there was none, or more than a day ago.
 * @throws Problem idempotency_key_reused, when another request had this key, or the holder another secret
 */
export async function findAnswer(db: Read, asked: Asked): Promise<FirstAnswer | undefined> {
  const { answers } = db.tables
  const [row] = await db.prepared('answers.find', (q) =>
    q
      .select()
      .from(answers)
      .where(
        and(
          eq(answers.actor, sql.placeholder('actor')),
          eq(answers.keyHash, sql.placeholder('keyHash')),
          gte(answers.at, sql.placeholder('since')),
        ),
      ),
  )({ actor: asked.actor, keyHash: hashOf(asked.key), since: instant(Date.parse(db.now) - answersKeptMs) })
  if (row === undefined) return undefined
  if (row.request !== asked.request) {
    refuse('This key came with another request before. Send that one as it was, or this one with a key of its own.')
  }
  const body = unseal(row.body, secretsOf(asked))
  if (body === undefined) {
    refuse(
      'This was done before, but the secret of your API key was rotated since, and only the one before it opens the first answer. Look at what there is; to do it once more, take another key.',
    )
  }
  return { status: row.status, headers: row.headers, body }
}

/** Keeps the first answer, in the transaction of its effect. One that is too old to be found gives way. */
export async function keepAnswer(db: Write, asked: Asked, answer: FirstAnswer): Promise<void> {
  const { answers } = db.tables
  const { actor, key, request } = asked
  const { status, headers } = answer
  const kept = { request, status, headers, body: seal(answer.body, secretsOf(asked)), at: db.now }
  await db
    .insert(answers)
    .values({ actor, keyHash: hashOf(key), ...kept })
    .onConflictDoUpdate({ target: [answers.actor, answers.keyHash], set: kept })
}

/** Some ten milliseconds of work, so that editors who wait for their turn hardly notice. */
const forgottenAtOnce = 500

/** Forgets answers that nobody is told any more; answers whether there may be more of them. */
export async function forgetOldAnswers(db: Write): Promise<boolean> {
  const { answers } = db.tables
  const before = instant(Date.parse(db.now) - answersKeptMs)
  const old = await db
    .select({ actor: answers.actor, keyHash: answers.keyHash })
    .from(answers)
    .where(lt(answers.at, before))
    .orderBy(answers.at)
    .limit(forgottenAtOnce)
  for (const { actor, keyHash } of old) {
    await db.delete(answers).where(and(eq(answers.actor, actor), eq(answers.keyHash, keyHash)))
  }
  return old.length === forgottenAtOnce
}

/** The answer to a new API key holds its secret: whoever has the database alone must not read it. */
function secretsOf({ secret, key }: Asked): Secrets {
  return { secret, salt: key, purpose: 'warta first answer' }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function refuse(detail: string): never {
  return raise('idempotency_key_reused', {
    detail,
    errors: [{ header: 'Idempotency-Key', code: 'reused', message: 'must be new for another request' }],
  })
}
