import type { Answer, TestApp, Who } from '../support/app.ts'

/** What an editor does to an article, in one line each. */

export type Act =
  | 'submit'
  | 'return'
  | 'publish'
  | 'unschedule'
  | 'correct'
  | 'unpublish'
  | 'withdraw'
  | 'delete'
  | 'restore'
  | 'purge'

interface Seen {
  id: string
  version: number
}

export function patch(app: TestApp, { id, version }: Seen, body: unknown, as: Who = 'editor'): Promise<Answer> {
  return app.call('PATCH', `/v1/articles/${id}`, { as, version, body })
}

export function put(app: TestApp, { id, version }: Seen, body: unknown, as: Who = 'editor'): Promise<Answer> {
  return app.call('PUT', `/v1/articles/${id}`, { as, version, body })
}

export function act(
  app: TestApp,
  { id, version }: Seen,
  action: Act,
  as: Who = 'editor',
  body?: unknown,
): Promise<Answer> {
  if (action === 'delete') return app.call('DELETE', `/v1/articles/${id}`, { as, version })
  return app.call('POST', `/v1/articles/${id}/${action}`, { as, version, body })
}

export function readWorking(app: TestApp, { id }: { id: string }, as: Who = 'editor'): Promise<Answer> {
  return app.call('GET', `/v1/articles/${id}?stage=working`, { as })
}

/** The slugs of the articles of a list, in their order. */
export async function slugsOf(app: TestApp, query: string, as: Who = 'stranger'): Promise<string[]> {
  const { status, body } = await app.call('GET', `/v1/articles${query === '' ? '' : `?${query}`}`, { as })
  if (status !== 200) throw new Error(`${query}: ${JSON.stringify(body)}`)
  return body.data.map(({ slug }: { slug: string }) => slug)
}

/** An answer without what is given anew to each request, and without the names that were asked for. */
export function withoutNames({ status, text }: Answer, ...names: string[]): string {
  const same = names.reduce((all, name) => all.replaceAll(name, 'NAME'), text)
  return `${status} ${same.replace(/"requestId":"[^"]*"/, '"requestId":"R"')}`
}

export const minute = 60_000
