-- What a list shows of a copy that is made for the public, as text, written when the copy is; null where it is still to be
-- written. See src/articles/stored/card.ts.
ALTER TABLE article_copies ADD COLUMN card TEXT COLLATE "C";
CREATE INDEX copies_without_card ON article_copies (article_id, stage) WHERE stage <> 'working' AND card IS NULL;

-- Another number whenever sections, tags or sources may be called otherwise than before.
INSERT INTO counters (name, value) VALUES ('names', 0);
