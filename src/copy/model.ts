/** What the parser may know of a source: enough to recognise its name in running text. */
export interface KnownSource {
  id: string
  name: string
  aliases: readonly string[]
  kind: string
}

export interface CopyOptions {
  sources: readonly KnownSource[]
  lang?: string
  /** The day the copy was pasted, YYYY-MM-DD: a date without a year is the nearest such day not after it. */
  today: string
}

export type BylineRole = 'author' | 'editor' | 'contributor' | 'photographer' | 'translator'

export interface Byline {
  name: string
  role: BylineRole
}

export interface Dateline {
  outlet: string | null
  place: string | null
  text: string
}

export interface SourceMention {
  /** The id of a known source. */
  source: string
  role: 'origin' | 'cited'
  statedOn: string | null
  /** The phrase of the copy that names it. */
  mention: string
}

export type Confidence = 'high' | 'low'

/** What the rules did, each with the 1-based line of the pasted text. */
export interface ParseReport {
  rules: { rule: string; line: number; text: string; confidence: Confidence }[]
  /** Words that left the copy: a whole line, or the credit at the end of one. */
  dropped: { rule: string; line: number; text: string }[]
  /** Attributions to a name that is no known source. */
  unresolved: { line: number; name: string; statedOn: string | null }[]
  warnings: { line: number; code: string; message: string }[]
}

export interface ParsedCopy {
  /** null when no rule found one. */
  title: string | null
  deck: string | null
  dateline: Dateline | null
  /** At least one. Bodies are Markdown: paragraphs are separated by a blank line. */
  pages: { title: string | null; body: string }[]
  sources: SourceMention[]
  bylines: Byline[]
  lang: string | null
  parse: ParseReport
}

/** One non-blank line, trimmed. Lines of one block belong to one paragraph. */
export interface Line {
  readonly number: number
  readonly block: number
  readonly text: string
  /** Whether the paste has a blank line right below. */
  readonly endsBlock: boolean
}
