-- +goose Up
-- A person whom two sources have as dead counts once, and is asked about.
CREATE INDEX death_person ON death(person) WHERE person <> '';

-- +goose Down
DROP INDEX death_person;
