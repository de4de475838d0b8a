-- +goose Up
-- The list of reports sorts by the day of the occurrence, unknown days first; an index of the plain column does not serve it.
DROP INDEX report_occurred;
CREATE INDEX report_sorted ON report((COALESCE(occurred_on,'')), id);

-- +goose Down
DROP INDEX report_sorted;
CREATE INDEX report_occurred ON report(occurred_on, id);
