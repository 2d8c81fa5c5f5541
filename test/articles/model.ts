/**
 * What a newsroom is, told once more and far more simply than by the code: for tests that compare the two after every
 * step. Time is taken in at once: what the clock does to an article is so as soon as the clock says it.
 */

export interface Content {
  title: string
  slug: string
  section: boolean
  embargoUntil: string | null
  expiresAt: string | null
  publishedAt: string | null
}

/** What was released for the public, and from when on. */
export interface Showing {
  content: Content
  version: number
  corrections: string[]
  from: string
}

export interface Revision {
  number: number
  by: string
  since: number
  /** a save without more, which the next may fold into itself */
  plain: boolean
  content: Content
}

export interface Article {
  id: string
  owner: string
  version: number
  /** where it stands when it is neither public nor scheduled */
  base: 'draft' | 'in_review' | 'withdrawn' | 'trashed'
  content: Content
  corrections: string[]
  live: Showing | null
  next: Showing | null
  /** all that was ever released */
  released: Showing[]
  firstPublishedAt: string | null
  withdrawal: { reason: string; withdrawnAt: string; replacement: string | null } | null
  /** its slugs, present and former; since when readers may know them */
  names: Map<string, string | null>
  revisions: Revision[]
  lock: { holder: string; until: number } | null
  log: string[]
  /** the instants of what the clock has done and no job has written down: the last entries of the log */
  unwritten: string[]
}

export interface Actor {
  name: string
  role: 'stranger' | 'reader' | 'writer' | 'editor' | 'admin'
}

/** A step that is not taken, with the code of the problem. */
export class Refusal extends Error {}

export function refuse(code: string): never {
  throw new Refusal(code)
}

const foldMs = 60_000

export const iso = (ms: number): string => new Date(ms).toISOString()

export class Newsroom {
  articles = new Map<string, Article>()
  purged: string[] = []
  now: number

  constructor(now: number) {
    this.now = now
  }

  get instant(): string {
    return iso(this.now)
  }

  stateOf({ live, next, base }: Article): string {
    if (live !== null) return 'published'
    return next === null ? base : 'scheduled'
  }

  /** As editors see it: what the clock published has the date that the clock gave it. */
  shown(article: Article): Content {
    return { ...article.content, publishedAt: article.content.publishedAt ?? this.first(article) }
  }

  /** When readers saw it first, if they have. */
  first({ firstPublishedAt: at }: Article): string | null {
    return at !== null && at <= this.instant ? at : null
  }

  /** The next instant at which the clock does anything. */
  nextInstant(): string | undefined {
    return [...this.articles.values()]
      .flatMap(({ live, next }) => [live?.content.expiresAt, next?.from])
      .filter((at) => typeof at === 'string')
      .sort()[0]
  }

  setClock(now: number): void {
    this.now = now
    for (const article of this.articles.values()) this.turn(article)
  }

  private turn(article: Article): void {
    const done = (kind: string, at: string): void => {
      article.log.push(kind)
      article.unwritten.push(at)
    }
    const end = (before: string): void => {
      const expiry = article.live?.content.expiresAt ?? null
      if (expiry === null || expiry > before) return
      article.live = null
      done('article.expired', expiry)
    }
    const { next } = article
    if (next !== null && next.from <= this.instant) {
      // At the same instant the one takes the place of the other.
      end(iso(Date.parse(next.from) - 1))
      article.content.publishedAt ??= next.content.publishedAt
      article.live = next
      article.next = null
      article.withdrawal = null
      done('article.published', next.from)
    }
    end(this.instant)
  }

  /** A job, or whoever writes next, has written down what was due by then. */
  written(article: Article, by = this.instant): void {
    article.unwritten = article.unwritten.filter((at) => at > by)
  }

  /** Whom the route lets in. */
  admit({ role }: Actor, roles: readonly Actor['role'][]): void {
    if (role === 'stranger') refuse('key_required')
    if (!roles.includes(role)) refuse('forbidden')
  }

  find(id: string, actor: Actor): Article {
    const article = this.articles.get(id)
    if (article === undefined || (actor.role === 'writer' && article.owner !== actor.name)) refuse('article_not_found')
    return article
  }

  open(id: string, actor: Actor, version: number): Article {
    const article = this.find(id, actor)
    if (this.isLocked(article, actor)) refuse('article_locked')
    if (article.version !== version) refuse('version_stale')
    return article
  }

  isLocked({ lock }: Article, actor: Actor): boolean {
    return lock !== null && lock.until > this.now && lock.holder !== actor.name
  }

  /** What is with the editors, or was withdrawn by them, is theirs. */
  isWriters(article: Article): boolean {
    return ['draft', 'trashed'].includes(this.stateOf(article)) && article.withdrawal === null
  }

  /** From these states; and what is not a draft, or in the trash, no writer moves. */
  expect(article: Article, actor: Actor, states: readonly string[]): void {
    const state = this.stateOf(article)
    if (!states.includes(state)) refuse('wrong_state')
    if (actor.role === 'writer' && !this.isWriters(article)) refuse('forbidden')
  }

  /** Takes a slug, and lets go of those that readers never knew. */
  claim(article: Article, slug: string): void {
    for (const other of this.articles.values()) if (other !== article && other.names.has(slug)) refuse('slug_taken')
    if (!article.names.has(slug)) article.names.set(slug, null)
    for (const [name, from] of article.names) if (from === null && name !== slug) article.names.delete(name)
  }

  /** Names that readers would have come to know are unknown again, and free but for the present one. */
  hideComing(article: Article): void {
    for (const [name, from] of article.names) {
      if (from === null || from <= this.instant) continue
      if (name === article.content.slug) article.names.set(name, null)
      else article.names.delete(name)
    }
  }

  keep(article: Article, actor: Actor, plain: boolean): void {
    const last = article.revisions.at(-1)
    const follows = last?.number === article.version - 1 && last.by === actor.name
    const folds = plain && last?.plain && follows && this.now - last.since < foldMs
    if (folds) article.revisions.pop()
    const since = folds ? last.since : this.now
    const { version: number } = article
    article.revisions.push({ number, by: actor.name, since, plain, content: this.shown(article) })
  }

  checkDates({ publishedAt, embargoUntil, expiresAt }: Content): void {
    const isBefore = (start: string | null): boolean => expiresAt !== null && start !== null && expiresAt <= start
    if (isBefore(publishedAt) || isBefore(embargoUntil)) refuse('rule_broken')
  }

  create(id: string, content: Content, actor: Actor): void {
    const article: Article = {
      ...{ id, owner: actor.name, version: 1, base: 'draft', content, corrections: [], live: null, next: null },
      ...{ released: [], firstPublishedAt: null, withdrawal: null, names: new Map(), revisions: [], lock: null },
      ...{ log: ['article.created'], unwritten: [] },
    }
    this.claim(article, content.slug)
    this.articles.set(id, article)
    this.keep(article, actor, false)
  }

  revise(article: Article, actor: Actor, change: Partial<Content>, plain = true): void {
    this.expect(article, actor, ['draft', 'in_review', 'scheduled', 'published', 'withdrawn'])
    const before = this.shown(article)
    const after = { ...before, ...change }
    after.publishedAt ??= this.first(article)
    this.checkDates(after)
    if (after.slug !== before.slug) this.claim(article, after.slug)
    if (JSON.stringify(after) === JSON.stringify(before)) return
    article.content = after
    article.version += 1
    article.log.push('article.updated')
    this.keep(article, actor, plain)
  }

  /** A step after which nothing new is public. */
  move(article: Article, log: string, change: Partial<Article>): void {
    this.hideComing(article)
    Object.assign(article, { firstPublishedAt: this.first(article), ...change })
    article.version += 1
    article.log.push(log)
  }

  expectReady({ section, expiresAt }: Content, from: string): void {
    if (!section) refuse('not_ready')
    if (expiresAt !== null && expiresAt <= from) refuse('expiry_before_publication')
  }

  release(article: Article, actor: Actor, from: string, log: string): void {
    const first = this.first(article)
    const dated = article.content.publishedAt ?? first
    article.version += 1
    const content = { ...article.content, publishedAt: dated ?? from }
    const showing = { content, version: article.version, corrections: [...article.corrections], from }
    this.hideComing(article)
    const known = article.names.get(content.slug) ?? null
    if (known === null || known > from) article.names.set(content.slug, from)
    article.firstPublishedAt = first ?? from
    article.released.push(showing)
    article.base = 'draft'
    if (from > this.instant) article.next = showing
    else {
      Object.assign(article, { live: showing, next: null, withdrawal: null })
      article.content.publishedAt = content.publishedAt
    }
    article.log.push(log)
    this.keep(article, actor, false)
  }

  /** What a reader is answered under an id or a slug. */
  answer(name: string): object {
    const unknown = { status: 404, code: 'article_not_found' }
    const isKnown = (from: string | null | undefined): boolean => typeof from === 'string' && from <= this.instant
    const article = this.articles.get(name) ?? [...this.articles.values()].find(({ names }) => isKnown(names.get(name)))
    if (article === undefined) return unknown
    const { live, id, withdrawal } = article
    if (live) {
      const { slug } = live.content
      if (name !== id && name !== slug) return { status: 301, code: 'moved', location: `/v1/articles/${slug}` }
      return { status: 200, ...this.card(article, live) }
    }
    if (this.first(article) === null) return unknown
    if (withdrawal === null) return { status: 410, code: 'article_gone' }
    const { reason, withdrawnAt, replacement } = withdrawal
    const stand = replacement === null ? null : this.articles.get(replacement)?.live?.content
    const standing = stand && { replacement: { id: replacement, slug: stand.slug, title: stand.title } }
    return { status: 410, code: 'article_withdrawn', reason, withdrawnAt, ...standing }
  }

  /** The list that readers see, the newest first. */
  list(): object[] {
    const date = ({ live }: Article): string => `${live?.content.publishedAt}`
    return [...this.articles.values()]
      .sort((a, b) => (date(a) + a.id < date(b) + b.id ? 1 : -1))
      .flatMap((article) => (article.live === null ? [] : [this.card(article, article.live)]))
  }

  private card(article: Article, { content, version, corrections }: Showing): object {
    const { slug, title, section, publishedAt, embargoUntil, expiresAt } = content
    const texts = { corrections, firstPublishedAt: this.first(article) }
    return { id: article.id, slug, title, section, publishedAt, embargoUntil, expiresAt, version, ...texts }
  }

  /** What editors see of it in their list. */
  working(article: Article): object {
    const { id, version, live, next, withdrawal, corrections } = article
    const released = next ?? live
    return {
      ...{ id, ...this.shown(article), version, corrections, withdrawal, firstPublishedAt: this.first(article) },
      state: this.stateOf(article),
      changed: released !== null && released.version !== version,
      scheduledAt: next?.from ?? null,
    }
  }
}
