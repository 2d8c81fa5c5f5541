import { gt } from '../../src/storage/drizzle.ts'
import type { Answer, TestApp } from '../support/app.ts'
import type { Actor, Article, Newsroom } from './model.ts'
import { slugs } from './model-steps.ts'

/** The service beside the model: what everybody sees of it, held against what the model says. */

export interface Real {
  app: TestApp
  keys: Map<string, string>
  section: string
  /** number of the last change before the run */
  base: number
  steps: number
}

/** @throws Error that shows both */
export function same(what: string, is: unknown, should: unknown): void {
  const [found, wanted] = [JSON.stringify(is, null, 1), JSON.stringify(should, null, 1)]
  if (found !== wanted) throw new Error(`${what} is\n${found}\nand should be\n${wanted}`)
}

/** As one of the actors. */
export function call({ app, keys }: Real, actor: Actor, ...[method, url, options]: Parameters<TestApp['call']>) {
  const key = keys.get(actor.name)
  return app.call(method, url, { ...options, ...(key !== undefined && { key }) })
}

/** The members of an answer that the model knows, as it tells them. */
function told(wanted: object, body: Answer['body']): object {
  const is = { ...body, section: body.section != null, corrections: textsOf(body) }
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, is[name]]))
}

const textsOf = ({ corrections }: Answer['body']) => corrections?.map(({ text }: { text: string }) => text)

/** Everything that the public and the editors see, and what is kept of it; of `touched` its history too. */
export async function compare(room: Newsroom, real: Real, touched?: Article): Promise<void> {
  const { app } = real
  for (const name of [...room.articles.keys(), ...room.purged, ...slugs]) {
    const wanted = room.answer(name)
    const { status, body } = await app.call('GET', `/v1/articles/${name}`)
    same(`GET ${name}`, told(wanted, { ...body, status }), wanted)
    if (status === 410) same('a replacement', 'replacement' in body, 'replacement' in wanted)
  }
  const list = await app.call('GET', '/v1/articles?limit=100&count=exact')
  const shown = room.list()
  same(
    'the list',
    list.body.data.map((item: object, i: number) => told(shown[i] ?? { id: '' }, item)),
    shown,
  )
  same('the total', list.body.page.total, shown.length)
  await compareDesk(room, real)
  if (touched !== undefined) await compareRevisions(real, touched)
  await compareLog(room, real)
}

const states = ['draft', 'in_review', 'scheduled', 'published', 'withdrawn', 'trashed']

/** What editors see, whole and by one of the filters. */
async function compareDesk(room: Newsroom, real: Real): Promise<void> {
  const read = async (query: string) => {
    const { body } = await real.app.call('GET', `/v1/articles?stage=working&limit=100${query}`, { as: 'editor' })
    return new Map<string, object>(body.data.map((item: { id: string }) => [item.id, item]))
  }
  const all = await read(`&state=${states}`)
  same('how many the editors see', all.size, room.articles.size)
  for (const article of room.articles.values()) {
    const wanted = room.working(article)
    same(`the working copy of ${article.id}`, told(wanted, all.get(article.id) ?? {}), wanted)
  }
  const state = states[real.steps % states.length] ?? ''
  const changed = real.steps % 2 === 0
  const inState = await read(`&state=${state}`)
  const ahead = await read(`&state=${states}&changed=${changed}`)
  for (const article of room.articles.values()) {
    same(`${article.id} among what is ${state}`, inState.has(article.id), room.stateOf(article) === state)
    const is = { changed, ...room.working(article) }
    same(`${article.id} among changed=${changed}`, ahead.has(article.id), is.changed === changed)
  }
}

async function compareRevisions({ app }: Real, article: Article): Promise<void> {
  const url = `/v1/articles/${article.id}/revisions`
  const { body } = await app.call('GET', `${url}?limit=100`, { as: 'editor' })
  const numbers = article.revisions.map(({ number }) => number).reverse()
  same(
    'the revisions',
    body.data.map(({ number }: { number: number }) => number),
    numbers,
  )
  const { publishedAt: _, ...content } = article.content
  const newest = await app.call('GET', `${url}/${numbers[0]}`, { as: 'editor' })
  same('the newest revision', told(content, newest.body.content), content)
}

/** No change is missing, twice, or of a step that was refused; what the clock did is there once it was written down. */
async function compareLog(room: Newsroom, { app, base }: Real): Promise<void> {
  const rows = await app.store.read((db) => {
    const { changes } = db.tables
    return db
      .select({ seq: changes.seq, id: changes.id, kind: changes.kind })
      .from(changes)
      .where(gt(changes.seq, base))
      .orderBy(changes.seq)
  })
  same(
    'the numbers of the changes',
    rows.map(({ seq }) => seq),
    rows.map((_, i) => base + 1 + i),
  )
  for (const { id, log, unwritten } of room.articles.values()) {
    const kinds = rows.filter((row) => row.id === id).map(({ kind }) => kind)
    same(`the log of ${id}`, kinds, log.slice(0, log.length - unwritten.length))
  }
}
