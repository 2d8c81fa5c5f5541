import type { z } from 'zod'
import { type ParsedCopy, parseCopy } from '../copy/parse.ts'
import { Problem, raise } from '../errors.ts'
import { faultsOf } from '../lib/faults.ts'
import type { CopyQuery } from './lists/schema.ts'
import { ArticleCreate, type ArticleInput, type Parse } from './schema.ts'

/** A source as the parser knows it. */
type KnownSource = Parameters<typeof parseCopy>[1]['sources'][number]

/**
 * Turns a pasted story into a draft and the report of what was done. Nothing is invented: what no rule explains stays in
 * the body.
 * @throws Problem title_missing; rule_broken, when a part is longer than its field
 */
export function draftFromCopy(
  text: string,
  query: z.output<typeof CopyQuery>,
  sources: readonly KnownSource[],
  today: string,
): { body: ArticleInput; parse: z.output<typeof Parse> } {
  const parsed = parseCopy(text, { sources, today, ...(query.lang !== undefined && { lang: query.lang }) })
  if (parsed.title === null) {
    raise('title_missing', { detail: 'The first line of the text should be its title.', more: { parse: parsed.parse } })
  }
  const draft = ArticleCreate.safeParse(inputOf(parsed, query))
  if (!draft.success) raise('rule_broken', { errors: faultsOf(draft.error.issues), more: { parse: parsed.parse } })
  return { body: draft.data, parse: parsed.parse }
}

/** What the query of pasted copy says is at fault there, not in a body that is text. */
export function placedInQuery(error: unknown): unknown {
  if (!(error instanceof Problem) || error.details.errors === undefined) return error
  const errors = error.details.errors.map(({ pointer, ...fault }) => {
    const [, parameter = ''] = /^\/(section|tags|lang)\b/.exec(pointer ?? '') ?? []
    return parameter === '' ? { ...(pointer !== undefined && { pointer }), ...fault } : { parameter, ...fault }
  })
  return new Problem(error.code, { ...error.details, errors })
}

function inputOf(parsed: ParsedCopy, query: z.output<typeof CopyQuery>): z.input<typeof ArticleCreate> {
  const { title, deck, dateline, pages, sources, bylines } = parsed
  const lang = query.lang ?? parsed.lang ?? undefined
  return {
    title: title ?? '',
    deck,
    dateline,
    pages,
    sources,
    bylines,
    ...(lang !== undefined && { lang }),
    ...(query.section !== undefined && { section: query.section }),
    ...(query.tags !== undefined && { tags: query.tags }),
  }
}
