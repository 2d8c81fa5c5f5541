import type { Answer, CallOptions, TestApp } from '../support/app.ts'

/** What tests ask of the history of an article. */

export interface Summary {
  number: number
  kind: string
  at: string
  since: string
  actor: { id: string; name: string }
  fields: string[]
  note: string | null
}

export interface Seen {
  id: string
  version: number
}

/** The newest first. */
export async function revisionsOf(app: TestApp, { id }: { id: string }, query = '?limit=100'): Promise<Summary[]> {
  const { status, body } = await app.call('GET', `/v1/articles/${id}/revisions${query}`, { as: 'editor' })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.data
}

export const numbersOf = async (app: TestApp, seen: { id: string }): Promise<number[]> =>
  (await revisionsOf(app, seen)).map(({ number }) => number)

export function restoreRevision(
  app: TestApp,
  { id, version }: Seen,
  number: number,
  options: CallOptions = {},
): Promise<Answer> {
  return app.call('POST', `/v1/articles/${id}/revisions/${number}/restore`, { as: 'editor', version, ...options })
}

/** By default with the newest. */
export function compare(app: TestApp, { id }: { id: string }, from: number, to?: number): Promise<Answer> {
  const query = to === undefined ? '' : `?to=${to}`
  return app.call('GET', `/v1/articles/${id}/revisions/${from}/diff${query}`, { as: 'editor' })
}

/** What an editor decides, of an answer or of a revision: relations by their ids. */
export function decided(article: Record<string, unknown>) {
  const { slug, externalId, lang, title, kicker, deck, dateline, section, tags, sources, bylines, image } = article
  const { genre, urgency, breaking, breakingUntil, seo, access, publishedAt, embargoUntil, expiresAt } = article
  const { corrections } = article
  const pages = (article.pages as { number: number; title: string; body: string }[]).map(({ number, title, body }) => ({
    number,
    title,
    body,
  }))
  return {
    ...{ slug, externalId, lang, title, kicker, deck, dateline, section, tags, sources, bylines, image, pages },
    ...{ genre, urgency, breaking, breakingUntil, seo, access, publishedAt, embargoUntil, expiresAt },
    corrections,
  }
}
