-- +goose Up
-- The rows of an import are seen when its batch is applied: the batch alone says so, and a million rows are revealed by changing one. Until now every row
-- was marked, and writing it again was a third of the cost of an import.

ALTER TABLE batch ADD COLUMN no BIGINT NOT NULL DEFAULT 0; -- what the series know the batch by
UPDATE batch SET no = (SELECT count(*) FROM batch b WHERE b.ref <= batch.ref);
INSERT INTO counter (name, value) SELECT 'batch', count(*) FROM batch WHERE TRUE ON CONFLICT (name) DO UPDATE SET value = excluded.value;
CREATE UNIQUE INDEX batch_no ON batch(no);
CREATE INDEX batch_applying ON batch(id, no) WHERE state = 'applying';

UPDATE report SET hidden = FALSE WHERE hidden AND supersedes_id IS NULL AND batch_id IN (SELECT id FROM batch WHERE state = 'applying');
UPDATE occurrence SET hidden = FALSE WHERE hidden AND batch_id IN (SELECT id FROM batch WHERE state = 'applying');
UPDATE finding SET hidden = FALSE WHERE hidden AND report_id IN (SELECT r.id FROM report r JOIN batch b ON b.id = r.batch_id WHERE b.state = 'applying' AND NOT r.hidden);

ALTER TABLE series_delta ADD COLUMN batch BIGINT NOT NULL DEFAULT 0; -- number of the import it came with; 0: none
UPDATE series_delta SET batch = COALESCE((SELECT b.no FROM batch b WHERE b.id = series_delta.batch_id), 0) WHERE batch_id IS NOT NULL;
DROP INDEX series_key;
DROP INDEX series_known;
DROP INDEX series_batch;
ALTER TABLE series_delta DROP COLUMN batch_id;
ALTER TABLE series_delta DROP COLUMN hidden;
CREATE INDEX series_key ON series_delta(dim, dim_id, country, week, known_on, kind, region, n, batch);
CREATE INDEX series_batch ON series_delta(batch) WHERE batch > 0;

-- How many deltas became known on a day, so that whether the past has changed is asked of days and not of millions of deltas.
CREATE TABLE series_day (
  country TEXT NOT NULL,
  known_on TEXT NOT NULL,
  batch BIGINT NOT NULL,
  deltas BIGINT NOT NULL,
  negatives BIGINT NOT NULL           -- of them, those that take back
);
INSERT INTO series_day (country, known_on, batch, deltas, negatives)
  SELECT country, known_on, batch, count(*), SUM(CASE WHEN n < 0 THEN 1 ELSE 0 END) FROM series_delta GROUP BY country, known_on, batch;
CREATE INDEX series_day_key ON series_day(country, known_on, batch, deltas, negatives);
CREATE INDEX series_day_batch ON series_day(batch) WHERE batch > 0;

DROP INDEX occurrence_when; -- occurrence_sorted serves the lists
DROP INDEX finding_family;      -- most findings name a substance and no family, some the other way round
CREATE INDEX finding_family ON finding(family, known_on) WHERE family IS NOT NULL;
DROP INDEX finding_substance;
CREATE INDEX finding_substance ON finding(substance_id, known_on) WHERE substance_id IS NOT NULL;

-- +goose Down
CREATE INDEX occurrence_when ON occurrence(occurred_on, id);
DROP INDEX finding_family;
CREATE INDEX finding_family ON finding(family, known_on);
DROP INDEX finding_substance;
CREATE INDEX finding_substance ON finding(substance_id, known_on);
DROP TABLE series_day;
DROP INDEX series_key;
DROP INDEX series_batch;
ALTER TABLE series_delta ADD COLUMN batch_id TEXT;
ALTER TABLE series_delta ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE series_delta SET batch_id = (SELECT b.id FROM batch b WHERE b.no = series_delta.batch) WHERE batch > 0;
UPDATE series_delta SET hidden = TRUE WHERE batch_id IN (SELECT id FROM batch WHERE state = 'applying');
UPDATE finding SET hidden = TRUE WHERE report_id IN (SELECT r.id FROM report r JOIN batch b ON b.id = r.batch_id WHERE b.state = 'applying');
UPDATE report SET hidden = TRUE WHERE batch_id IN (SELECT id FROM batch WHERE state = 'applying');
UPDATE occurrence SET hidden = TRUE WHERE batch_id IN (SELECT id FROM batch WHERE state = 'applying');
ALTER TABLE series_delta DROP COLUMN batch;
CREATE INDEX series_key ON series_delta(dim, dim_id, country, week, known_on, kind, region, n);
CREATE INDEX series_known ON series_delta(country, known_on, hidden, n);
CREATE INDEX series_batch ON series_delta(batch_id);
DROP INDEX batch_applying;
DROP INDEX batch_no;
ALTER TABLE batch DROP COLUMN no;
