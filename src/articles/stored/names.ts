import type { Read } from '../../storage/store.ts'
import type { Used } from '../../uses/uses.ts'
import type { Card, Name } from './card.ts'
import { findNames } from './store.ts'

/** Of some 300 bytes each, at all moments: all that a newsroom has, and of one that has more those that were read last. */
const mostNames = 20_000

/** The present one, and those of three who have read for so long that something was called otherwise: exports, mostly. */
const mostMoments = 4

interface Moment {
  when: number
  names: Map<string, Name>
}

/**
 * What was read of them, and when; what was asked for last is the first. The number is drawn anew whenever something may be
 * called otherwise (`renamed`), so that whoever finds the same number, and the same thing, finds it called the same; whatever
 * database that is, since ids are drawn, too. Somebody who reads an older moment may not find what is new: each looks up what
 * they have seen, and no more.
 */
let moments: Moment[] = []

function namesAt(when: number): Map<string, Name> {
  const [latest] = moments
  if (latest?.when === when && latest.names.size <= mostNames) return latest.names
  const known = moments.find((moment) => moment.when === when)
  const names = known === undefined || known.names.size > mostNames ? new Map<string, Name>() : known.names
  let count = 0
  moments = [{ when, names }, ...moments.filter((moment) => moment !== known)].filter((moment, i) => {
    count += moment.names.size
    return i < mostMoments && count <= mostNames
  })
  return names
}

/** What all that these cards use is called: of what is not known yet one statement for each kind. @param when the number that was read with them */
export async function namesOf(db: Read, when: number, cards: readonly Card[]): Promise<ReadonlyMap<string, Name>> {
  const names = namesAt(when)
  const missing: Record<Used, Set<string>> = { section: new Set(), tag: new Set(), source: new Set() }
  for (const { section, tags, sources } of cards) {
    if (section !== undefined && !names.has(section)) missing.section.add(section)
    for (const id of tags) if (!names.has(id)) missing.tag.add(id)
    for (const { id } of sources) if (!names.has(id)) missing.source.add(id)
  }
  await Promise.all([
    learn(db, names, 'section', missing.section),
    learn(db, names, 'tag', missing.tag),
    learn(db, names, 'source', missing.source),
  ])
  return names
}

async function learn(db: Read, names: Map<string, Name>, used: Used, ids: ReadonlySet<string>): Promise<void> {
  if (ids.size === 0) return
  const found = new Map(
    (await findNames(db, used, [...ids])).map(({ isShown, ...name }) => [name.id, { isShown, name }]),
  )
  for (const id of ids) {
    const row = found.get(id)
    if (row === undefined) throw new Error(`The ${used} ${id} is on a card and is not there.`)
    names.set(id, { key: `${used}:${id}`, json: row.isShown ? JSON.stringify(row.name) : undefined })
  }
}
