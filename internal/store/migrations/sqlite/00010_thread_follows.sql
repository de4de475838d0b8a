-- +goose Up
-- Until 00007 a report sent again was a new row, and what hung on the earlier one (thread, files, person, analyses) stayed behind, where nobody reads it. It
-- goes over to the row in force, as it does since.

CREATE TABLE report_version AS
  WITH RECURSIVE chain(head, id, depth) AS (
    SELECT id, supersedes_id, 1 FROM report WHERE superseded_on IS NULL AND NOT hidden AND supersedes_id IS NOT NULL
    UNION ALL SELECT c.head, r.supersedes_id, c.depth + 1 FROM chain c JOIN report r ON r.id = c.id WHERE r.supersedes_id IS NOT NULL
  ) SELECT MAX(head) AS head, id, MIN(depth) AS depth FROM chain GROUP BY id; -- of two rows that replaced one, the newer
CREATE UNIQUE INDEX report_version_id ON report_version(id);

UPDATE report_event SET report_id = (SELECT v.head FROM report_version v WHERE v.id = report_event.report_id) WHERE report_id IN (SELECT id FROM report_version);
UPDATE report_event SET act = 'resent' WHERE act = 'submitted' AND report_id IN (SELECT head FROM report_version)
  AND EXISTS (SELECT 1 FROM report_event e WHERE e.report_id = report_event.report_id AND e.act = 'submitted' AND (e.at < report_event.at OR e.at = report_event.at AND e.id < report_event.id));
UPDATE attachment SET report_id = (SELECT v.head FROM report_version v WHERE v.id = attachment.report_id) WHERE report_id IN (SELECT id FROM report_version);
UPDATE lab_result SET report_id = (SELECT v.head FROM report_version v WHERE v.id = lab_result.report_id) WHERE report_id IN (SELECT id FROM report_version);
-- The person that was named last; the one before stays with the earlier content until the day of erasure.
UPDATE personal_link SET report_id = (SELECT v.head FROM report_version v WHERE v.id = personal_link.report_id)
  WHERE report_id IN (SELECT v.id FROM report_version v WHERE NOT EXISTS (SELECT 1 FROM personal_link p WHERE p.report_id = v.head)
    AND NOT EXISTS (SELECT 1 FROM personal_link p JOIN report_version n ON n.id = p.report_id WHERE n.head = v.head AND n.depth < v.depth));
DROP TABLE report_version;

-- What the regions of an import's rows say that the registry cannot decide: JSON list of value, column, first row and number of rows.
ALTER TABLE batch ADD COLUMN unplaced TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE batch DROP COLUMN unplaced;
