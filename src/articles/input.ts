import { nameOf, type Reference, unknownFault } from '../addresses/addresses.ts'
import { checkReadOnly } from '../editing.ts'
import { Faults } from '../errors.ts'
import { equalJson, pointer } from '../lib/json.ts'
import type { Read } from '../storage/store.ts'
import { type Embedded, findEmbedded } from './embedded/store.ts'
import { type Renderings, rowsOf } from './pages.ts'
import type { PageRow, Parts } from './parts/store.ts'
import { type Article, type ArticleInput, type ArticleReplacement, articleReadOnly, pageReadOnly } from './schema.ts'
import type { Copy } from './store.ts'
import type { Names } from './working.ts'

/** What editors decide of an article, in one shape to compare: relations by their ids. */
export interface Content
  extends Pick<
    Copy,
    | 'externalId'
    | 'lang'
    | 'title'
    | 'kicker'
    | 'deck'
    | 'dateline'
    | 'image'
    | 'genre'
    | 'urgency'
    | 'breaking'
    | 'breakingUntil'
    | 'seo'
    | 'access'
    | 'publishedAt'
    | 'embargoUntil'
    | 'expiresAt'
  > {
  slug: string | undefined
  section: string | null
  tags: string[]
  sources: {
    source: string
    role: Article['sources'][number]['role']
    url: string | null
    statedOn: string | null
    mention: string | null
  }[]
  bylines: Article['bylines']
  pages: { title: string | null; body: string }[]
}

/** The content of a copy as it is shown. */
export function contentOf(article: Article): Content {
  const { slug, externalId, lang, title, kicker, deck, dateline, image, genre, urgency, breaking, breakingUntil } =
    article
  const { seo, access, publishedAt, embargoUntil, expiresAt } = article
  return {
    ...{ slug, externalId, lang, title, kicker, deck, dateline, image, genre, urgency, breaking, breakingUntil },
    ...{ seo, access, publishedAt, embargoUntil, expiresAt },
    section: article.section?.id ?? null,
    tags: article.tags.map(({ id }) => id),
    sources: article.sources.map(({ source, ...use }) => ({ source: source.id, ...use })),
    bylines: article.bylines,
    pages: article.pages.map(({ title, body = '' }) => ({ title, body })),
  }
}

/**
 * Turns a body into content: relations become ids, and what was read and sent back must say what is so. Answers with it
 * what they are called; those whose names are known by their ids are not looked up again.
 * @throws Problem rule_broken, with every fault at its pointer
 */
export async function contentFrom(
  db: Read,
  body: ArticleInput | ArticleReplacement,
  lang: string,
  known: Names,
  current?: Article,
): Promise<{ content: Content; names: Names }> {
  const faults = new Faults()
  if (current !== undefined) {
    checkReadOnly(faults, body, current, articleReadOnly)
    checkPages(faults, body.pages, current)
  }
  const used = body.sources.map(({ source }) => source)
  const section = body.section === null ? [] : [body.section]
  const [foundSections, foundTags, foundSources] = await Promise.all([
    findReferenced(db, 'section', section, known.section),
    findReferenced(db, 'tag', body.tags, known.tag),
    findReferenced(db, 'source', used, known.source),
  ])
  const sections = resolveReferenced(faults, 'section', section, foundSections, () => ['section'])
  const tags = resolveReferenced(faults, 'tag', body.tags, foundTags, (i) => ['tags', i])
  const sources = resolveReferenced(faults, 'source', used, foundSources, (i) => ['sources', i, 'source'])
  const ids = tags.map((tag) => tag?.id)
  ids.forEach((id, i) => {
    if (id === undefined || ids.indexOf(id) === i) return
    faults.add({ pointer: pointer(['tags', i]), code: 'duplicate', message: 'is the same tag as one before it' })
  })
  const { embargoUntil, expiresAt, publishedAt } = body
  const starts = [publishedAt, embargoUntil]
    .filter((instant) => typeof instant === 'string')
    .sort()
    .at(-1)
  if (expiresAt !== null && starts !== undefined && expiresAt <= starts) {
    faults.add({ pointer: '/expiresAt', code: 'too_early', message: `must be after ${starts}, when it becomes public` })
  }
  faults.raise('rule_broken')
  const {
    slug,
    externalId,
    title,
    kicker,
    deck,
    dateline,
    image,
    genre,
    urgency,
    breaking,
    breakingUntil,
    seo,
    access,
  } = body
  const content = {
    ...{ slug, externalId, title, kicker, deck, dateline, image, genre, urgency, breaking, breakingUntil, seo, access },
    ...{ embargoUntil, expiresAt, publishedAt: publishedAt ?? null },
    lang: body.lang ?? lang,
    section: sections[0]?.id ?? null,
    tags: ids.filter((id) => id !== undefined),
    sources: body.sources.map((use, i) => ({ ...use, source: sources[i]?.id ?? '' })),
    bylines: body.bylines,
    pages: body.pages.map(({ title, body }) => ({ title, body })),
  }
  return { content, names: { section: byId(sections), tag: byId(tags), source: byId(sources) } }
}

function byId<Thing extends { id: string }>(things: readonly (Thing | undefined)[]): Map<string, Thing> {
  return new Map(things.flatMap((thing) => (thing === undefined ? [] : [[thing.id, thing]])))
}

/** The rows that content becomes. */
export function partsOf(content: Content, renderings: Renderings, before: readonly PageRow[] = []): Parts {
  return {
    pages: rowsOf(content.pages, renderings, before),
    tagIds: content.tags,
    sources: content.sources.map(({ source, ...use }) => ({ sourceId: source, ...use })),
    bylines: content.bylines,
  }
}

type Path = readonly PropertyKey[]

/** What references name, by the names that they have. @param known by their ids: of these nothing is looked up */
export async function findReferenced<Kind extends keyof Embedded>(
  db: Read,
  kind: Kind,
  references: readonly Reference[],
  known: ReadonlyMap<string, Embedded[Kind]> = new Map(),
): Promise<ReadonlyMap<string, Embedded[Kind]>> {
  const names = references.map(nameOf).filter((name) => !known.has(name))
  return names.length === 0 ? known : new Map([...known, ...(await findEmbedded(db, kind, names))])
}

/** What an embedded thing says beside its id. */
const embedded: { [Kind in keyof Embedded]: readonly (keyof Embedded[Kind])[] } = {
  section: ['slug', 'name', 'path'],
  tag: ['slug', 'name', 'kind'],
  source: ['slug', 'name', 'kind', 'visibility'],
}

/** What references name, in their order; what they embed must be so. Faults stand at their paths. */
export function resolveReferenced<Thing extends { id: string }>(
  faults: Faults,
  kind: keyof Embedded,
  references: readonly Reference[],
  found: ReadonlyMap<string, Thing>,
  path: (i: number) => Path,
): (Thing | undefined)[] {
  return references.map((reference, i) => {
    const name = nameOf(reference)
    const is = found.get(name)
    if (is === undefined) {
      faults.add(unknownFault(kind, name, pointer(path(i))))
    } else if (typeof reference === 'object') {
      // What was merged away meanwhile leads on to another, of which the body cannot know anything.
      const ledOn = typeof reference.id === 'string' && reference.id !== is.id
      if (!ledOn) checkReadOnly(faults, reference, is, embedded[kind], path(i))
    }
    return is
  })
}

/** A page that was read carries its number and renderings; they must be those of a page that is there. */
function checkPages(faults: Faults, pages: ArticleReplacement['pages'], current: Article): void {
  pages.forEach((page, i) => {
    for (const name of pageReadOnly) {
      const given = page[name]
      const known =
        given === undefined ||
        (name === 'number' && given === i + 1) ||
        current.pages.some((one) => equalJson(one[name], given))
      if (known) continue
      faults.add({
        pointer: pointer(['pages', i, name]),
        code: 'read_only',
        message:
          name === 'number'
            ? `is given by the order and would be ${i + 1}: leave it out`
            : 'is made from the body: leave it out',
      })
    }
  })
}
