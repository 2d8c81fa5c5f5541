import { nameOf, type Reference, resolveReferences } from '../addresses/addresses.ts'
import { checkReadOnly } from '../editing.ts'
import { Faults } from '../errors.ts'
import { equalJson, pointer } from '../lib/json.ts'
import type { Read } from '../storage/store.ts'
import { type Renderings, rowsOf } from './pages.ts'
import { findEmbedded, type PageRow, type Parts } from './parts/store.ts'
import { type Article, type ArticleInput, type ArticleReplacement, articleReadOnly, pageReadOnly } from './schema.ts'
import type { Copy } from './store.ts'

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
 * Turns a body into content: relations become ids, and what was read and sent back must say what is so.
 * @throws Problem rule_broken, with every fault at its pointer
 */
export async function contentFrom(
  db: Read,
  body: ArticleInput | ArticleReplacement,
  lang: string,
  current?: Article,
): Promise<Content> {
  const faults = new Faults()
  if (current !== undefined) {
    checkReadOnly(faults, body, current, articleReadOnly)
    checkPages(faults, body.pages, current)
  }
  const section = body.section === null ? null : await resolveOne(db, faults, 'section', body.section, ['section'])
  const tags = await resolveMany(db, faults, 'tag', body.tags, (i) => ['tags', i])
  const sources = await resolveMany(
    db,
    faults,
    'source',
    body.sources.map(({ source }) => source),
    (i) => ['sources', i, 'source'],
  )
  tags.forEach((id, i) => {
    if (id === undefined || tags.indexOf(id) === i) return
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
  return {
    ...{ slug, externalId, title, kicker, deck, dateline, image, genre, urgency, breaking, breakingUntil, seo, access },
    ...{ embargoUntil, expiresAt, publishedAt: publishedAt ?? null },
    lang: body.lang ?? lang,
    section: section ?? null,
    tags: tags.filter((id) => id !== undefined),
    sources: body.sources.map((use, i) => ({ ...use, source: sources[i] ?? '' })),
    bylines: body.bylines,
    pages: body.pages.map(({ title, body }) => ({ title, body })),
  }
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

async function resolveOne(db: Read, faults: Faults, kind: 'section', reference: Reference, path: Path) {
  const [id] = await resolveMany(db, faults, kind, [reference], () => path)
  return id
}

/** The ids of what references name; what they embed must be so. Faults stand at their paths. */
export async function resolveMany(
  db: Read,
  faults: Faults,
  kind: 'section' | 'tag' | 'source',
  references: readonly Reference[],
  path: (i: number) => Path,
): Promise<(string | undefined)[]> {
  const named = references.map((reference, i) => ({ name: nameOf(reference), pointer: pointer(path(i)) }))
  const ids = await resolveReferences(db, kind, named, faults)
  await checkEmbedded(db, faults, kind, references, ids, path)
  return ids
}

/** A relation may be sent back as it was embedded; what that says of the other thing must be so. */
async function checkEmbedded(
  db: Read,
  faults: Faults,
  kind: 'section' | 'tag' | 'source',
  references: readonly Reference[],
  ids: readonly (string | undefined)[],
  path: (i: number) => Path,
): Promise<void> {
  if (!references.some((reference) => typeof reference === 'object')) return
  const known = await findEmbedded(
    db,
    kind,
    ids.filter((id) => id !== undefined),
  )
  references.forEach((reference, i) => {
    const is = known.get(ids[i] ?? '')
    if (typeof reference !== 'object' || is === undefined) return
    // What was merged away meanwhile leads on to another, of which the body cannot know anything.
    const ledOn = typeof reference.id === 'string' && reference.id !== is.id
    if (!ledOn) checkReadOnly(faults, reference, is, Object.keys(is), path(i))
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
