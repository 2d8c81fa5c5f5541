/** What anybody has in an afternoon, over the same stories: an index of SQLite as it comes, and LIKE. */
import Database from 'better-sqlite3'
import type { Told } from './corpus.ts'
import { looked } from './measures.ts'

export interface Baseline {
  find(q: string): string[]
}

/** Both are told what is a phrase, as whoever builds such a search would do. */
export function termsOf(q: string): string[] {
  return Array.from(q.matchAll(/"([^"]+)"|(\S+)/g), ([, phrase, word]) => phrase ?? word ?? '')
}

/** As it is mostly set up: all words must be there, in the order of bm25, a title worth ten bodies and a deck five. */
export function plainFts5(stories: readonly Told[]): Baseline {
  const db = new Database(':memory:')
  db.exec(`CREATE VIRTUAL TABLE plain USING fts5 (title, deck, body, tokenize = 'unicode61 remove_diacritics 2')`)
  const insert = db.prepare('INSERT INTO plain VALUES (@title, @deck, @body)')
  for (const { title, deck, body } of stories) insert.run({ title, deck, body })
  const find = db.prepare('SELECT title FROM plain WHERE plain MATCH ? ORDER BY bm25(plain, 10, 5, 1) LIMIT ?').pluck()
  const quoted = (term: string) => `"${term.replaceAll('"', '""')}"`
  return { find: (q) => find.all(termsOf(q).map(quoted).join(' AND '), looked) as string[] }
}

/** Every word is contained somewhere; the newest first, since nothing tells which is the best. */
export function like(stories: readonly Told[]): Baseline {
  const db = new Database(':memory:')
  db.exec('CREATE TABLE stories (title TEXT, deck TEXT, body TEXT, published TEXT) STRICT')
  const insert = db.prepare('INSERT INTO stories VALUES (@title, @deck, @body, @published)')
  for (const story of stories) insert.run(story)
  return {
    find(q) {
      const terms = termsOf(q).map((term) => `%${term.replace(/[\\%_]/g, '\\$&')}%`)
      const contained = ['title', 'deck', 'body'].map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')
      return db
        .prepare(
          `SELECT title FROM stories WHERE ${terms.map(() => `(${contained})`).join(' AND ')}
            ORDER BY published DESC LIMIT ${looked}`,
        )
        .pluck()
        .all(terms.flatMap((term) => [term, term, term])) as string[]
    },
  }
}
