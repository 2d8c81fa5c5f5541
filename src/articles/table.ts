import type { Columns } from '../storage/columns.ts'
import { type SQL, type SQLWrapper, sql } from '../storage/drizzle.ts'
import type { Access, BylineRole, Correction, Dateline, Genre, Image, Seo, SourceRole, Stage } from './vocabulary.ts'
import type { State } from './workflow.ts'

/** Spelled out, since a partial index serves only what says its condition. */
export const isWorking = (copies: { stage: SQLWrapper }): SQL => sql`${copies.stage} = 'working'`
export const isForThePublic = (copies: { stage: SQLWrapper }): SQL => sql`${copies.stage} <> 'working'`

/** One word for what is live and what is next, so that an index has them as one list. Spelled as the indexes spell it. */
export const viewOf = (copies: { stage: SQLWrapper }): SQL => sql`replace(${copies.stage}, 'next', 'live')`

/** Where a copy is in a list by date: what was never published has none, and is before everything that has one. */
export const listedAt = (publishedAt: string | null | undefined): string => publishedAt ?? '9999'

export const articlesTable = (c: Columns) =>
  c.table(
    'articles',
    {
      id: c.text('id').primaryKey(),
      state: c.text('state').$type<State>().notNull(),
      createdAt: c.instant('created_at').notNull(),
      /** id of the key */
      createdBy: c.text('created_by').notNull(),
      firstPublishedAt: c.instant('first_published_at'),
      /** id of the key that scheduled the next copy */
      scheduledBy: c.text('scheduled_by'),
      withdrawnAt: c.instant('withdrawn_at'),
      withdrawnReason: c.text('withdrawn_reason'),
      /** id of the article that stands in for a withdrawn one */
      replacementId: c.text('replacement_id'),
    },
    (t) => [c.index('trashed_articles').on(t.id).where(sql`${t.state} = 'trashed'`)],
  )

/**
 * The working copy, which editors change; the live copy, which the public reads; and the next, scheduled to take its
 * place: the same columns. Of the last two the public sees at each moment the one from shownFrom to shownUntil.
 */
export const articleCopiesTable = (c: Columns) =>
  c.table(
    'article_copies',
    {
      articleId: c.text('article_id').notNull(),
      stage: c.text('stage').$type<Stage>().notNull(),
      version: c.integer('version').notNull(),
      slug: c.text('slug').notNull(),
      externalId: c.text('external_id'),
      lang: c.text('lang').notNull(),
      title: c.text('title').notNull(),
      kicker: c.text('kicker'),
      deck: c.text('deck'),
      dateline: c.json<Dateline>('dateline'),
      sectionId: c.text('section_id'),
      image: c.json<Image>('image'),
      genre: c.text('genre').$type<Genre>(),
      urgency: c.integer('urgency'),
      breaking: c.boolean('breaking').notNull(),
      breakingUntil: c.instant('breaking_until'),
      seo: c.json<Seo>('seo'),
      access: c.text('access').$type<Access>().notNull(),
      corrections: c.json<Correction[]>('corrections').notNull(),
      wordCount: c.integer('word_count').notNull(),
      readingMinutes: c.integer('reading_minutes').notNull(),
      pageCount: c.integer('page_count').notNull(),
      publishedAt: c.instant('published_at'),
      /** see listedAt() */
      listedAt: c.text('listed_at').notNull(),
      embargoUntil: c.instant('embargo_until'),
      expiresAt: c.instant('expires_at'),
      updatedAt: c.instant('updated_at').notNull(),
      shownFrom: c.instant('shown_from'),
      shownUntil: c.instant('shown_until'),
      /** of a copy that is made for the public: see stored/card.ts; null while it is still to be written */
      card: c.text('card'),
    },
    (t) => [
      c.primaryKey({ columns: [t.articleId, t.stage] }),
      c.uniqueIndex('article_copies_external_id').on(t.externalId, t.stage),
      c.index('working_copies_by_publication').on(t.listedAt, t.articleId).where(isWorking(t)),
      c.index('public_copies_by_publication').on(t.listedAt, t.articleId).where(isForThePublic(t)),
      c.index('working_copies_by_update').on(t.updatedAt, t.articleId).where(isWorking(t)),
      c.index('public_copies_by_update').on(t.updatedAt, t.articleId).where(isForThePublic(t)),
      c.index('working_copies_by_title').on(t.title, t.articleId).where(isWorking(t)),
      c.index('public_copies_by_title').on(t.title, t.articleId).where(isForThePublic(t)),
      c.index('article_copies_of_section').on(t.sectionId, viewOf(t), t.listedAt, t.articleId),
      c.index('article_copies_of_lang').on(t.lang, viewOf(t), t.listedAt, t.articleId),
      c
        .index('article_copies_of_genre')
        .on(t.genre, viewOf(t), t.listedAt, t.articleId)
        .where(sql`${t.genre} is not null`),
      c.index('breaking_copies').on(viewOf(t), t.listedAt, t.articleId).where(sql`${t.breaking}`),
      c.index('next_copies_by_start').on(t.shownFrom, t.articleId).where(sql`${t.stage} = 'next'`),
      c
        .index('public_copies_by_end')
        .on(t.shownUntil, t.articleId)
        .where(sql`${isForThePublic(t)} and ${t.shownUntil} is not null`),
      c
        .index('public_copies_by_news_end')
        .on(t.breakingUntil)
        .where(sql`${isForThePublic(t)} and ${t.breakingUntil} is not null`),
      c
        .index('copies_without_card')
        .on(t.articleId, t.stage)
        .where(sql`${isForThePublic(t)} and ${t.card} is null`),
    ],
  )

export const articlePagesTable = (c: Columns) =>
  c.table(
    'article_pages',
    {
      articleId: c.text('article_id').notNull(),
      stage: c.text('stage').$type<Stage>().notNull(),
      number: c.integer('number').notNull(),
      title: c.text('title'),
      body: c.text('body').notNull(),
      html: c.text('html').notNull(),
      text: c.text('text').notNull(),
      words: c.integer('words').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.articleId, t.stage, t.number] })],
  )

export const articleTagsTable = (c: Columns) =>
  c.table(
    'article_tags',
    {
      articleId: c.text('article_id').notNull(),
      stage: c.text('stage').$type<Stage>().notNull(),
      position: c.integer('position').notNull(),
      tagId: c.text('tag_id').notNull(),
      /** of the copy, so that a list of one tag is walked by it */
      listedAt: c.text('listed_at').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.articleId, t.stage, t.position] }),
      c.uniqueIndex('article_tags_of_tag').on(t.tagId, viewOf(t), t.listedAt, t.articleId, t.stage),
    ],
  )

export const articleSourcesTable = (c: Columns) =>
  c.table(
    'article_sources',
    {
      articleId: c.text('article_id').notNull(),
      stage: c.text('stage').$type<Stage>().notNull(),
      position: c.integer('position').notNull(),
      sourceId: c.text('source_id').notNull(),
      role: c.text('role').$type<SourceRole>().notNull(),
      url: c.text('url'),
      statedOn: c.text('stated_on'),
      mention: c.text('mention'),
      /** of the copy, so that a list of one source is walked by it */
      listedAt: c.text('listed_at').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.articleId, t.stage, t.position] }),
      c.index('article_sources_of_source').on(t.sourceId, viewOf(t), t.listedAt, t.articleId),
    ],
  )

export const articleBylinesTable = (c: Columns) =>
  c.table(
    'article_bylines',
    {
      articleId: c.text('article_id').notNull(),
      stage: c.text('stage').$type<Stage>().notNull(),
      position: c.integer('position').notNull(),
      name: c.text('name').notNull(),
      /** the name as it is compared: composed, in lower case */
      folded: c.text('folded').notNull(),
      role: c.text('role').$type<BylineRole>().notNull(),
      /** of the copy, so that a list of one name is walked by it */
      listedAt: c.text('listed_at').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.articleId, t.stage, t.position] }),
      c.index('article_bylines_of_name').on(t.folded, viewOf(t), t.listedAt, t.articleId),
    ],
  )

/** The texts of articles as search knows them: one row for each, which stands for every copy that says the same. */
export const searchEntriesTable = (c: Columns) =>
  c.table(
    'search_entries',
    {
      /** goes by date: see search/indexing.ts */
      id: c.integer('id').primaryKey(),
      articleId: c.text('article_id').notNull(),
      /** which copies of the article say this */
      working: c.boolean('working').notNull(),
      live: c.boolean('live').notNull(),
      next: c.boolean('next').notNull(),
      /** of all that was indexed */
      digest: c.text('digest').notNull(),
      /** the words of the title and their stems, with a space on either side of each */
      title: c.text('title').notNull(),
      titleWords: c.integer('title_words').notNull(),
      /** likewise the kicker and the deck */
      deck: c.text('deck').notNull(),
      /** the words with which the body begins, and those that it says often */
      main: c.text('main').notNull(),
    },
    (t) => [c.index('search_entries_of_article').on(t.articleId, t.working, t.live, t.next)],
  )

/** The words that the index has or had. */
export const searchWordsTable = (c: Columns) => c.table('search_words', { term: c.text('term').primaryKey() })

/** Which version of the words is indexed, wholly; 0 while they are being indexed anew. */
export const searchStateTable = (c: Columns) =>
  c.table('search_state', {
    name: c.text('name').primaryKey(),
    version: c.integer('version').notNull(),
    /** counts the beginnings of indexing everything anew */
    run: c.integer('run').notNull(),
    /** when the last of them did something */
    seenAt: c.instant('seen_at'),
  })
