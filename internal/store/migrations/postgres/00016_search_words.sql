-- +goose Up
-- Words of the reports' search texts, so that a rare word is found without reading every report: decision 8. SQLite has a table of the engine's own full-text
-- kind in place of the index. The words are runs of what is no space, since a folded text has letters, digits and single spaces only.

-- No parser decides what a word is; what would not fit an index (a word of more than 254 letters) is left out.
-- +goose StatementBegin
CREATE FUNCTION search_words(t TEXT) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(array_remove(string_to_array(CASE WHEN t ~ '[^ ]{255}' THEN regexp_replace(left(t, 50000), '[^ ]{255,}', '', 'g') ELSE left(t, 50000) END, ' '), ''))
$$;
-- +goose StatementEnd
CREATE INDEX report_words ON report USING gin (search_words(text_fold));

-- Each word once, for those that contain what is searched. Words with many digits (receipts, numbers of sources) are almost all different and left out.
CREATE TABLE search_word (
  word TEXT PRIMARY KEY
);
INSERT INTO search_word SELECT DISTINCT w FROM report, unnest(tsvector_to_array(search_words(text_fold))) w WHERE w !~ '([0-9].*){5}';

-- +goose StatementBegin
CREATE FUNCTION search_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_word SELECT DISTINCT w FROM inserted, unnest(tsvector_to_array(search_words(text_fold))) w WHERE w !~ '([0-9].*){5}' ORDER BY w ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION search_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_word SELECT w FROM unnest(tsvector_to_array(search_words(new.text_fold))) w WHERE w !~ '([0-9].*){5}' ORDER BY w ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER search_insert AFTER INSERT ON report REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION search_insert();
CREATE TRIGGER search_update AFTER UPDATE OF text_fold ON report FOR EACH ROW WHEN (new.text_fold <> old.text_fold) EXECUTE FUNCTION search_update();

CREATE INDEX finding_lab ON finding(report_id) WHERE lab_result_id IS NOT NULL; -- the few that a laboratory brought
CREATE INDEX report_region ON report(region, recorded_at);
CREATE INDEX report_kind ON report(kind, recorded_at);

-- +goose Down
DROP INDEX finding_lab; DROP INDEX report_region; DROP INDEX report_kind;
DROP TRIGGER search_insert ON report; DROP TRIGGER search_update ON report; DROP FUNCTION search_insert(); DROP FUNCTION search_update();
DROP INDEX report_words; DROP FUNCTION search_words(TEXT); DROP TABLE search_word;
