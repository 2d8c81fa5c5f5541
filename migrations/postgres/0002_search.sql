-- The texts of articles as search knows them: one row for each, which stands for every copy that says the same. Ids go by
-- date, so that the newest are found first; the seconds since 1970, and fifteen bits to tell apart what is of one second.
CREATE TABLE search_entries (
  id          BIGINT NOT NULL PRIMARY KEY,
  article_id  TEXT COLLATE "C" NOT NULL,
  working     BOOLEAN NOT NULL,
  live        BOOLEAN NOT NULL,
  next        BOOLEAN NOT NULL,
  digest      TEXT COLLATE "C" NOT NULL,
  title       TEXT COLLATE "C" NOT NULL,
  title_words BIGINT NOT NULL,
  deck        TEXT COLLATE "C" NOT NULL,
  main        TEXT COLLATE "C" NOT NULL
);
CREATE INDEX search_entries_of_article ON search_entries (article_id, working, live, next);

-- Their words, as the program has made them: A in the title, B in the deck, C in the body, D in bylines.
CREATE TABLE article_search (
  id    BIGINT NOT NULL PRIMARY KEY,
  words TSVECTOR NOT NULL
);
CREATE INDEX article_search_by_word ON article_search USING GIN (words);
-- The words that it has or had, to guess at what somebody meant. Who may be told of one is asked when it is guessed.
CREATE TABLE search_words (
  term TEXT COLLATE "C" NOT NULL PRIMARY KEY
);

-- Which version of the words is indexed, wholly; 0 while they are being indexed anew: in which run, and when it was last
-- seen at work. A new database has nothing to index.
CREATE TABLE search_state (
  name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  run     BIGINT NOT NULL,
  seen_at TEXT COLLATE "C"
);
INSERT INTO search_state (name, version, run)
  SELECT 'articles', CASE WHEN EXISTS (SELECT 1 FROM articles) OR EXISTS (SELECT 1 FROM tags)
    OR EXISTS (SELECT 1 FROM sources) OR EXISTS (SELECT 1 FROM sections) THEN 0 ELSE 1 END, 0;

-- What sections, tags and sources are called, folded: from each of their words on, so that any of them leads there.
CREATE TABLE labels (
  text      TEXT COLLATE "C" NOT NULL,
  kind      TEXT COLLATE "C" NOT NULL CHECK (kind IN ('section', 'tag', 'source')),
  target_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (text, kind, target_id)
);
CREATE INDEX labels_of_target ON labels (target_id);
