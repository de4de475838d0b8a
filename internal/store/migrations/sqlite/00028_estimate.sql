-- +goose Up
-- Estimates with all that is needed to make them again. None is overwritten: a new one of the same matter supersedes it.
CREATE TABLE estimate (
  id TEXT PRIMARY KEY,
  method TEXT NOT NULL,               -- compute.Method
  title TEXT NOT NULL,
  target TEXT NOT NULL,               -- code of the list estimate_target
  country TEXT NOT NULL,              -- ISO 3166-1 alpha-2
  place TEXT NOT NULL,                -- region code, or the country's for the whole
  area TEXT NOT NULL DEFAULT '',      -- a narrower place in words
  start_on TEXT NOT NULL,
  end_on TEXT NOT NULL,
  age TEXT NOT NULL DEFAULT 'all',
  base DOUBLE PRECISION,              -- inhabitants of the same place and ages, for a rate
  inputs TEXT NOT NULL,               -- what was entered, settings and seed among it: field and text as JSON
  output TEXT NOT NULL,               -- compute.Output as JSON
  central DOUBLE PRECISION,           -- NULL: the data do not determine it
  low DOUBLE PRECISION,
  high DOUBLE PRECISION,              -- NULL with low: no upper limit
  interval_kind TEXT NOT NULL DEFAULT '', -- of low and high
  unit TEXT NOT NULL,
  engine TEXT NOT NULL,               -- compute.Engine
  exposure TEXT NOT NULL CHECK (exposure IN ('whole','rounded','withheld')), -- what is shown to readers outside the work
  published BOOLEAN NOT NULL DEFAULT FALSE, -- its data are published: nothing is left to hide
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  citation TEXT NOT NULL,             -- where its data come from
  note TEXT NOT NULL DEFAULT '',
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  supersedes_id TEXT REFERENCES estimate(id),
  withdrawn_on TEXT,
  observation_id TEXT REFERENCES observation(id), -- the figure it was kept as
  CHECK (start_on <= end_on)
);
CREATE INDEX estimate_about ON estimate(country, place, target, start_on);
CREATE INDEX estimate_recorded ON estimate(recorded_at);
CREATE UNIQUE INDEX estimate_supersedes ON estimate(supersedes_id) WHERE supersedes_id IS NOT NULL;

-- +goose Down
DROP TABLE estimate;
