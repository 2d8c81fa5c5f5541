-- Instants are RFC 3339 text in UTC with milliseconds; lists and small objects are JSON text.
-- COLLATE "C" compares by code point, whatever the collation of the database, as SQLite does.

CREATE TABLE secrets (
  name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE keys (
  id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name           TEXT COLLATE "C" NOT NULL,
  role           TEXT COLLATE "C" NOT NULL CHECK (role IN ('reader', 'writer', 'editor', 'admin')),
  hint           TEXT COLLATE "C" NOT NULL,
  hash           TEXT COLLATE "C" NOT NULL UNIQUE,
  previous_hash  TEXT COLLATE "C" UNIQUE,
  previous_until TEXT COLLATE "C",
  version        BIGINT NOT NULL,
  created_at     TEXT COLLATE "C" NOT NULL,
  updated_at     TEXT COLLATE "C" NOT NULL,
  expires_at     TEXT COLLATE "C",
  revoked_at     TEXT COLLATE "C"
);

-- Every name a thing answers to: its id, its slug, a section's path, and what it was called before.
-- Readers may know it from public_from on; never, where that is null.
CREATE TABLE addresses (
  kind        TEXT COLLATE "C" NOT NULL,
  address     TEXT COLLATE "C" NOT NULL,
  target_id   TEXT COLLATE "C" NOT NULL,
  public_from TEXT COLLATE "C",
  PRIMARY KEY (kind, address)
);
CREATE INDEX addresses_of_target ON addresses (target_id);

CREATE TABLE sections (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  slug        TEXT COLLATE "C" NOT NULL UNIQUE,
  name        TEXT COLLATE "C" NOT NULL,
  description TEXT COLLATE "C",
  lang        TEXT COLLATE "C",
  parent_id   TEXT COLLATE "C" REFERENCES sections (id),
  path        TEXT COLLATE "C" NOT NULL UNIQUE,
  position    BIGINT NOT NULL,
  version     BIGINT NOT NULL,
  created_at  TEXT COLLATE "C" NOT NULL,
  updated_at  TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sections_of_parent ON sections (parent_id, position, name);

CREATE TABLE tags (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  slug        TEXT COLLATE "C" NOT NULL UNIQUE,
  name        TEXT COLLATE "C" NOT NULL,
  kind        TEXT COLLATE "C" NOT NULL,
  description TEXT COLLATE "C",
  synonyms    TEXT COLLATE "C" NOT NULL,
  same_as     TEXT COLLATE "C" NOT NULL,
  version     BIGINT NOT NULL,
  created_at  TEXT COLLATE "C" NOT NULL,
  updated_at  TEXT COLLATE "C" NOT NULL
);
CREATE INDEX tags_by_name ON tags (name, id);

CREATE TABLE sources (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  slug        TEXT COLLATE "C" NOT NULL UNIQUE,
  name        TEXT COLLATE "C" NOT NULL,
  aliases     TEXT COLLATE "C" NOT NULL,
  kind        TEXT COLLATE "C" NOT NULL,
  homepage    TEXT COLLATE "C",
  country     TEXT COLLATE "C",
  lang        TEXT COLLATE "C",
  usage_terms TEXT COLLATE "C",
  licence_url TEXT COLLATE "C",
  credit_line TEXT COLLATE "C",
  visibility  TEXT COLLATE "C" NOT NULL CHECK (visibility IN ('public', 'editors')),
  version     BIGINT NOT NULL,
  created_at  TEXT COLLATE "C" NOT NULL,
  updated_at  TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sources_by_name ON sources (name, id);

-- What was withdrawn stays told until it is published again.
CREATE TABLE articles (
  id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  state              TEXT COLLATE "C" NOT NULL,
  created_at         TEXT COLLATE "C" NOT NULL,
  created_by         TEXT COLLATE "C" NOT NULL,
  first_published_at TEXT COLLATE "C",
  scheduled_by       TEXT COLLATE "C",
  withdrawn_at       TEXT COLLATE "C",
  withdrawn_reason   TEXT COLLATE "C",
  replacement_id     TEXT COLLATE "C"
);
CREATE INDEX trashed_articles ON articles (id) WHERE state = 'trashed';

-- The working copy, which editors change; the live copy, which the public reads; and the one that is next, scheduled to
-- take its place. Of the last two the public sees at each moment the one from shown_from to shown_until. What was never
-- published has no date and is listed before everything that has one.
CREATE TABLE article_copies (
  article_id      TEXT COLLATE "C" NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  stage           TEXT COLLATE "C" NOT NULL CHECK (stage IN ('working', 'live', 'next')),
  version         BIGINT NOT NULL,
  slug            TEXT COLLATE "C" NOT NULL,
  external_id     TEXT COLLATE "C",
  lang            TEXT COLLATE "C" NOT NULL,
  title           TEXT COLLATE "C" NOT NULL,
  kicker          TEXT COLLATE "C",
  deck            TEXT COLLATE "C",
  dateline        TEXT COLLATE "C",
  section_id      TEXT COLLATE "C" REFERENCES sections (id),
  image           TEXT COLLATE "C",
  genre           TEXT COLLATE "C",
  urgency         BIGINT CHECK (urgency BETWEEN 1 AND 9),
  breaking        BOOLEAN NOT NULL,
  breaking_until  TEXT COLLATE "C",
  seo             TEXT COLLATE "C",
  access          TEXT COLLATE "C" NOT NULL,
  corrections     TEXT COLLATE "C" NOT NULL,
  word_count      BIGINT NOT NULL,
  reading_minutes BIGINT NOT NULL,
  page_count      BIGINT NOT NULL,
  published_at    TEXT COLLATE "C",
  listed_at       TEXT COLLATE "C" NOT NULL CHECK (listed_at = COALESCE(published_at, '9999')),
  embargo_until   TEXT COLLATE "C",
  expires_at      TEXT COLLATE "C",
  updated_at      TEXT COLLATE "C" NOT NULL,
  shown_from      TEXT COLLATE "C",
  shown_until     TEXT COLLATE "C",
  PRIMARY KEY (article_id, stage)
);
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
  article_id TEXT COLLATE "C" NOT NULL,
  stage      TEXT COLLATE "C" NOT NULL,
  number     BIGINT NOT NULL,
  title      TEXT COLLATE "C",
  body       TEXT COLLATE "C" NOT NULL,
  html       TEXT COLLATE "C" NOT NULL,
  text       TEXT COLLATE "C" NOT NULL,
  words      BIGINT NOT NULL,
  PRIMARY KEY (article_id, stage, number),
  FOREIGN KEY (article_id, stage) REFERENCES article_copies (article_id, stage) ON DELETE CASCADE
);

-- Tags, sources and bylines have the date of their copy, so that lists of one of them are walked by it.
CREATE TABLE article_tags (
  article_id TEXT COLLATE "C" NOT NULL,
  stage      TEXT COLLATE "C" NOT NULL,
  position   BIGINT NOT NULL,
  tag_id     TEXT COLLATE "C" NOT NULL REFERENCES tags (id),
  listed_at  TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (article_id, stage, position),
  FOREIGN KEY (article_id, stage) REFERENCES article_copies (article_id, stage) ON DELETE CASCADE
);
CREATE UNIQUE INDEX article_tags_of_tag ON article_tags (tag_id, replace(stage, 'next', 'live'), listed_at, article_id, stage);

CREATE TABLE article_sources (
  article_id TEXT COLLATE "C" NOT NULL,
  stage      TEXT COLLATE "C" NOT NULL,
  position   BIGINT NOT NULL,
  source_id  TEXT COLLATE "C" NOT NULL REFERENCES sources (id),
  role       TEXT COLLATE "C" NOT NULL,
  url        TEXT COLLATE "C",
  stated_on  TEXT COLLATE "C",
  mention    TEXT COLLATE "C",
  listed_at  TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (article_id, stage, position),
  FOREIGN KEY (article_id, stage) REFERENCES article_copies (article_id, stage) ON DELETE CASCADE
);
CREATE INDEX article_sources_of_source ON article_sources (source_id, replace(stage, 'next', 'live'), listed_at, article_id);

CREATE TABLE article_bylines (
  article_id TEXT COLLATE "C" NOT NULL,
  stage      TEXT COLLATE "C" NOT NULL,
  position   BIGINT NOT NULL,
  name       TEXT COLLATE "C" NOT NULL,
  folded     TEXT COLLATE "C" NOT NULL,
  role       TEXT COLLATE "C" NOT NULL,
  listed_at  TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (article_id, stage, position),
  FOREIGN KEY (article_id, stage) REFERENCES article_copies (article_id, stage) ON DELETE CASCADE
);
CREATE INDEX article_bylines_of_name ON article_bylines (folded, replace(stage, 'next', 'live'), listed_at, article_id);

-- How many copies that are made for the public use a tag or a source.
CREATE TABLE uses (
  id     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  copies BIGINT NOT NULL
);

-- What editors saved, as it was: one row a save, unless saves in quick succession were folded into one.
CREATE TABLE revisions (
  article_id TEXT COLLATE "C" NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  number     BIGINT NOT NULL,
  kind       TEXT COLLATE "C" NOT NULL,
  at         TEXT COLLATE "C" NOT NULL,
  since      TEXT COLLATE "C" NOT NULL,
  actor      TEXT COLLATE "C" NOT NULL,
  fields     TEXT COLLATE "C" NOT NULL,
  note       TEXT COLLATE "C",
  snapshot   TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (article_id, number)
);
CREATE INDEX revisions_by_time ON revisions (at);

-- Who works on an article for a while.
CREATE TABLE locks (
  article_id   TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
  holder       TEXT COLLATE "C" NOT NULL,
  locked_since TEXT COLLATE "C" NOT NULL,
  locked_until TEXT COLLATE "C" NOT NULL
);

-- The first answer to each Idempotency-Key, written with its effect; the body is readable only with the key itself.
CREATE TABLE answers (
  actor    TEXT COLLATE "C" NOT NULL,
  key_hash TEXT COLLATE "C" NOT NULL,
  request  TEXT COLLATE "C" NOT NULL,
  status   BIGINT NOT NULL,
  headers  TEXT COLLATE "C" NOT NULL,
  body     TEXT COLLATE "C" NOT NULL,
  at       TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (actor, key_hash)
);
CREATE INDEX answers_by_time ON answers (at);

-- Numbers that count up. On PostgreSQL whoever holds the row of the turn is who writes, on any node; SQLite has its file's lock.
CREATE TABLE counters (
  name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('changes', 0), ('turn', 0);

-- What happened, in the order of the commits and without a gap. Caches, webhooks, feeds and history follow it.
CREATE TABLE changes (
  seq      BIGINT PRIMARY KEY,
  at       TEXT COLLATE "C" NOT NULL,
  kind     TEXT COLLATE "C" NOT NULL,
  entity   TEXT COLLATE "C" NOT NULL,
  id       TEXT COLLATE "C" NOT NULL,
  version  BIGINT NOT NULL,
  previous BIGINT,
  actor    TEXT COLLATE "C" NOT NULL,
  fields   TEXT COLLATE "C" NOT NULL,
  tags     TEXT COLLATE "C" NOT NULL,
  note     TEXT COLLATE "C"
);
CREATE INDEX changes_by_thing ON changes (entity, id, seq);
