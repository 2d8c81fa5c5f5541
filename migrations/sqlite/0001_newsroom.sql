-- Instants are RFC 3339 text in UTC with milliseconds; booleans are 0 or 1; lists and small objects are JSON text.

CREATE TABLE secrets (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE keys (
  id             TEXT NOT NULL PRIMARY KEY,
  name           TEXT NOT NULL,
  role           TEXT NOT NULL CHECK (role IN ('reader', 'writer', 'editor', 'admin')),
  hint           TEXT NOT NULL,
  hash           TEXT NOT NULL UNIQUE,
  previous_hash  TEXT UNIQUE,
  previous_until TEXT,
  version        INTEGER NOT NULL,
  created_at     TEXT NOT NULL,
  updated_at     TEXT NOT NULL,
  expires_at     TEXT,
  revoked_at     TEXT
) STRICT;

-- Every name a thing answers to: its id, its slug, a section's path, and what it was called before.
-- Readers may know it from public_from on; never, where that is null.
CREATE TABLE addresses (
  kind        TEXT NOT NULL,
  address     TEXT NOT NULL,
  target_id   TEXT NOT NULL,
  public_from TEXT,
  PRIMARY KEY (kind, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_of_target ON addresses (target_id);

CREATE TABLE sections (
  id          TEXT NOT NULL PRIMARY KEY,
  slug        TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  description TEXT,
  lang        TEXT,
  parent_id   TEXT REFERENCES sections (id),
  path        TEXT NOT NULL UNIQUE,
  position    INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL
) STRICT;
CREATE INDEX sections_of_parent ON sections (parent_id, position, name);

CREATE TABLE tags (
  id          TEXT NOT NULL PRIMARY KEY,
  slug        TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  kind        TEXT NOT NULL,
  description TEXT,
  synonyms    TEXT NOT NULL,
  same_as     TEXT NOT NULL,
  version     INTEGER NOT NULL,
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL
) STRICT;
CREATE INDEX tags_by_name ON tags (name, id);

CREATE TABLE sources (
  id          TEXT NOT NULL PRIMARY KEY,
  slug        TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  aliases     TEXT NOT NULL,
  kind        TEXT NOT NULL,
  homepage    TEXT,
  country     TEXT,
  lang        TEXT,
  usage_terms TEXT,
  licence_url TEXT,
  credit_line TEXT,
  visibility  TEXT NOT NULL CHECK (visibility IN ('public', 'editors')),
  version     INTEGER NOT NULL,
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL
) STRICT;
CREATE INDEX sources_by_name ON sources (name, id);

-- What was withdrawn stays told until it is published again.
CREATE TABLE articles (
  id                 TEXT NOT NULL PRIMARY KEY,
  state              TEXT NOT NULL,
  created_at         TEXT NOT NULL,
  created_by         TEXT NOT NULL,
  first_published_at TEXT,
  scheduled_by       TEXT,
  withdrawn_at       TEXT,
  withdrawn_reason   TEXT,
  replacement_id     TEXT
) STRICT;
CREATE INDEX trashed_articles ON articles (id) WHERE state = 'trashed';

-- The working copy, which editors change; the live copy, which the public reads; and the one that is next, scheduled to
-- take its place. Of the last two the public sees at each moment the one from shown_from to shown_until. What was never
-- published has no date and is listed before everything that has one.
CREATE TABLE article_copies (
  article_id      TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  stage           TEXT NOT NULL CHECK (stage IN ('working', 'live', 'next')),
  version         INTEGER NOT NULL,
  slug            TEXT NOT NULL,
  external_id     TEXT,
  lang            TEXT NOT NULL,
  title           TEXT NOT NULL,
  kicker          TEXT,
  deck            TEXT,
  dateline        TEXT,
  section_id      TEXT REFERENCES sections (id),
  image           TEXT,
  genre           TEXT,
  urgency         INTEGER CHECK (urgency BETWEEN 1 AND 9),
  breaking        INTEGER NOT NULL CHECK (breaking IN (0, 1)),
  breaking_until  TEXT,
  seo             TEXT,
  access          TEXT NOT NULL,
  corrections     TEXT NOT NULL,
  word_count      INTEGER NOT NULL,
  reading_minutes INTEGER NOT NULL,
  page_count      INTEGER NOT NULL,
  published_at    TEXT,
  listed_at       TEXT NOT NULL CHECK (listed_at = COALESCE(published_at, '9999')),
  embargo_until   TEXT,
  expires_at      TEXT,
  updated_at      TEXT NOT NULL,
  shown_from      TEXT,
  shown_until     TEXT,
  PRIMARY KEY (article_id, stage)
) STRICT;
-- Not by stage first: SQLite would take it for every list of a stage, and sort.
CREATE UNIQUE INDEX article_copies_external_id ON article_copies (external_id, stage);
-- One for each order of a list.
CREATE INDEX working_copies_by_publication ON article_copies (listed_at, article_id) WHERE stage = 'working';
CREATE INDEX public_copies_by_publication ON article_copies (listed_at, article_id) WHERE stage <> 'working';
CREATE INDEX working_copies_by_update ON article_copies (updated_at, article_id) WHERE stage = 'working';
CREATE INDEX public_copies_by_update ON article_copies (updated_at, article_id) WHERE stage <> 'working';
CREATE INDEX working_copies_by_title ON article_copies (title, article_id) WHERE stage = 'working';
CREATE INDEX public_copies_by_title ON article_copies (title, article_id) WHERE stage <> 'working';
-- One for each filter of a list by date. What is live and what is next are one list: replace() makes one word of both.
CREATE INDEX article_copies_of_section ON article_copies (section_id, replace(stage, 'next', 'live'), listed_at, article_id);
CREATE INDEX article_copies_of_lang ON article_copies (lang, replace(stage, 'next', 'live'), listed_at, article_id);
CREATE INDEX article_copies_of_genre ON article_copies (genre, replace(stage, 'next', 'live'), listed_at, article_id) WHERE genre IS NOT NULL;
CREATE INDEX breaking_copies ON article_copies (replace(stage, 'next', 'live'), listed_at, article_id) WHERE breaking;
-- What the clock will change, soonest first.
CREATE INDEX next_copies_by_start ON article_copies (shown_from, article_id) WHERE stage = 'next';
CREATE INDEX public_copies_by_end ON article_copies (shown_until, article_id) WHERE stage <> 'working' AND shown_until IS NOT NULL;
CREATE INDEX public_copies_by_news_end ON article_copies (breaking_until) WHERE stage <> 'working' AND breaking_until IS NOT NULL;

CREATE TABLE article_pages (
  article_id TEXT NOT NULL,
  stage      TEXT NOT NULL,
  number     INTEGER NOT NULL,
  title      TEXT,
  body       TEXT NOT NULL,
  html       TEXT NOT NULL,
  text       TEXT NOT NULL,
  words      INTEGER NOT NULL,
  PRIMARY KEY (article_id, stage, number),
  FOREIGN KEY (article_id, stage) REFERENCES article_copies (article_id, stage) ON DELETE CASCADE
) STRICT;

-- Tags, sources and bylines have the date of their copy, so that lists of one of them are walked by it.
CREATE TABLE article_tags (
  article_id TEXT NOT NULL,
  stage      TEXT NOT NULL,
  position   INTEGER NOT NULL,
  tag_id     TEXT NOT NULL REFERENCES tags (id),
  listed_at  TEXT NOT NULL,
  PRIMARY KEY (article_id, stage, position),
  FOREIGN KEY (article_id, stage) REFERENCES article_copies (article_id, stage) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX article_tags_of_tag ON article_tags (tag_id, replace(stage, 'next', 'live'), listed_at, article_id, stage);

CREATE TABLE article_sources (
  article_id TEXT NOT NULL,
  stage      TEXT NOT NULL,
  position   INTEGER NOT NULL,
  source_id  TEXT NOT NULL REFERENCES sources (id),
  role       TEXT NOT NULL,
  url        TEXT,
  stated_on  TEXT,
  mention    TEXT,
  listed_at  TEXT NOT NULL,
  PRIMARY KEY (article_id, stage, position),
  FOREIGN KEY (article_id, stage) REFERENCES article_copies (article_id, stage) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX article_sources_of_source ON article_sources (source_id, replace(stage, 'next', 'live'), listed_at, article_id);

CREATE TABLE article_bylines (
  article_id TEXT NOT NULL,
  stage      TEXT NOT NULL,
  position   INTEGER NOT NULL,
  name       TEXT NOT NULL,
  folded     TEXT NOT NULL,
  role       TEXT NOT NULL,
  listed_at  TEXT NOT NULL,
  PRIMARY KEY (article_id, stage, position),
  FOREIGN KEY (article_id, stage) REFERENCES article_copies (article_id, stage) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX article_bylines_of_name ON article_bylines (folded, replace(stage, 'next', 'live'), listed_at, article_id);

-- How many copies that are made for the public use a tag or a source.
CREATE TABLE uses (
  id     TEXT NOT NULL PRIMARY KEY,
  copies INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What editors saved, as it was: one row a save, unless saves in quick succession were folded into one.
CREATE TABLE revisions (
  article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  number     INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  at         TEXT NOT NULL,
  since      TEXT NOT NULL,
  actor      TEXT NOT NULL,
  fields     TEXT NOT NULL,
  note       TEXT,
  snapshot   TEXT NOT NULL,
  PRIMARY KEY (article_id, number)
) STRICT;
CREATE INDEX revisions_by_time ON revisions (at);

-- Who works on an article for a while.
CREATE TABLE locks (
  article_id   TEXT NOT NULL PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
  holder       TEXT NOT NULL,
  locked_since TEXT NOT NULL,
  locked_until TEXT NOT NULL
) STRICT;

-- The first answer to each Idempotency-Key, written with its effect; the body is readable only with the key itself.
CREATE TABLE answers (
  actor    TEXT NOT NULL,
  key_hash TEXT NOT NULL,
  request  TEXT NOT NULL,
  status   INTEGER NOT NULL,
  headers  TEXT NOT NULL,
  body     TEXT NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (actor, key_hash)
) STRICT;
CREATE INDEX answers_by_time ON answers (at);

-- Numbers that count up. On PostgreSQL whoever holds the row of the turn is who writes, on any node; SQLite has its file's lock.
CREATE TABLE counters (
  name  TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO counters (name, value) VALUES ('changes', 0), ('turn', 0);

-- What happened, in the order of the commits and without a gap. Caches, webhooks, feeds and history follow it.
CREATE TABLE changes (
  seq      INTEGER PRIMARY KEY,
  at       TEXT NOT NULL,
  kind     TEXT NOT NULL,
  entity   TEXT NOT NULL,
  id       TEXT NOT NULL,
  version  INTEGER NOT NULL,
  previous INTEGER,
  actor    TEXT NOT NULL,
  fields   TEXT NOT NULL,
  tags     TEXT NOT NULL,
  note     TEXT
) STRICT;
CREATE INDEX changes_by_thing ON changes (entity, id, seq);
