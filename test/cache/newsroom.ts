import fc from 'fast-check'
import { settle } from '../articles/timetable.ts'
import type { Answer, CallOptions, TestApp } from '../support/app.ts'

/** A newsroom in which everything happens that changes what the public gets, and much that does not. */

const second = 1_000
const minute = 60 * second

/** Numbers that are the same for every run of a seed. */
export function tape(seed: number) {
  const numbers = fc.sample(fc.nat(1_000_000), { seed, numRuns: 20_000 })
  let at = 0
  const next = (below: number): number => (numbers[at++ % numbers.length] ?? 0) % below
  const pick = <T>(values: readonly T[]): T => values[next(values.length)] as T
  const some = <T>(values: readonly T[], most: number): T[] =>
    [...new Set(Array.from({ length: next(most + 1) }, () => pick(values)))].filter((value) => value !== undefined)
  const shuffled = <T>(values: readonly T[]): T[] => {
    const left = [...values]
    return Array.from(values, () => left.splice(next(left.length), 1)[0] as T)
  }
  return { next, pick, some, shuffled }
}

export type Tape = ReturnType<typeof tape>
type Kind = 'tags' | 'sections' | 'sources'

/** Whoever writes: any server on the database. */
type Call = (method: string, url: string, options?: CallOptions) => Promise<Answer>

export class Newsroom {
  readonly articles: string[] = []
  readonly ids: Record<Kind, string[]> = { tags: [], sections: [], sources: [] }
  /** every slug that anything ever had */
  readonly slugs: Record<Kind | 'articles', string[]> = { tags: [], sections: [], sources: [], articles: [] }
  /** instants at which something begins or ends by itself */
  readonly turns: number[] = []
  readonly app: TestApp
  readonly tape: Tape
  /** how often each act was done */
  readonly done = new Map<string, number>()
  private made = 0
  private readonly call: Call

  constructor(app: TestApp, tape: Tape, call: Call) {
    this.app = app
    this.tape = tape
    this.call = call
  }

  get now(): number {
    return this.app.clock.now()
  }

  async begin(): Promise<void> {
    for (const kind of [
      'sections',
      'sections',
      'sections',
      'tags',
      'tags',
      'tags',
      'sources',
      'sources',
      'sources',
    ] as const) {
      await this.make(kind)
    }
    for (let i = 0; i < 6; i += 1) await this.draft(true)
  }

  /** All that editors and the clock do; each answers whether it was done. */
  readonly acts: Record<string, () => Promise<boolean>> = {
    draft: () => this.draft(false),
    'publish a new one': () => this.draft(true),
    edit: () => this.edit(),
    'edit and publish': async () => (await this.edit()) && this.act('publish'),
    schedule: () => this.schedule(),
    'schedule a new version': async () => (await this.edit()) && this.schedule(),
    unschedule: () => this.act('unschedule'),
    correct: () => this.act('correct', { text: 'It was wrong.' }),
    unpublish: () => this.act('unpublish'),
    withdraw: () => this.act('withdraw', { reason: 'It was wrong.', replacement: this.tape.pick(this.articles) }),
    'publish again': async () => (await this.do('unpublish')) && this.act('publish'),
    trash: () => this.trash(),
    restore: () => this.act('restore'),
    purge: async () => (await this.trash()) && this.act('purge', undefined, 'admin'),
    'let go of a slug': async () => (await this.do('rename a slug')) && this.release(),
    'rename a slug': async () => (await this.patchArticle({ slug: this.name('slug') })) && this.act('publish'),
    'set an end': async () => (await this.patchArticle({ expiresAt: this.later() })) && this.act('publish'),
    'take the end away': async () => (await this.patchArticle({ expiresAt: null })) && this.act('publish'),
    'set breaking': async () =>
      (await this.patchArticle({ breaking: true, breakingUntil: this.later() })) && this.act('publish'),
    embargo: async () =>
      (await this.patchArticle({ embargoUntil: this.later(), expiresAt: null })) && this.act('publish'),
    'make a tag': () => this.make('tags'),
    'make a section': () => this.make('sections'),
    'make a source': () => this.make('sources'),
    'rename a tag': () => this.patch('tags', { name: this.name('Tag') }),
    'rename a section': () => this.patch('sections', { name: this.name('Section') }),
    'rename a source': () => this.patch('sources', { name: this.name('Source') }),
    'move a tag': () => this.patch('tags', { slug: this.slug('tags') }),
    'move a section': () => this.patch('sections', { slug: this.slug('sections') }),
    'move a source': () => this.patch('sources', { slug: this.slug('sources') }),
    'put a section elsewhere': () =>
      this.patch('sections', { parent: this.tape.pick([null, ...this.ids.sections]), position: this.tape.next(9) }),
    'hide or show a source': () => this.patch('sources', { visibility: this.tape.pick(['public', 'editors']) }),
    'merge tags': () => this.merge(),
    'delete a tag': () => this.remove('tags', '?detach=true'),
    'replace a tag': () => this.remove('tags', '?moveTo='),
    'replace a section': () => this.remove('sections', '?moveTo='),
    'delete a source': () => this.remove('sources', '?detach=true'),
    'replace a source': () => this.remove('sources', '?moveTo='),
    'wait a little': async () => this.goTo(this.now + this.tape.pick([1, 500, 9 * second, 10 * second, 61 * second])),
    'wait for a turn': async () => (await this.schedule()) && this.goToTurn(0),
    'wait until right before a turn': async () => (await this.schedule()) && this.goToTurn(-1),
    'wait for the last turn': async () => this.goTo(Math.max(this.now, ...this.turns)),
    settle: async () => {
      await settle(this.app)
      return true
    },
  }

  async do(name: string): Promise<boolean> {
    const did = (await this.acts[name]?.()) ?? false
    if (did) this.done.set(name, (this.done.get(name) ?? 0) + 1)
    return did
  }

  private name(word: string): string {
    this.made += 1
    return `${word.toLowerCase()}-${this.made}`
  }

  /** A new one, or one that something else may have had. */
  private slug(kind: Kind): string {
    return this.tape.pick([this.note(kind, this.name(kind)), this.tape.pick(this.slugs[kind])])
  }

  private note(kind: Kind | 'articles', slug: string): string {
    if (!this.slugs[kind].includes(slug)) this.slugs[kind].push(slug)
    return slug
  }

  private later(): string {
    const at = this.now + this.tape.pick([1_234, 20 * second, minute, 3 * minute, 10 * minute])
    this.turns.push(at)
    return new Date(at).toISOString()
  }

  private goTo(at: number): boolean {
    this.app.clock.advance(at - this.now)
    return true
  }

  private goToTurn(by: number): boolean {
    const coming = this.turns.filter((at) => at + by > this.now)
    return coming.length > 0 && this.goTo(Math.min(...coming) + by)
  }

  private story() {
    const { pick, some, next } = this.tape
    const { tags, sections, sources } = this.ids
    return {
      title: pick(['Rail', 'Strike', 'Zebra', 'Same']),
      section: pick(sections),
      tags: some(tags, 3),
      sources: some(sources, 2).map((source) => ({ source, role: pick(['origin', 'cited']) })),
      lang: pick(['id', 'en']),
      genre: pick(['analysis', 'opinion', null]),
      breaking: next(3) === 0,
      bylines: [{ name: pick(['Joko Susilo', 'Sari Utami']) }],
      pages: Array.from({ length: 1 + next(2) }, (_, i) => ({ body: `Page ${i} of ${this.made}.` })),
    }
  }

  private async draft(published: boolean): Promise<boolean> {
    const slug = this.note('articles', this.name('story'))
    const { status, body } = await this.call('POST', '/v1/articles', {
      ...{ as: 'editor', body: { ...this.story(), slug, externalId: `cms:${this.made}` } },
    })
    if (status !== 201) return false
    this.articles.push(body.id)
    return !published || this.act('publish', undefined, 'editor', body.id)
  }

  private async edit(): Promise<boolean> {
    const whole = this.story()
    const fields = this.tape.some(Object.keys(whole) as (keyof typeof whole)[], 3)
    return this.patchArticle(Object.fromEntries(fields.map((name) => [name, whole[name]])))
  }

  private async patchArticle(body: object): Promise<boolean> {
    const id = this.tape.pick(this.articles)
    if ('slug' in body) this.note('articles', String(body.slug))
    this.last = id
    return (await this.call('PATCH', `/v1/articles/${id}`, { as: 'editor', version: '*', body })).status === 200
  }

  /** what was edited last, which an act that follows is about */
  private last: string | undefined

  private async act(action: string, body?: object, as: CallOptions['as'] = 'editor', id = this.last): Promise<boolean> {
    this.last = undefined
    // Of those that are in another state nothing can be made: some are tried.
    for (const one of id === undefined ? this.tape.shuffled(this.articles) : [id]) {
      const options = { as: as ?? 'editor', version: '*', ...(body && { body }) }
      if ((await this.call('POST', `/v1/articles/${one}/${action}`, options)).status < 300) return true
    }
    return false
  }

  private schedule(): Promise<boolean> {
    return this.act('publish', { at: this.later() })
  }

  private async trash(): Promise<boolean> {
    for (const id of this.tape.shuffled(this.articles)) {
      if ((await this.call('DELETE', `/v1/articles/${id}`, { as: 'editor', version: '*' })).status < 300) return true
    }
    return false
  }

  private async release(): Promise<boolean> {
    for (const id of this.tape.shuffled(this.articles)) {
      const { body } = await this.call('GET', `/v1/articles/${id}/slugs`, { as: 'editor' })
      const former = body?.data?.find((one: { current: boolean }) => !one.current)
      if (former === undefined) continue
      const url = `/v1/articles/${id}/slugs/${former.slug}`
      if ((await this.call('DELETE', url, { as: 'editor', version: '*' })).status < 300) return true
    }
    return false
  }

  private async make(kind: Kind): Promise<boolean> {
    const name = this.name(kind.slice(0, -1))
    const parent = kind === 'sections' ? { parent: this.tape.pick([null, null, ...this.ids.sections]) } : {}
    const slug = this.note(kind, name)
    const { status, body } = await this.call('POST', `/v1/${kind}`, { as: 'editor', body: { name, slug, ...parent } })
    if (status === 201) this.ids[kind].push(body.id)
    return status === 201
  }

  private async patch(kind: Kind, body: object): Promise<boolean> {
    const url = `/v1/${kind}/${this.tape.pick(this.ids[kind])}`
    return (await this.call('PATCH', url, { as: 'editor', version: '*', body })).status === 200
  }

  private async merge(): Promise<boolean> {
    const [id = '', into = ''] = this.tape.shuffled(this.ids.tags)
    const { status } = await this.call('POST', `/v1/tags/${id}/merge`, { as: 'editor', version: '*', body: { into } })
    if (status < 300) this.forget('tags', id)
    return status < 300
  }

  private async remove(kind: Kind, query: string): Promise<boolean> {
    const [id = '', other, third] = this.tape.shuffled(this.ids[kind])
    if (third === undefined) return false
    const url = `/v1/${kind}/${id}${query}${query.endsWith('=') ? other : ''}`
    const { status } = await this.call('DELETE', url, { as: 'editor', version: '*' })
    if (status < 300) this.forget(kind, id)
    return status < 300
  }

  private forget(kind: Kind, id: string): void {
    this.ids[kind].splice(this.ids[kind].indexOf(id), 1)
  }
}
