-- +goose Up
-- A comparison looks for reports of other sources; without this it opened every report of the sender's own that lay near, the more the longer the sender had been sending.
-- NULL also for what is older than the column: it is looked into as before.
ALTER TABLE occurrence ADD COLUMN only_source TEXT; -- the source of all its reports; NULL when a merger has brought others
DROP INDEX occurrence_region;
CREATE INDEX occurrence_region ON occurrence(region, occurred_on, only_source);

-- +goose Down
DROP INDEX occurrence_region;
CREATE INDEX occurrence_region ON occurrence(region, occurred_on);
ALTER TABLE occurrence DROP COLUMN only_source;
