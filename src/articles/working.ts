import type { Read } from '../storage/store.ts'
import { cardOf } from './cards.ts'
import { type Embedded, toEditors } from './embedded/store.ts'
import { bylinesOf, findPages, findUses, type Parts, sourcesOf, tagsOf } from './parts/store.ts'
import type { Article } from './schema.ts'
import type { CopyRow } from './store.ts'
import { type Form, forms } from './vocabulary.ts'

/** A working copy with all that belongs to it, as a write opens it, changes it and answers it. */
export interface Working {
  row: CopyRow
  parts: Parts
  names: Names
}

/** What sections, tags and sources are called to editors, by their ids. */
export type Names = { readonly [Kind in keyof Embedded]: ReadonlyMap<string, Embedded[Kind]> }

export const noNames: Names = { section: new Map(), tag: new Map(), source: new Map() }

/** The rest of a working copy, by its row. */
export async function openWhole(db: Read, row: CopyRow): Promise<Working> {
  const id = row.copy.articleId
  const [pages, tags, sources, bylines] = await Promise.all([
    findPages(db, id, 'working'),
    tagsOf(db, 'working', [id]),
    sourcesOf(db, 'working', [id]),
    bylinesOf(db, 'working', [id]),
  ])
  return {
    row,
    parts: {
      pages,
      tagIds: tags.map(({ value }) => value.id),
      sources: sources.map(({ source, use }) => ({ sourceId: source.id, ...use })),
      bylines: bylines.map(({ value }) => value),
    },
    names: {
      section: new Map(row.section === null ? [] : [[row.section.id, row.section]]),
      tag: new Map(tags.map(({ value }) => [value.id, value])),
      source: new Map(sources.map(({ source, visibility }) => [source.id, toEditors(source, visibility)])),
    },
  }
}

/** It as the contract shows it, with these forms of its pages: the bytes of reading it. */
export function articleOf(db: Read, { row, parts, names }: Working, chosen: readonly Form[] = forms): Article {
  const card = cardOf(db, row, {
    tags: parts.tagIds.map((id) => embeddedOf(names.tag, id)),
    sources: parts.sources.map(({ sourceId, ...use }) => ({ source: embeddedOf(names.source, sourceId), ...use })),
    bylines: [...parts.bylines],
  })
  const pages = parts.pages.map(({ number, title, ...page }) => ({
    number,
    title,
    ...Object.fromEntries(chosen.map((form) => [form, page[form]])),
  }))
  return { ...card, pages }
}

/** What the copies of its article show of other things: `section:ID`, `tag:ID`, `source:ID`. */
export async function usesOf(db: Read, { row, parts }: Working): Promise<string[]> {
  const { copy, live = null, next = null } = row
  // What is made for the public may show others than the working copy does.
  if (live !== null || next !== null) return findUses(db, copy.articleId)
  return usesOfCopy(copy.sectionId, parts)
}

/** What a copy shows of other things. */
export function usesOfCopy(sectionId: string | null, { tagIds, sources }: Parts): string[] {
  const uses = [
    ...(sectionId === null ? [] : [`section:${sectionId}`]),
    ...tagIds.map((id) => `tag:${id}`),
    ...sources.map(({ sourceId }) => `source:${sourceId}`),
  ]
  return [...new Set(uses)].sort()
}

function embeddedOf<Thing>(names: ReadonlyMap<string, Thing>, id: string): Thing {
  const thing = names.get(id)
  if (thing === undefined) throw new Error(`Nobody has looked up what ${id} is called.`)
  return thing
}
