-- +goose Up
-- A finding is seen when its report is: nothing has read this mark since visibility is asked of the report and its batch.
ALTER TABLE finding DROP COLUMN hidden;

-- +goose Down
ALTER TABLE finding ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE finding SET hidden = TRUE WHERE report_id IN (SELECT id FROM report WHERE hidden);
