/** The life of an article as a table: an action is allowed from these states, and leads to that one. Pure. */

export const states = ['draft', 'published', 'trashed'] as const
export type State = (typeof states)[number]

interface Transition {
  from: readonly State[]
  to: State
  /** what the log of changes calls it */
  change: `article.${string}`
}

const transitions = {
  publish: { from: ['draft', 'published'], to: 'published', change: 'article.published' },
  unpublish: { from: ['published'], to: 'draft', change: 'article.unpublished' },
  delete: { from: ['draft'], to: 'trashed', change: 'article.trashed' },
  restore: { from: ['trashed'], to: 'draft', change: 'article.restored' },
} as const satisfies Record<string, Transition>

export type Action = keyof typeof transitions

/** States in which the working copy can be edited. */
export const editable: readonly State[] = ['draft', 'published']

export function transition(action: Action, state: State): Transition | undefined {
  const found: Transition = transitions[action]
  return found.from.includes(state) ? found : undefined
}

/** The states that would allow an action, for the answer to one that is refused. */
export function statesFor(action: Action): readonly State[] {
  return transitions[action].from
}
