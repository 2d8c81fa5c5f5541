import { Parser } from 'htmlparser2'
import sanitizeHtml from 'sanitize-html'

export interface Removal {
  code: 'html_removed' | 'attribute_removed' | 'link_removed'
  message: string
}

/** The value to keep, or undefined when it may not stay. */
type Rule = (value: string) => string | undefined

const text: Rule = (value) => value
const matching =
  (pattern: RegExp): Rule =>
  (value) =>
    pattern.test(value) ? value : undefined

// A page holds what its readers can open: the web, a mail, a call. `javascript:` and `data:` run or hide code, and other
// schemes start programs on the reader's machine.
const LINK_SCHEMES = ['http', 'https', 'mailto', 'tel']
const WEB_SCHEMES = ['http', 'https']

const link = addressRule(LINK_SCHEMES)
const webAddress = addressRule(WEB_SCHEMES)
const align: Rule = (value) => /^(?:left|center|right)$/i.exec(value)?.[0].toLowerCase()
// Five digits: wider than any picture that a browser lays out.
const pixels = matching(/^\d{1,5}$/)
// Two digits: no printed table spans a hundred columns, and browsers build every cell that they are told of.
const span = matching(/^[1-9]\d?$/)

/**
 * All that a reader's browser may be sent: elements, their attributes, and what a value must be. What is not here is
 * taken out. Nothing here runs, loads a document, takes input, or reaches outside its own place on the page: so no
 * script, iframe, form, svg, math, style or object, and no `id`, `class`, `style` or `on…` anywhere.
 */
const ALLOWED: Record<string, Record<string, Rule>> = {
  // What CommonMark makes.
  p: {},
  h1: {},
  h2: {},
  h3: {},
  h4: {},
  h5: {},
  h6: {},
  blockquote: { cite: webAddress },
  ul: {},
  // CommonMark's own limit for a list's first number is nine digits.
  ol: { start: matching(/^-?\d{1,9}$/) },
  li: {},
  pre: {},
  code: {},
  em: {},
  strong: {},
  a: { href: link, title: text },
  // No srcset: it is a list of addresses in a syntax of its own, and the site that shows the article makes its own sizes.
  img: { src: webAddress, alt: text, title: text, width: pixels, height: pixels },
  br: {},
  hr: {},
  // Struck out words: `~~so~~` makes <s>; <del> and <ins> are a correction's.
  s: {},
  del: {},
  ins: {},
  // Tables. `align` rather than `style`, so that a site's Content-Security-Policy can forbid every inline style.
  table: {},
  caption: {},
  thead: {},
  tbody: {},
  tfoot: {},
  tr: {},
  th: { align, colspan: span, rowspan: span, scope: matching(/^(?:row|col|rowgroup|colgroup)$/) },
  td: { align, colspan: span, rowspan: span },
  // What a newsroom writes by hand where Markdown has no sign for it: formulas, notes, sources, pictures with captions.
  sub: {},
  sup: {},
  mark: {},
  small: {},
  b: {},
  i: {},
  u: {},
  abbr: { title: text },
  cite: {},
  q: { cite: webAddress },
  time: { datetime: text },
  figure: {},
  figcaption: {},
  dl: {},
  dt: {},
  dd: {},
  // Bare, they do nothing; pasted text is full of them, and taking them out would only add to what the writer must read.
  span: {},
  div: {},
}

const ADDRESSES = new Set(['href', 'src', 'cite'])

// Twice the limit for Markdown's own quotes and lists, and well under the 512 at which browsers themselves flatten a
// document, so that what they show is what is stored.
const MAX_DEPTH = 200

// A text of nothing but unknown tags must not answer with a report longer than itself; twenty kinds are more than anyone
// mends in one go.
const MAX_REMOVALS = 20

// Enough of an address to find it again in the text.
const SHOWN_CHARACTERS = 80

/**
 * The HTML with only what ALLOWED lists, every tag closed, and one entry for each kind of thing that was taken out.
 * Sanitising the result again changes nothing. The words inside a removed element stay, except those of script, style,
 * textarea and xmp, which are not words of the article.
 */
export function sanitize(html: string): { html: string; removed: Removal[] } {
  const removed = new Map<string, Removal>()
  const remove = (code: Removal['code'], message: string) => {
    if (removed.size < MAX_REMOVALS) removed.set(message, { code, message })
  }

  const once = pass(html, remove)
  reportComments(html, remove)

  // An element taken out from between two others can leave <p> directly inside <p>, which a parser reads as two. A second
  // pass writes it as it will be read; after that every element closes where it is written, so there is no third.
  const stable = once.unwrapped ? pass(once.html, () => {}).html : once.html
  return { html: stable, removed: [...removed.values()] }
}

function pass(html: string, remove: (code: Removal['code'], message: string) => void) {
  let depth = 0
  let unwrapped = false

  const keepAllowed = (tagName: string, attribs: sanitizeHtml.Attributes): sanitizeHtml.Tag => {
    const rules = Object.hasOwn(ALLOWED, tagName) ? ALLOWED[tagName] : undefined
    if (rules === undefined || depth > MAX_DEPTH) {
      unwrapped = true
      remove('html_removed', rules ? `tags nested more than ${MAX_DEPTH} deep are not kept` : notAllowed(tagName))
      return { tagName, attribs: {} }
    }
    const kept: sanitizeHtml.Attributes = {}
    for (const [name, value] of Object.entries(attribs)) {
      if (name === 'style' && rules.align) {
        const alignment = alignmentOf(value)
        if (alignment) kept.align = alignment
        else remove('attribute_removed', `the attribute style of <${tagName}> is not allowed`)
        continue
      }
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
      const allowed = rule?.(value)
      if (allowed !== undefined) kept[name] = allowed
      else if (rule && ADDRESSES.has(name)) remove('link_removed', addressRemoved(name, value))
      else if (rule) remove('attribute_removed', `the value of ${name} of <${tagName}> is not allowed`)
      else remove('attribute_removed', `the attribute ${shorten(name)} of <${tagName}> is not allowed`)
    }
    return { tagName, attribs: kept }
  }

  // sanitize-html holds the same lists a second time, so that a slip in keepAllowed is not a hole.
  const result = sanitizeHtml(html, {
    allowedTags: Object.keys(ALLOWED),
    allowedAttributes: Object.fromEntries(Object.entries(ALLOWED).map(([tag, rules]) => [tag, Object.keys(rules)])),
    allowedSchemes: LINK_SCHEMES,
    allowedSchemesByTag: { img: WEB_SCHEMES, blockquote: WEB_SCHEMES, q: WEB_SCHEMES },
    allowProtocolRelative: false,
    // Its list without `option`, where a forgotten end tag would swallow the rest of the article.
    nonTextTags: ['script', 'style', 'textarea', 'xmp'],
    nestingLimit: MAX_DEPTH,
    onOpenTag: () => {
      depth++
    },
    onCloseTag: () => {
      depth--
    },
    transformTags: { '*': keepAllowed },
  })
  return { html: result, unwrapped }
}

/** sanitize-html drops comments, CDATA and declarations without a word; a text that has any is read once more for them. */
function reportComments(html: string, remove: (code: Removal['code'], message: string) => void) {
  if (!/<[!?]/.test(html)) return
  const parser = new Parser({
    oncomment: () => remove('html_removed', 'comments (<!-- … -->) are not kept'),
    onprocessinginstruction: (name) => remove('html_removed', notAllowed(name)),
  })
  parser.end(html)
}

/**
 * Reads an address as a browser does: it drops tabs and line breaks anywhere, reads a backslash as a slash, and takes
 * `//host` for another site. That last one is refused, and `https:host` and `https:/host` with it, because where they
 * lead depends on the page that shows them.
 */
function addressRule(schemes: readonly string[]): Rule {
  const here = 'here.invalid'
  return (value) => {
    // All control characters and spaces, although browsers only drop some of them, because sanitize-html does the same.
    const bare = value.replace(/[\u0000-\u0020]+/g, '')
    if (bare === '' || bare.includes('<!--')) return undefined
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare)?.[1]?.toLowerCase()
    if (scheme === undefined) return URL.parse(bare, `https://${here}`)?.host === here ? value : undefined
    if (!schemes.includes(scheme) || !URL.canParse(bare)) return undefined
    return WEB_SCHEMES.includes(scheme) && !bare.startsWith('//', scheme.length + 1) ? undefined : value
  }
}

/** Markdown's tables align by style; the attribute says the same. */
function alignmentOf(style: string): string | undefined {
  return /^\s*text-align\s*:\s*(left|center|right)\s*;?\s*$/i.exec(style.slice(0, SHOWN_CHARACTERS))?.[1]?.toLowerCase()
}

function notAllowed(tagName: string): string {
  return `<${shorten(tagName)}> is not allowed`
}

function addressRemoved(attribute: string, value: string): string {
  const kind = attribute === 'src' ? 'image' : 'link'
  return value.trim() === '' ? `an empty ${kind} address was removed` : `the ${kind} ${shorten(value)} was removed`
}

/** At most 80 characters, never half a character, and no control character, for it may go to a log. */
function shorten(value: string): string {
  const start = value.slice(0, SHOWN_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')
  return (start.length < value.length ? `${start}…` : start).replace(/\p{Cc}/gu, ' ')
}
