import { type Actor, ownOnly } from '../access.ts'
import { endsSoon, expectDraftReader, expectIndexed, sawArticles } from '../articles/articles.ts'
import { rangeOf, textsOf } from '../labels/labels.ts'
import type { Expression } from '../search/expression.ts'
import { type Word, wordsOf } from '../search/words.ts'
import type { Read } from '../storage/store.ts'
import type { SuggestedKind, Suggestion, SuggestQuery } from './schema.ts'
import { type Candidate, findCandidates } from './store.ts'

/**
 * What somebody may mean who is still typing: things that have the words side by side in one of their names, the last as a
 * beginning; those that are called just so first, then the shorter names; and articles that have them in their title, the
 * newest first. Where more than a hundred names fit, those behind them in the order of code points are not looked at.
 * @throws Problem key_required | forbidden, for `stage=working`; search_rebuilding
 */
export async function suggest(db: Read, query: SuggestQuery, actor: Actor | null): Promise<Suggestion[]> {
  const { q, kinds, limit, stage: view } = query
  const reader = view === 'working' ? expectDraftReader(actor) : undefined
  const owner = reader !== undefined && ownOnly(reader) ? reader.id : undefined
  const words = wordsOf(q)
  const last = words.at(-1)
  // Not a word yet.
  if (last === undefined) return []
  const isTyping = last.end === q.length
  const text = words.map(({ form }) => form).join(' ')
  const title = db.dialect.search.textOf(titleOf(words, isTyping))
  const [{ version, candidates }] = await Promise.all([
    findCandidates(db, { kinds, view, owner, range: rangeOf(text, isTyping), title, limit }),
    sawKinds(db, kinds, view),
  ])
  expectIndexed(version)
  const found = Map.groupBy(candidates, ({ kind }) => kind)
  return [...new Set(kinds)].flatMap((kind) => {
    const some = found.get(kind) ?? []
    const ranked = kind === 'article' ? some.sort((a, b) => (b.date ?? 0) - (a.date ?? 0)) : rank(some, text)
    return ranked.slice(0, limit).map((one) => present(one, text, isTyping))
  })
}

/** What the public is told is as it is because of what things of these kinds there are, and what they are called. */
async function sawKinds(db: Read, kinds: readonly SuggestedKind[], view: SuggestQuery['stage']): Promise<void> {
  db.sight?.saw(kinds.filter((kind) => kind !== 'article').map((kind) => `${kind}s`))
  if (!kinds.includes('article')) return
  endsSoon(db)
  if (view === 'live') await sawArticles(db)
}

/** The words in a title, wherever they stand; signs of scripts without spaces stand side by side. */
function titleOf(words: readonly Word[], isTyping: boolean): Expression {
  const groups: Word[][] = []
  for (const word of words) {
    const before = groups.at(-1)
    if (before !== undefined && before.at(-1)?.end === word.start) before.push(word)
    else groups.push([word])
  }
  return {
    all: groups.map((group, i) => {
      const phrase = group.map(({ form }) => form)
      // One letter begins too much of what there is.
      const isBeginning = isTyping && i === groups.length - 1 && (phrase.at(-1)?.length ?? 0) > 1
      return { phrase, place: 'title', prefix: isBeginning }
    }),
  }
}

/** Each thing once, in the order in which an editor looks for it. */
function rank(candidates: readonly Candidate[], text: string): Candidate[] {
  const once = new Map<string, Candidate & { isExact: boolean }>()
  for (const candidate of candidates) {
    const isExact = isCalled(candidate, text)
    if (isExact || !once.has(candidate.id)) once.set(candidate.id, { ...candidate, isExact })
  }
  return [...once.values()].sort(
    (a, b) =>
      Number(b.isExact) - Number(a.isExact) ||
      a.name.length - b.name.length ||
      compare(a.name, b.name) ||
      compare(a.id, b.id),
  )
}

/** Whether one of its names is just that, and does not only end so. */
function isCalled(candidate: Candidate, text: string): boolean {
  return candidate.text === text && namesOf(candidate).some((name) => textsOf(name)[0] === text)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function namesOf({ name, others }: Candidate): string[] {
  return [name, ...(others === null ? [] : (JSON.parse(others) as string[]))]
}

/** Whether it has the words side by side. */
function says(name: string, text: string, isTyping: boolean): boolean {
  const beginning = isTyping ? text : `${text} `
  return textsOf(name).some((one) => one === text || one.startsWith(beginning))
}

function present(candidate: Candidate, text: string, isTyping: boolean): Suggestion {
  const { kind, id, slug, name, path, visibility } = candidate
  const matched = kind === 'article' ? name : namesOf(candidate).find((one) => says(one, text, isTyping))
  return {
    ...{ kind, id, slug, name },
    ...(path !== null && { path }),
    ...(matched !== undefined && matched !== name && { matched }),
    ...(visibility === 'editors' && { visibility }),
  }
}
