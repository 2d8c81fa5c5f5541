-- The texts of articles as search knows them: one row for each, which stands for every copy that says the same. Ids go by
-- date, so that the newest are found first; the seconds since 1970, and fifteen bits to tell apart what is of one second.
CREATE TABLE search_entries (
  id          INTEGER PRIMARY KEY,
  article_id  TEXT NOT NULL,
  working     INTEGER NOT NULL CHECK (working IN (0, 1)),
  live        INTEGER NOT NULL CHECK (live IN (0, 1)),
  next        INTEGER NOT NULL CHECK (next IN (0, 1)),
  digest      TEXT NOT NULL,
  title       TEXT NOT NULL,
  title_words INTEGER NOT NULL,
  deck        TEXT NOT NULL,
  main        TEXT NOT NULL
) STRICT;
CREATE INDEX search_entries_of_article ON search_entries (article_id, working, live, next);

-- Their words, as the program has made them: the index keeps no text, splits at spaces and folds nothing. Withdrawing a
-- row needs nothing but its id (contentless_delete), so that no text can stay behind.
CREATE VIRTUAL TABLE article_search USING fts5 (
  title, deck, body, byline, ids,
  content = '', contentless_delete = 1, tokenize = "ascii tokenchars '+#~'"
);
-- The words that it has or had, to guess at what somebody meant. Who may be told of one is asked when it is guessed.
CREATE TABLE search_words (
  term TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Which version of the words is indexed, wholly; 0 while they are being indexed anew: in which run, and when it was last
-- seen at work. A new database has nothing to index.
CREATE TABLE search_state (
  name    TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  run     INTEGER NOT NULL,
  seen_at TEXT
) STRICT;
INSERT INTO search_state (name, version, run)
  SELECT 'articles', CASE WHEN EXISTS (SELECT 1 FROM articles) OR EXISTS (SELECT 1 FROM tags)
    OR EXISTS (SELECT 1 FROM sources) OR EXISTS (SELECT 1 FROM sections) THEN 0 ELSE 1 END, 0;

-- What sections, tags and sources are called, folded: from each of their words on, so that any of them leads there.
CREATE TABLE labels (
  text      TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('section', 'tag', 'source')),
  target_id TEXT NOT NULL,
  PRIMARY KEY (text, kind, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX labels_of_target ON labels (target_id);
