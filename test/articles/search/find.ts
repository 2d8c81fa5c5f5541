import type { Answer, CallOptions, TestApp, Who } from '../../support/app.ts'
import { makePublished, makeSection } from '../../support/factories.ts'
import { minute } from '../acts.ts'

/** What a search finds, told in one line. */

export function ask(app: TestApp, q: string, more = '', options: CallOptions = {}): Promise<Answer> {
  return app.call('GET', `/v1/articles?fields=slug&q=${encodeURIComponent(q)}${more}`, options)
}

/** The slugs of what is found, in their order; of what is refused its status and code. */
export async function find(app: TestApp, q: string, more = '', as: Who = 'stranger'): Promise<string> {
  const { status, body } = await ask(app, q, more, { as })
  return status === 200 ? slugsIn(body) : `${status} ${body.code}`
}

/** The slugs of what is found, in the order of the alphabet. */
export async function findAny(app: TestApp, q: string, more = '', as: Who = 'stranger'): Promise<string> {
  return (await find(app, q, more, as)).split(' ').sort().join(' ')
}

export function slugsIn({ data }: { data: { slug: string }[] }): string {
  return data.map(({ slug }) => slug).join(' ')
}

/** What editors find of what they work on. */
export const findWorking = (app: TestApp, q: string, as: Who = 'editor'): Promise<string> =>
  find(app, q, '&stage=working', as)

export const pages = (...bodies: string[]) => bodies.map((body) => ({ body }))

/** Enough words that have nothing to do with anything, so that what comes behind them is in no lead. */
export const filler =
  'Nothing of it is told here, at some length, so that a paragraph is full of other words than those that are looked for. '.repeat(
    4,
  )

/** Publishes stories in their order, a minute apart, in one section. */
export async function publishAll(app: TestApp, stories: Record<string, object>): Promise<Record<string, Published>> {
  const section: string = (await makeSection(app)).id
  const made: Record<string, Published> = {}
  for (const [slug, story] of Object.entries(stories)) {
    made[slug] = await makePublished(app, { slug, section, title: 'At last', lang: 'en', ...story })
    app.clock.advance(minute)
  }
  return made
}

export interface Published {
  id: string
  version: number
}
