-- +goose Up
-- An import that is cancelled finds its deltas by their weeks: to keep an index for that was a fifth of the cost of writing them.
DROP INDEX series_batch;
-- Nothing asks for findings by their occurrence; SQLite needs the index for its foreign key.
DROP INDEX finding_occurrence;
-- As in 00015: what names a row that the same transaction has just written is not looked up again for each finding and report. Whoever deletes a report deletes its findings before.
ALTER TABLE finding DROP CONSTRAINT finding_report_id_fkey;
ALTER TABLE report DROP CONSTRAINT report_occurrence_id_fkey;
-- A text of up to 254 letters has no longer word: the same result without looking for one.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_words(t TEXT) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(array_remove(string_to_array(CASE WHEN length(t) > 254 AND t ~ '[^ ]{255}' THEN regexp_replace(left(t, 50000), '[^ ]{255,}', '', 'g') ELSE left(t, 50000) END, ' '), ''))
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_words(t TEXT) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(array_remove(string_to_array(CASE WHEN t ~ '[^ ]{255}' THEN regexp_replace(left(t, 50000), '[^ ]{255,}', '', 'g') ELSE left(t, 50000) END, ' '), ''))
$$;
-- +goose StatementEnd
ALTER TABLE report ADD CONSTRAINT report_occurrence_id_fkey FOREIGN KEY (occurrence_id) REFERENCES occurrence(id);
ALTER TABLE finding ADD CONSTRAINT finding_report_id_fkey FOREIGN KEY (report_id) REFERENCES report(id) ON DELETE CASCADE;
CREATE INDEX finding_occurrence ON finding(occurrence_id);
CREATE INDEX series_batch ON series_delta(batch) WHERE batch > 0;
