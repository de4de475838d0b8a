-- +goose Up
-- A delta names its subject by a number: an import writes ten deltas a report, and the kind of subject and its identifier were half of each, twice (table and index).
CREATE TABLE series_subject (
  no INTEGER PRIMARY KEY,
  dim TEXT NOT NULL CHECK (dim IN ('substance','family','total')),
  dim_id TEXT NOT NULL,               -- substance id, family code, '' for total
  UNIQUE (dim, dim_id)
);
INSERT INTO series_subject (dim, dim_id) SELECT DISTINCT dim, dim_id FROM series_delta ORDER BY dim, dim_id;

CREATE TABLE series_delta_new (
  subject BIGINT NOT NULL,            -- series_subject.no
  country TEXT NOT NULL,
  region TEXT NOT NULL,               -- '' when the place is not known below the country
  kind TEXT NOT NULL,                 -- report kind, or 'overlap': minus what would be counted twice over all kinds
  week INTEGER NOT NULL,              -- baqylau.Week of occurred_on (known_on where it is unknown)
  known_on TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n <> 0),
  batch BIGINT NOT NULL DEFAULT 0     -- number of the import it came with; 0: none
);
INSERT INTO series_delta_new (subject, country, region, kind, week, known_on, n, batch)
  SELECT s.no, d.country, d.region, d.kind, d.week, d.known_on, d.n, d.batch FROM series_delta d JOIN series_subject s ON s.dim = d.dim AND s.dim_id = d.dim_id;
DROP TABLE series_delta;
ALTER TABLE series_delta_new RENAME TO series_delta;
CREATE INDEX series_key ON series_delta(subject, country, week, known_on, kind, region, n, batch);
CREATE INDEX series_batch ON series_delta(batch) WHERE batch > 0;

CREATE VIEW series_cell AS -- the deltas as they are asked for
  SELECT s.dim, s.dim_id, d.country, d.region, d.kind, d.week, d.known_on, d.n, d.batch FROM series_subject s JOIN series_delta d ON d.subject = s.no;

-- The words of new reports and the texts of imports are indexed by the program, for many reports at once (decision 9): to do it here for each was a third of the cost of an import.
DROP TRIGGER search_insert;
-- +goose StatementBegin
CREATE TRIGGER search_insert AFTER INSERT ON report WHEN new.batch_id IS NULL BEGIN
  INSERT INTO search_row (report_id) VALUES (new.id);
  INSERT INTO search_index (rowid, words) VALUES (last_insert_rowid(), new.text_fold);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER search_insert;
-- +goose StatementBegin
CREATE TRIGGER search_insert AFTER INSERT ON report BEGIN
  INSERT INTO search_row (report_id) VALUES (new.id);
  INSERT INTO search_index (rowid, words) VALUES (last_insert_rowid(), new.text_fold);
  INSERT OR IGNORE INTO search_word SELECT value FROM json_each('["' || replace(new.text_fold, ' ', '","') || '"]')
    WHERE value <> '' AND length(value) < 255 AND value NOT GLOB '*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*';
END;
-- +goose StatementEnd
CREATE TABLE series_delta_old (
  country TEXT NOT NULL,
  region TEXT NOT NULL,
  dim TEXT NOT NULL CHECK (dim IN ('substance','family','total')),
  dim_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  week INTEGER NOT NULL,
  known_on TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n <> 0),
  batch BIGINT NOT NULL DEFAULT 0
);
INSERT INTO series_delta_old (country, region, dim, dim_id, kind, week, known_on, n, batch) SELECT country, region, dim, dim_id, kind, week, known_on, n, batch FROM series_cell;
DROP VIEW series_cell;
DROP TABLE series_delta;
DROP TABLE series_subject;
ALTER TABLE series_delta_old RENAME TO series_delta;
CREATE INDEX series_key ON series_delta(dim, dim_id, country, week, known_on, kind, region, n, batch);
CREATE INDEX series_batch ON series_delta(batch) WHERE batch > 0;
