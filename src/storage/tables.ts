import { addressesTable } from '../addresses/table.ts'
import {
  articleBylinesTable,
  articleCopiesTable,
  articlePagesTable,
  articleSourcesTable,
  articlesTable,
  articleTagsTable,
  searchEntriesTable,
  searchStateTable,
  searchWordsTable,
} from '../articles/table.ts'
import { keysTable } from '../keys/table.ts'
import { labelsTable } from '../labels/table.ts'
import { locksTable } from '../locks/table.ts'
import { revisionsTable } from '../revisions/table.ts'
import { sectionsTable } from '../sections/table.ts'
import { sourcesTable } from '../sources/table.ts'
import { tagsTable } from '../tags/table.ts'
import { usesTable } from '../uses/table.ts'
import type { Columns } from './columns.ts'
import { answersTable, changesTable, countersTable, secretsTable } from './table.ts'

/** All tables, for one engine's kit of columns. */
export function createTables(columns: Columns) {
  return {
    secrets: secretsTable(columns),
    keys: keysTable(columns),
    addresses: addressesTable(columns),
    sections: sectionsTable(columns),
    tags: tagsTable(columns),
    sources: sourcesTable(columns),
    articles: articlesTable(columns),
    articleCopies: articleCopiesTable(columns),
    articlePages: articlePagesTable(columns),
    articleTags: articleTagsTable(columns),
    articleSources: articleSourcesTable(columns),
    articleBylines: articleBylinesTable(columns),
    uses: usesTable(columns),
    revisions: revisionsTable(columns),
    locks: locksTable(columns),
    answers: answersTable(columns),
    counters: countersTable(columns),
    changes: changesTable(columns),
    labels: labelsTable(columns),
    searchEntries: searchEntriesTable(columns),
    searchState: searchStateTable(columns),
    articleSearch: columns.search('article_search'),
    searchWords: searchWordsTable(columns),
  }
}

export type Tables = ReturnType<typeof createTables>
