import { isId } from '../lib/ids.ts'
import { idWord } from '../search/analysis.ts'
import type { Labelled } from '../search/sought.ts'
import { wordsOf } from '../search/words.ts'
import type { Read, Write } from '../storage/store.ts'
import {
  deleteLabel,
  findTargets,
  findUnlabelled,
  insertLabel,
  type LabelKind,
  listTexts,
  listThings,
  type NamedThing,
  type TextRange,
} from './store.ts'

export { deleteLabels as unlabel } from './store.ts'
export type { LabelKind, TextRange }

/**
 * Words of a name from which on it is found. Hardly a name has more; and a thing with fifty synonyms, of which each sign is
 * a word where scripts have no spaces, has some six hundred texts at most.
 */
const mostStarts = 12

/**
 * Characters of a text, as many as a name has. Folding may make a name longer, a ligature up to 18 times; but PostgreSQL
 * takes no more than 2,700 bytes into an index.
 */
const longestText = 120

/** What a name is found by: its words, folded, from each of them on. The first text is the whole name; a name without words has none. */
export function textsOf(name: string): string[] {
  const forms = wordsOf(name).map(({ form }) => form)
  const texts = forms.slice(0, mostStarts).map((_, start) => {
    let text = forms[start] ?? ''
    for (const form of forms.slice(start + 1)) {
      // A part of a word would be found as if it were one.
      if (text.length + 1 + form.length > longestText) break
      text += ` ${form}`
    }
    return text
  })
  return [...new Set(texts)]
}

/**
 * The texts that begin with words, which are folded and joined by spaces; of the last of them its beginning is enough, when
 * `prefix` says so. No word has a character before `!`, and the space is; nor U+10FFFF, which is no character and the
 * last there is: so each is one range of the index.
 */
export function rangeOf(text: string, prefix: boolean): TextRange {
  return { from: text, until: `${text}${prefix ? '\u{10ffff}' : '!'}` }
}

/** Has a section, tag or source found by these names, and by no others any more. Only what differs is written. */
export async function label(db: Write, kind: LabelKind, id: string, names: readonly string[]): Promise<void> {
  await labelAll(db, kind, [{ id, names }])
}

async function labelAll(db: Write, kind: LabelKind, things: readonly NamedThing[]): Promise<void> {
  const before = await listTexts(
    db,
    things.map(({ id }) => id),
  )
  const writes = things.flatMap(({ id: targetId, names }) => {
    const texts = new Set(names.flatMap(textsOf))
    const old = new Set(before.get(targetId))
    const differing = (some: Set<string>, from: Set<string>) => [...some].filter((text) => !from.has(text))
    return [
      ...differing(old, texts).map((text) => deleteLabel(db, { text, kind, targetId })),
      ...differing(texts, old).map((text) => insertLabel(db, { text, kind, targetId })),
    ]
  })
  await Promise.all(writes)
}

/**
 * For each word or phrase, folded and joined by spaces, the tags and sources that have it in one of their names, as whole
 * words or with `prefix` up to the beginning of one. With them goes every id that was merged into theirs: the index of
 * words still says it of articles that were not saved since. Of each word that is the first 50 names of tags and of
 * sources, in the order of code points, so that what is called just so is among them. Confidential sources are found for
 * the `working` view alone, which nobody has who may not know of them.
 */
export async function findLabelled(
  db: Read,
  words: readonly { text: string; prefix: boolean }[],
  view: 'live' | 'working',
): Promise<Labelled[]> {
  const labelled = words.map(() => ({ tags: [] as string[], sources: [] as string[] }))
  // Everything begins with nothing.
  const asked = words.flatMap(({ text, prefix }, i) => (text === '' ? [] : [{ i, range: rangeOf(text, prefix) }]))
  if (asked.length === 0) return labelled
  db.sight?.saw(['tags', 'sources'])
  const ranges = asked.map(({ range }) => range)
  const found = new Set<string>()
  for (const { n, kind, id } of await findTargets(db, ranges, view)) {
    const word = idWord(kind, id)
    const to = labelled[asked[n]?.i ?? -1]
    if (to === undefined || !isId(id) || found.has(`${n} ${word}`)) continue
    found.add(`${n} ${word}`)
    to[kind === 'tag' ? 'tags' : 'sources'].push(word)
  }
  return labelled
}

/** Where the making anew stands: behind this id of this kind. */
export interface LabelPosition {
  kind: LabelKind
  id: string
}

const kinds: readonly LabelKind[] = ['section', 'tag', 'source']

/** Some ten milliseconds of work, so that editors who wait for their turn hardly notice. */
const labelledAtOnce = 200

/** Labels some things anew, from the first on or from where it stood. Answers where it stands then; undefined when all are done. */
export async function relabelSome(
  db: Write,
  { kind, id }: LabelPosition = { kind: 'section', id: '' },
): Promise<LabelPosition | undefined> {
  const things = await listThings(db, kind, id, labelledAtOnce)
  await labelAll(db, kind, things)
  const last = things.at(-1)
  if (last !== undefined && things.length === labelledAtOnce) return { kind, id: last.id }
  const next = kinds[kinds.indexOf(kind) + 1]
  return next && { kind: next, id: '' }
}

/** As many without a label as are looked at: names of signs alone are rare. */
const mostUnlabelled = 1_000

/** Whether something has a name with words in it, and none of them leads to it. */
export async function isUnlabelled(db: Read): Promise<boolean> {
  return (await findUnlabelled(db, mostUnlabelled)).some((name) => textsOf(name).length > 0)
}
