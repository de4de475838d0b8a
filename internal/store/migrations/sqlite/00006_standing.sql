-- +goose Up
-- Whether a signal counts persons, and how findings stood on past days.

ALTER TABLE signal ADD COLUMN persons BOOLEAN NOT NULL DEFAULT TRUE; -- a report about persons is among the evidence

-- A finding counts from the day it became known until it is superseded, its report set aside or its occurrence merged. What it counted as before such a
-- day stays here, so that every past day can be counted as it was known then.
ALTER TABLE finding ADD COLUMN since_on TEXT; -- from when it counts as it does now; NULL: from known_on
CREATE INDEX finding_since ON finding(since_on) WHERE since_on IS NOT NULL;
CREATE TABLE finding_past (
  finding_id TEXT NOT NULL REFERENCES finding(id) ON DELETE CASCADE,
  occurrence_id TEXT NOT NULL REFERENCES occurrence(id),
  country TEXT NOT NULL,
  region TEXT,
  occurred_on TEXT,
  occurred_precision TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,             -- the first day on which it no longer counted so
  CHECK (from_on < until_on)
);
CREATE INDEX finding_past_country ON finding_past(country, until_on);
CREATE INDEX finding_past_finding ON finding_past(finding_id);
INSERT INTO finding_past (finding_id, occurrence_id, country, region, occurred_on, occurred_precision, from_on, until_on)
  SELECT f.id, o.id, o.country, o.region, o.occurred_on, o.occurred_precision, f.known_on, f.superseded_on
  FROM finding f JOIN report r ON r.id = f.report_id JOIN occurrence o ON o.id = r.occurrence_id
  WHERE f.superseded_on IS NOT NULL AND f.known_on < f.superseded_on AND f.level <> 'not_identified' AND NOT f.hidden AND NOT r.hidden AND NOT o.hidden
    AND o.merged_into IS NULL AND r.state IN ('submitted','received','clarification','accepted','linked') AND r.kind NOT IN ('tip','foreign_alert');

-- +goose Down
DROP TABLE finding_past; DROP INDEX finding_since; ALTER TABLE finding DROP COLUMN since_on; ALTER TABLE signal DROP COLUMN persons;
