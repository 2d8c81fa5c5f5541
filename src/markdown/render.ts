import MarkdownIt from 'markdown-it'
import { RenderError } from './error.ts'
import { type Removal, sanitize } from './sanitize.ts'
import { countWords, plainText } from './text.ts'

export type { Removal }

export interface Rendering {
  html: string
  text: string
  words: number
  /** What the sanitiser took out, one entry a kind. */
  removed: Removal[]
}

// Fifty lists within each other. markdown-it drops what lies deeper without a word, so we refuse it instead.
const MAX_NESTING = 100

// Forty times a long read with its markup. A table of 3,000 columns and short rows makes thirty times its own size.
const MAX_HTML_BYTES = 4 * 1024 * 1024

// Raw HTML is let through because the sanitiser comes last and sees everything. The two extras of GitHub's Markdown that
// newsrooms use are on; `xhtmlOut` and `langPrefix` are left alone since the sanitiser decides what is written.
const markdown = new MarkdownIt('commonmark', { html: true, maxNesting: MAX_NESTING }).enable([
  'table',
  'strikethrough',
])

// markdown-it would leave `[text](javascript:…)` standing as text; the sanitiser removes the address, keeps the words and
// says so, and there is one list of schemes.
markdown.validateLink = () => true

// A fence's language only becomes a class, which no writer typed and none may keep.
markdown.renderer.rules.fence = (tokens, index) =>
  `<pre><code>${markdown.utils.escapeHtml(tokens[index]?.content ?? '')}</code></pre>\n`

/**
 * CommonMark with tables and `~~strikethrough~~` to sanitised HTML, its plain text and its word count. Pure: the same body
 * gives the same rendering. Throws RenderError `too_complex` for nesting or output past the limits; time and memory are
 * the caller's to limit (`renderer.ts`).
 */
export function renderMarkdown(body: string): Rendering {
  const env = {}
  const tokens = markdown.parse(body, env)
  for (const { type, level } of tokens) {
    if (level >= MAX_NESTING - 1 && (type === 'blockquote_open' || type === 'list_item_open')) {
      throw new RenderError('too_complex', `quotes and lists are nested more than ${MAX_NESTING} deep`)
    }
  }
  const dirty = markdown.renderer.render(tokens, markdown.options, env)
  refuseOversize(dirty)

  const { html, removed } = sanitize(dirty)
  refuseOversize(html)

  const text = plainText(html)
  return { html, text, words: countWords(text), removed }
}

function refuseOversize(html: string) {
  if (Buffer.byteLength(html) > MAX_HTML_BYTES) {
    throw new RenderError('too_complex', `the text makes more than ${MAX_HTML_BYTES} bytes of HTML`)
  }
}
