import { isDue, settleDue } from '../../src/articles/articles.ts'
import { asc, eq } from '../../src/storage/drizzle.ts'
import type { Store } from '../../src/storage/store.ts'
import type { Answer, TestApp, Who } from '../support/app.ts'

/** What tests of time need. */

/** It is nine o’clock when a test begins. */
export const clock = (time: string): string => `2026-11-22T${time}Z`

export interface Seen {
  id: string
  version: number
}

export function publish(app: TestApp, { id, version }: Seen, body: unknown, as: Who = 'editor'): Promise<Answer> {
  return app.call('POST', `/v1/articles/${id}/publish`, { as, version, body })
}

/** It answers the article as it is then scheduled. */
export async function scheduled(app: TestApp, seen: Seen, at: string) {
  const { status, body } = await publish(app, seen, { at })
  if (status !== 200) throw new Error(`not scheduled: ${JSON.stringify(body)}`)
  return body
}

/** What was written down of articles that the clock has done, in the order of the log. */
export function turns({ store }: { store: Store }) {
  return store.read((db) => {
    const { changes } = db.tables
    const { id, kind, seq } = changes
    return db.select({ id, kind, seq }).from(changes).where(eq(changes.entity, 'article')).orderBy(asc(seq))
  })
}

/** As the job does it. */
export async function settle({ store }: { store: Store }): Promise<void> {
  while ((await store.read(isDue)) && (await store.transact(settleDue)));
}
