-- +goose Up
-- A list in the order of days that is narrowed to a kind and a region passed over hundreds of reports for each that fits, and read every one of them.
DROP INDEX report_sorted;
CREATE INDEX report_sorted ON report((COALESCE(occurred_on,'')), id, kind, region);

-- +goose Down
DROP INDEX report_sorted;
CREATE INDEX report_sorted ON report((COALESCE(occurred_on,'')), id);
