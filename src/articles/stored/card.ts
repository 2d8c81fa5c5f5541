import { z } from 'zod'
import type { Instant } from '../../lib/clock.ts'
import { columnsOf } from '../cards.ts'
import type { Parts } from '../parts/store.ts'
import { Article, type ArticleCard, cardFields } from '../schema.ts'
import type { ArticleRow, Copy } from '../store.ts'

/**
 * The card of a copy that is made for the public, as it is stored with it: the JSON that a list answers, with gaps for what
 * changes without its being published: what its section, tags and sources are called, which sources may be named, and
 * whether it still is breaking news. The gaps hold ids and an instant. Whoever changes what a card shows, or the
 * order of it, adds a migration that empties the column: all are written anew then.
 */

/** JSON has these characters in no text. */
const gap = '\u0001'
const comma = '\u0002'

/** In a gap: breaking news without an end. */
const always = '9999'

/** What is written of a card, in the contract's order. */
const Shown = Article.omit({ pages: true })

export type CardParts = Pick<Parts, 'tagIds' | 'sources' | 'bylines'>
export type CardArticle = Pick<ArticleRow, 'createdAt' | 'firstPublishedAt'>

export function writeCard(copy: Copy, { createdAt, firstPublishedAt }: CardArticle, parts: CardParts): string {
  const { tagIds, sources, bylines } = parts
  const ids = { section: null, tags: [], sources: [], bylines: bylines.map(({ name, role }) => ({ name, role })) }
  const asPublic = { state: 'published', changed: false, scheduledAt: null, withdrawal: null } as const
  const card = z.encode(Shown, { ...columnsOf(copy), ...ids, ...asPublic, createdAt, firstPublishedAt })
  const gaps: Partial<Record<keyof ArticleCard, string>> = {
    section: copy.sectionId ?? '',
    tags: tagIds.join(comma),
    sources: sources.map(({ sourceId, ...use }) => sourceId + useOf(use)).join(comma),
    breaking: copy.breaking ? (copy.breakingUntil ?? always) : '',
  }
  const members = cardFields.map((field) => {
    const left = gaps[field]
    return `"${field}":${left === undefined ? JSON.stringify(card[field]) : gap + left + gap}`
  })
  return `{${members.join()}}`
}

/** What follows in a use of a source on the source itself. */
function useOf({ role, url, statedOn, mention }: Omit<CardParts['sources'][number], 'sourceId'>): string {
  return `,${JSON.stringify({ role, url, statedOn, mention }).slice(1)}`
}

/** A stored card in its pieces. */
export interface Card {
  /** what stands before, between and behind the gaps */
  texts: readonly [string, string, string, string, string]
  section: string | undefined
  tags: readonly string[]
  sources: readonly { id: string; use: string }[]
  /** until when it is breaking news; undefined when it is not */
  breakingUntil: Instant | undefined
}

const idLength = 36

export function readCard(stored: string): Card {
  // The gaps stand in the order of the contract.
  const [first = '', section, second = '', tags, third = '', sources, fourth = '', breaking, fifth = ''] =
    stored.split(gap)
  return {
    texts: [first, second, third, fourth, fifth],
    section: section || undefined,
    tags: tags ? tags.split(comma) : [],
    sources: sources
      ? sources.split(comma).map((use) => ({ id: use.slice(0, idLength), use: use.slice(idLength) }))
      : [],
    breakingUntil: breaking || undefined,
  }
}

/** What a section, a tag or a source is called. */
export interface Name {
  /** what an answer that shows it is made of: `tag:ID` */
  key: string
  /** as an answer shows it, in JSON; undefined of a source that is not for readers */
  json: string | undefined
}

/** The card as readers see it now, and what it is made of. @param names of all that it uses, by their ids */
export function fillCard(card: Card, names: ReadonlyMap<string, Name>, now: Instant): { json: string; keys: string[] } {
  const [first, second, third, fourth, fifth] = card.texts
  const keys: string[] = []
  const nameOf = (id: string): string | undefined => {
    const name = names.get(id)
    if (name === undefined) throw new Error(`Nobody has looked up what ${id} is called.`)
    if (name.json !== undefined) keys.push(name.key)
    return name.json
  }
  const section = card.section === undefined ? 'null' : nameOf(card.section)
  const tags = card.tags.map(nameOf).join()
  const sources = card.sources.flatMap(({ id, use }) => {
    const source = nameOf(id)
    return source === undefined ? [] : [`{"source":${source}${use}`]
  })
  const breaking = isBreaking(card, now)
  const json = `${first}${section}${second}[${tags}]${third}[${sources.join()}]${fourth}${breaking}${fifth}`
  return { json, keys }
}

function isBreaking({ breakingUntil }: Card, now: Instant): boolean {
  return breakingUntil !== undefined && breakingUntil > now
}

/** The instant at which a card becomes another by itself. */
export function endOf({ breakingUntil }: Card, now: Instant): Instant | null {
  return breakingUntil !== undefined && breakingUntil !== always && breakingUntil > now ? breakingUntil : null
}
