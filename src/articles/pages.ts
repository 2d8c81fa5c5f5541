import { raise } from '../errors.ts'
import type { Rendering } from '../markdown/render.ts'
import { RenderError, type Renderer } from '../markdown/renderer.ts'
import type { PageRow } from './parts/store.ts'
import type { Warning } from './schema.ts'

/** What each body of a request looks like to readers, by the body itself. */
export type Renderings = ReadonlyMap<string, Rendering>

/** Words that an adult reads in a minute (Brysbaert 2019: 238 of English prose). */
const wordsPerMinute = 238

/**
 * Renders the bodies of a request, before any transaction.
 * @throws Problem text_too_complex | too_busy
 */
export async function renderPages(
  renderer: Renderer,
  pages: readonly { body?: unknown }[] | null | undefined,
): Promise<Renderings> {
  const bodies = [...new Set(pages?.flatMap(({ body }) => (typeof body === 'string' ? [body] : [])))]
  if (bodies.length === 0) return new Map()
  try {
    const renderings = await renderer.render(bodies)
    return new Map(bodies.flatMap((body, i) => (renderings[i] === undefined ? [] : [[body, renderings[i]]])))
  } catch (error) {
    if (error instanceof RenderError && error.code === 'too_busy') {
      return raise('too_busy', { headers: { 'retry-after': '2' }, cause: error })
    }
    if (!(error instanceof RenderError) || error.code !== 'too_complex') throw error
    return raise('text_too_complex', {
      detail: 'Its Markdown takes more time or memory to render than any real story. Make it shorter or nest it less.',
      cause: error,
    })
  }
}

/** The rows of pages; a body that was there before keeps its renderings. */
export function rowsOf(
  pages: readonly { title: string | null; body: string }[],
  renderings: Renderings,
  before: readonly PageRow[] = [],
): PageRow[] {
  return pages.map(({ title, body }, i) => {
    const { html, text, words } = renderings.get(body) ?? before.find((row) => row.body === body) ?? missing()
    return { number: i + 1, title, body, html, text, words }
  })
}

/** What the sanitiser took out, each at the page that had it. */
export function warningsOf(pages: readonly { body: string }[], renderings: Renderings): Warning[] {
  return pages.flatMap(({ body }, i) =>
    (renderings.get(body)?.removed ?? []).map((removal) => ({ pointer: `/pages/${i}/body`, ...removal })),
  )
}

export function measure(rows: readonly PageRow[]): { wordCount: number; readingMinutes: number; pageCount: number } {
  const wordCount = rows.reduce((sum, { words }) => sum + words, 0)
  return { wordCount, readingMinutes: Math.ceil(wordCount / wordsPerMinute), pageCount: rows.length }
}

function missing(): never {
  throw new Error('A page was to be stored that nobody rendered.')
}
