-- +goose Up
-- Words of the reports' search texts, so that a rare word is found without reading every report: decision 8. The tables search_row and search_index are of
-- SQLite alone; PostgreSQL has an index in their place. The words are runs of what is no space, since a folded text has letters, digits and single spaces only.

-- Each word once, for those that contain what is searched. Words with many digits (receipts, numbers of sources) are almost all different and left out.
CREATE TABLE search_word (
  word TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE search_row ( -- the number by which the index knows a report
  no INTEGER PRIMARY KEY,
  report_id TEXT NOT NULL UNIQUE REFERENCES report(id) ON DELETE CASCADE
);
CREATE VIRTUAL TABLE search_index USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');

INSERT INTO search_row (report_id) SELECT id FROM report ORDER BY id;
INSERT INTO search_index (rowid, words) SELECT s.no, r.text_fold FROM search_row s JOIN report r ON r.id = s.report_id ORDER BY s.no;
INSERT INTO search_index (search_index) VALUES ('optimize');
CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab('main', 'search_index', 'row');
INSERT INTO search_word SELECT term FROM search_terms WHERE length(term) < 255 AND term NOT GLOB '*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*';
DROP TABLE temp.search_terms;

-- +goose StatementBegin
CREATE TRIGGER search_insert AFTER INSERT ON report BEGIN
  INSERT INTO search_row (report_id) VALUES (new.id);
  INSERT INTO search_index (rowid, words) VALUES (last_insert_rowid(), new.text_fold);
  INSERT OR IGNORE INTO search_word SELECT value FROM json_each('["' || replace(new.text_fold, ' ', '","') || '"]')
    WHERE value <> '' AND length(value) < 255 AND value NOT GLOB '*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_update AFTER UPDATE OF text_fold ON report WHEN new.text_fold <> old.text_fold BEGIN
  DELETE FROM search_index WHERE rowid = (SELECT no FROM search_row WHERE report_id = new.id);
  INSERT INTO search_index (rowid, words) SELECT no, new.text_fold FROM search_row WHERE report_id = new.id;
  INSERT OR IGNORE INTO search_word SELECT value FROM json_each('["' || replace(new.text_fold, ' ', '","') || '"]')
    WHERE value <> '' AND length(value) < 255 AND value NOT GLOB '*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_delete AFTER DELETE ON search_row BEGIN
  DELETE FROM search_index WHERE rowid = old.no;
END;
-- +goose StatementEnd

CREATE INDEX finding_lab ON finding(report_id) WHERE lab_result_id IS NOT NULL; -- the few that a laboratory brought
CREATE INDEX report_region ON report(region, recorded_at);
CREATE INDEX report_kind ON report(kind, recorded_at);

-- +goose Down
DROP INDEX finding_lab; DROP INDEX report_region; DROP INDEX report_kind;
DROP TRIGGER search_insert; DROP TRIGGER search_update; DROP TRIGGER search_delete;
DROP TABLE search_index; DROP TABLE search_row; DROP TABLE search_word;
