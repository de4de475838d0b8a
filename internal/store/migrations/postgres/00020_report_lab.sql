-- +goose Up
-- A laboratory's reports are those that it sent and those that were addressed to it.
CREATE INDEX report_lab ON report(lab_org_id) WHERE lab_org_id IS NOT NULL;

-- +goose Down
DROP INDEX report_lab;
