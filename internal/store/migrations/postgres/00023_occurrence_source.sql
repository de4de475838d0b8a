-- +goose Up
-- A comparison looks for reports of other sources; without this it opened every report of the sender's own that lay near, the more the longer the sender had been sending.
-- NULL also for what is older than the column: it is looked into as before.
ALTER TABLE occurrence ADD COLUMN only_source TEXT; -- the source of all its reports; NULL when another's has been joined to them
DROP INDEX occurrence_region;
CREATE INDEX occurrence_region ON occurrence(region, occurred_on, only_source);
-- Whoever moves a report, a node of the version before this one too.
-- +goose StatementBegin
CREATE FUNCTION occurrence_joined() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE occurrence SET only_source = NULL WHERE id = new.occurrence_id AND only_source <> new.source_id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER occurrence_joined AFTER UPDATE OF occurrence_id ON report FOR EACH ROW EXECUTE FUNCTION occurrence_joined();

-- +goose Down
DROP TRIGGER occurrence_joined ON report; DROP FUNCTION occurrence_joined();
DROP INDEX occurrence_region;
CREATE INDEX occurrence_region ON occurrence(region, occurred_on);
ALTER TABLE occurrence DROP COLUMN only_source;
