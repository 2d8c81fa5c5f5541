import { resolveName } from '../addresses/addresses.ts'
import { operator } from '../keys/keys.ts'
import { isSlug } from '../lib/slug.ts'
import type { SectionBranch } from '../sections/schema.ts'
import { SectionCreate } from '../sections/schema.ts'
import { createSection, getSectionTree } from '../sections/sections.ts'
import { SourceCreate } from '../sources/schema.ts'
import { createSource, getKnownSources } from '../sources/sources.ts'
import type { Read, Store, Write } from '../storage/store.ts'
import { TagCreate } from '../tags/schema.ts'
import { createTag, getTags } from '../tags/tags.ts'

export type Kind = 'section' | 'tag' | 'source'

const makers = {
  section: (db: Write, name: object) => createSection(db, SectionCreate.parse(name), operator),
  tag: (db: Write, name: object) => createTag(db, TagCreate.parse(name), operator),
  source: (db: Write, name: object) => createSource(db, SourceCreate.parse(name), operator),
}

export interface Lookup {
  /** The id behind a name; made, when it may be. A name that stays unknown is answered as it is, for the front door to refuse. */
  find(db: Write, kind: Kind, name: string): Promise<string>
  /** The record failed: what it made is undone. */
  forget(): void
  readonly made: readonly (readonly [Kind, string])[]
}

/** Sections, tags and sources by the names that a file may use for them: id, slug, name, or a source's alias. */
export class Catalog {
  private readonly ids: Record<Kind, Map<string, string>> = { section: new Map(), tag: new Map(), source: new Map() }
  private readonly createMissing: boolean

  private constructor(createMissing: boolean) {
    this.createMissing = createMissing
  }

  static async load(store: Store, createMissing: boolean): Promise<Catalog> {
    const catalog = new Catalog(createMissing)
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
    const made: [Kind, string][] = []
    return {
      find: async (db, kind, name) => {
        const found = (await resolveName(db, kind, name))?.id ?? this.ids[kind].get(fold(name))
        if (found !== undefined || !this.createMissing) return found ?? name
        const { id } = await makers[kind](db, isSlug(name) ? { name: wordsOf(name), slug: name } : { name })
        this.learn(kind, id, [name])
        made.push([kind, fold(name)])
        return id
      },
      forget: () => {
        for (const [kind, key] of made.splice(0)) this.ids[kind].delete(key)
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
