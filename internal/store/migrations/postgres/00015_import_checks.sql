-- +goose Up
-- PostgreSQL looks up every reference of every row by a query of its own: a dozen for each row of an import, a third of its cost. Kept are those that deleting relies on and
-- the one from a report to its occurrence. The others name rows that are never deleted, or that the writing transaction holds or has just written; SQLite, on which every test
-- runs as well, keeps them all.
ALTER TABLE finding DROP CONSTRAINT finding_occurrence_id_fkey;
ALTER TABLE finding DROP CONSTRAINT finding_substance_id_fkey;
ALTER TABLE report DROP CONSTRAINT report_source_id_fkey;
ALTER TABLE report DROP CONSTRAINT report_batch_id_fkey;

-- +goose Down
ALTER TABLE finding ADD CONSTRAINT finding_occurrence_id_fkey FOREIGN KEY (occurrence_id) REFERENCES occurrence(id);
ALTER TABLE finding ADD CONSTRAINT finding_substance_id_fkey FOREIGN KEY (substance_id) REFERENCES substance(id);
ALTER TABLE report ADD CONSTRAINT report_source_id_fkey FOREIGN KEY (source_id) REFERENCES source(id);
ALTER TABLE report ADD CONSTRAINT report_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES batch(id);
