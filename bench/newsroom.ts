/**
 * The newsroom of the benches: what each article says, the same in every run. Article 17 is the same one among ten
 * thousand as among a million.
 */
import { seeded, zipf } from './random.ts'

const topSections = 10
const below = 4
/** As many as a newsroom of some years has; the commonest stands on an article in three, the rarest on hardly any. */
const tagCount = 1_000
const sourceCount = 200
const reporterCount = 100

/** Names have one length, so that none is the beginning of another. */
const digits = (n: number, width: number) => String(n).padStart(width, '0')

export interface Named {
  slug: string
  name: string
}

export interface SectionPlan extends Named {
  parent: string | null
}

/** The sections from above to below: ten, each with four under it. */
export const sections: SectionPlan[] = Array.from({ length: topSections }, (_, i) => {
  const slug = `section-${digits(i, 2)}`
  const under = Array.from({ length: below }, (_, j) => ({
    slug: `${slug}-part-${j}`,
    name: `Section ${digits(i, 2)} part ${j}`,
    parent: slug,
  }))
  return [{ slug, name: `Section ${digits(i, 2)}`, parent: null }, ...under]
}).flat()

/** The commonest first. */
export const tags: Named[] = Array.from({ length: tagCount }, (_, i) => ({
  slug: `tag-${digits(i, 4)}`,
  name: `Tag ${digits(i, 4)}`,
}))

export const sources: Named[] = Array.from({ length: sourceCount }, (_, i) => ({
  slug: `source-${digits(i, 3)}`,
  name: `Source ${digits(i, 3)}`,
}))

export const reporters = Array.from({ length: reporterCount }, (_, i) => `Reporter ${digits(i, 3)}`)

export interface Plan {
  /** seven digits, which stand in its title, slug, body and external id */
  number: string
  id: string
  /** indexes of sections, tags, sources and reporters */
  section: number
  tags: number[]
  source: number
  reporter: number
  publishedAt: string
  /** when it was brought in */
  at: string
  /** from 0 to 1, for whatever else is to be chosen */
  chance: number
}

export const tagsEach = 3

/** A paper that has brought out an article every six minutes: a million in eleven years, until 2024. */
const firstPublished = Date.UTC(2013, 0, 1)
const publishedEveryMs = 360_000
/** The archive was brought in afterwards, at the speed of an import. */
const importedFrom = Date.UTC(2025, 0, 1)
const importedEveryMs = 1

/** Articles 0 to count - 1, the oldest first. */
export function* plans(count: number): Generator<Plan> {
  const random = seeded(5)
  const drawSection = zipf(sections.length)
  const drawTag = zipf(tags.length)
  const drawSource = zipf(sources.length)
  for (let i = 0; i < count; i += 1) {
    const chosen = new Set<number>()
    const section = sectionByRank[drawSection(random)] ?? 0
    while (chosen.size < tagsEach) chosen.add(drawTag(random))
    const at = importedFrom + i * importedEveryMs
    yield {
      number: digits(i, 7),
      id: idAt(at, random),
      section,
      tags: [...chosen],
      source: drawSource(random),
      reporter: Math.floor(random() * reporterCount),
      publishedAt: new Date(firstPublished + i * publishedEveryMs).toISOString(),
      at: new Date(at).toISOString(),
      chance: random(),
    }
  }
}

/** Large and small sections stand above each other as it happens. */
const sectionByRank = sections
  .map((_, index) => index)
  .sort((a, b) => ((a * 7) % sections.length) - ((b * 7) % sections.length))

/** A UUIDv7 (RFC 9562): the time, and chance. */
function idAt(milliseconds: number, random: () => number): string {
  const hex = (bits: number) =>
    Math.floor(random() * 2 ** bits)
      .toString(16)
      .padStart(bits / 4, '0')
  const time = milliseconds.toString(16).padStart(12, '0')
  const variant = (8 + Math.floor(random() * 4)).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(12)}-${variant}${hex(12)}-${hex(24)}${hex(24)}`
}

const words =
  'harbour minister strike ferry council bridge market election river court budget rain police school island energy train border village parliament hospital film match winner coast forest trade union water mayor road night answer report morning company people season price vote talks storm repair office record'.split(
    ' ',
  )

/** What peers were measured with, too. */
const bodyLength = 2_000

/** A text of paragraphs, its words as unequal as words are. */
export function bodyOf(seed: number, number: string): string {
  const random = seeded(seed)
  const draw = zipf(words.length)
  let body = `This is story ${number} of the archive.`
  for (let sentence = 0; body.length < bodyLength; sentence += 1) {
    const drawn = Array.from({ length: 12 }, () => words[draw(random)] ?? '').join(' ')
    body += `${sentence % 4 === 0 ? '\n\n' : ' '}The ${drawn}.`
  }
  return `${body.slice(0, bodyLength - 1).trimEnd()}.`
}

/** Four words for a title. */
export function titleOf(seed: number, number: string): string {
  const random = seeded(seed)
  const title = Array.from({ length: 4 }, () => words[Math.floor(random() * words.length)] ?? '').join(' ')
  return `${title[0]?.toUpperCase()}${title.slice(1)}, part ${number}`
}
