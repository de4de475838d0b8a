-- +goose Up
-- The overview counts the reports of a week by the day on which they became known; without an index it read all reports for that.
CREATE INDEX report_known ON report(known_on);

-- +goose Down
DROP INDEX report_known;
