-- +goose Up
-- A source's number has one current report; and which sources are laboratories, whose word confirms.

-- Where two current reports bore one number, the newest keeps it: it is the one that a report sent again replaces.
UPDATE report SET source_ref = source_ref || '#' || id WHERE superseded_on IS NULL AND NOT hidden AND source_ref IS NOT NULL
  AND EXISTS (SELECT 1 FROM report x WHERE x.source_id = report.source_id AND x.source_ref = report.source_ref AND x.superseded_on IS NULL AND NOT x.hidden AND x.id > report.id);
CREATE UNIQUE INDEX report_current ON report(source_id, source_ref) WHERE superseded_on IS NULL AND NOT hidden AND source_ref IS NOT NULL;

ALTER TABLE source ADD COLUMN laboratory BOOLEAN NOT NULL DEFAULT FALSE; -- gives a laboratory's results
UPDATE source SET laboratory = TRUE WHERE code IN ('connecticut', 'allegheny', 'ecstasydata', 'unc');

-- +goose Down
ALTER TABLE source DROP COLUMN laboratory;
DROP INDEX report_current;
