import type { z } from 'zod'
import type { Actor } from '../access.ts'
import { resolveName, resolveNames } from '../addresses/addresses.ts'
import { raise } from '../errors.ts'
import { faultsOf } from '../lib/faults.ts'
import { isSlug, slugify } from '../lib/slug.ts'
import type { SectionBranch } from '../sections/schema.ts'
import { SectionCreate } from '../sections/schema.ts'
import { createSection, getSection, getSectionTree } from '../sections/sections.ts'
import { SourceCreate } from '../sources/schema.ts'
import { createSource, getKnownSources, getSource } from '../sources/sources.ts'
import type { Read, Store, Write } from '../storage/store.ts'
import { TagCreate } from '../tags/schema.ts'
import { createTag, getTag, getTags } from '../tags/tags.ts'

export type Kind = 'section' | 'tag' | 'source'

function checked<Schema extends z.ZodType>(schema: Schema, thing: object): z.output<Schema> {
  const result = schema.safeParse(thing)
  if (result.success) return result.data
  const faults = faultsOf(result.error.issues).map(({ pointer, message }) => `${pointer} ${message}`)
  return raise('rule_broken', { detail: `${JSON.stringify(thing)} cannot be made: ${faults.join('; ')}` })
}

const makers = {
  section: (db: Write, name: object, actor: Actor) => createSection(db, checked(SectionCreate, name), actor),
  tag: (db: Write, name: object, actor: Actor) => createTag(db, checked(TagCreate, name), actor),
  source: (db: Write, name: object, actor: Actor) => createSource(db, checked(SourceCreate, name), actor),
}

/** What a record may call a thing by: a name, or the object that an answer embeds. */
export type Reference =
  | string
  | { id?: string; slug?: string; name?: string; kind?: string; path?: string; visibility?: string }

export interface Made {
  kind: Kind
  /** folded: all that it was called by, and its slug */
  names: readonly string[]
}

export interface Lookup {
  /** The ids behind names; made, when they may be. A name that stays unknown is answered as it is, for the front door to refuse. */
  find(db: Write, kind: Kind, references: readonly Reference[]): Promise<string[]>
  /** The record failed: what it made is undone. */
  forget(): void
  /** what there was not */
  readonly made: readonly Made[]
}

interface CatalogOptions {
  /** make what there is not */
  createMissing: boolean
  /** who makes it */
  actor: Actor
}

/** Sections, tags and sources by the names that a file may use for them: id, slug, name, or a source's alias. */
export class Catalog {
  private readonly ids: Record<Kind, Map<string, string>> = { section: new Map(), tag: new Map(), source: new Map() }
  private readonly createMissing: boolean
  private readonly actor: Actor

  private constructor({ createMissing, actor }: CatalogOptions) {
    this.createMissing = createMissing
    this.actor = actor
  }

  static async load({ store, ...options }: CatalogOptions & { store: Store }): Promise<Catalog> {
    const catalog = new Catalog(options)
    await store.read(async (db) => {
      const learn = (branch: SectionBranch): void => {
        catalog.learn('section', branch.id, [branch.name])
        branch.children.forEach(learn)
      }
      ;(await getSectionTree(db)).forEach(learn)
      for (const { id, name } of await allTags(db)) catalog.learn('tag', id, [name])
      for (const { id, name, aliases } of await getKnownSources(db)) catalog.learn('source', id, [name, ...aliases])
    })
    return catalog
  }

  /** For one record: what it makes is known to the records after it, until it fails. */
  begin(): Lookup {
    const made: Made[] = []
    const find = async (db: Write, kind: Kind, references: readonly Reference[]): Promise<string[]> => {
      const ids = []
      let known = await resolveNames(db, kind, references.flatMap(namesOf))
      for (const reference of references) {
        const names = namesOf(reference)
        const found = names
          .map((name) => known.get(name) ?? this.ids[kind].get(fold(name)))
          .find((id) => id !== undefined)
        ids.push(found ?? (await make(db, kind, reference, names)))
        // What was made may be what the next one means, by another of its names.
        if (found === undefined) known = await resolveNames(db, kind, references.flatMap(namesOf))
      }
      return ids
    }
    const make = async (db: Write, kind: Kind, reference: Reference, names: string[]): Promise<string> => {
      const name = names.at(-1) ?? ''
      if (!this.createMissing || name === '') return names[0] ?? ''
      const meanwhile = await madeMeanwhile(db, kind, name)
      if (meanwhile !== undefined) return meanwhile
      const { parent, ...thing } = newThing(reference, name)
      const above =
        parent === undefined ? {} : { parent: (await find(db, kind, [{ slug: parent.slug, path: parent.path }]))[0] }
      const { id, slug } = await makers[kind](db, { ...thing, ...above }, this.actor)
      this.learn(kind, id, names)
      made.push({ kind, names: [...names, slug].map(fold) })
      return id
    }
    return {
      find,
      forget: () => {
        for (const { kind, names } of made.splice(0)) for (const name of names) this.ids[kind].delete(name)
      },
      made,
    }
  }

  private learn(kind: Kind, id: string, names: readonly string[]): void {
    for (const name of names) {
      const key = fold(name)
      if (!this.ids[kind].has(key)) this.ids[kind].set(key, id)
    }
  }
}

/** What another import has made of the same name since this one began: it has the slug that this name would get. */
async function madeMeanwhile(db: Read, kind: Kind, name: string): Promise<string | undefined> {
  const found = await resolveName(db, kind, slugify(name))
  if (found === undefined) return undefined
  const thing = await getters[kind](db, found.id)
  return fold(thing.name) === fold(name) ? thing.id : undefined
}

const getters = {
  section: getSection,
  tag: getTag,
  source: (db: Read, id: string) => getSource(db, id, true),
}

async function allTags(db: Read): Promise<{ id: string; name: string }[]> {
  const all = []
  let window: Parameters<typeof getTags>[2] = { limit: 1_000 }
  for (;;) {
    const { items, next } = await getTags(db, { sort: 'name', limit: 1_000 }, window)
    all.push(...items)
    if (next === null) return all
    window = { limit: 1_000, position: next }
  }
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase().trim()
}

/** `rail-strike` as a name: `Rail strike`. */
function wordsOf(slug: string): string {
  const words = slug.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What to look for, the surest first; the last is what a new thing is named by. */
function namesOf(reference: Reference): string[] {
  if (typeof reference === 'string') return [reference]
  const { id, slug, name } = reference
  return [id, slug, name].filter((one): one is string => one !== undefined && one !== '')
}

interface NewThing {
  name: string
  slug?: string
  kind?: string
  visibility?: string
  parent?: { slug: string; path: string }
}

/** As much of a thing as its name tells, and of a section from its path what stands above it. */
function newThing(reference: Reference, last: string): NewThing {
  const named = isSlug(last) ? { name: wordsOf(last), slug: last } : { name: last }
  if (typeof reference === 'string') return named
  const { slug, name, kind, path, visibility } = reference
  const above = path?.split('/').slice(0, -1) ?? []
  return {
    ...named,
    ...(name !== undefined && { name }),
    ...(slug !== undefined && { slug }),
    ...(kind !== undefined && { kind }),
    ...(visibility !== undefined && { visibility }),
    ...(above.length > 0 && { parent: { slug: above.at(-1) ?? '', path: above.join('/') } }),
  }
}
