-- +goose Up
-- What the explorer asks of figures: the combinations that there are, and the newest of one, without touching the rows.
CREATE INDEX observation_facet ON observation(indicator, country, place, sex, age, drug, breakdown, end_on, known_on, batch_id);
CREATE INDEX observation_country ON observation(country);

-- +goose Down
DROP INDEX observation_country; DROP INDEX observation_facet;
