-- +goose Up
-- Treatment episodes (TDI 3.0), the country's rule of counting them, and how much of the country they cover.

-- One start of treatment. A row is no longer in force once a visible row known by then supersedes it. Health side only: rows never cross the wall.
CREATE TABLE episode (
  id TEXT PRIMARY KEY,
  slot TEXT NOT NULL,                 -- the sender's own number of the case, or person, unit and day: a later row of a slot supersedes the earlier one
  start_on TEXT NOT NULL,
  start_precision TEXT NOT NULL CHECK (start_precision IN ('day','month','year')),
  year BIGINT NOT NULL,
  person TEXT,                        -- keyed pseudonym of the health domain; NULL: anonymous
  country TEXT NOT NULL,              -- ISO 3166-1 alpha-2
  region TEXT NOT NULL DEFAULT '',
  facility TEXT NOT NULL DEFAULT '',  -- treatment unit, as its organisation names it
  centre_type TEXT NOT NULL,
  sex TEXT NOT NULL,
  age BIGINT,                         -- in completed years at the start; NULL not known
  primary_drug TEXT NOT NULL,
  primary_leaf TEXT NOT NULL DEFAULT '',
  answers TEXT NOT NULL,              -- every item that is known, by its field, as JSON
  packed TEXT NOT NULL,               -- what counting reads (tdi.Record), as base64
  asked BIGINT NOT NULL DEFAULT 0,    -- logic checks that ask about it
  confirmed TEXT NOT NULL DEFAULT '', -- why the sender says that it is so all the same
  ref TEXT NOT NULL DEFAULT '',       -- the sender's own number of the case
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,  -- made up for a demonstration
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain = 'health'),
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  batch_id TEXT REFERENCES batch(id),
  supersedes_id TEXT REFERENCES episode(id),
  withdrawn_on TEXT
);
CREATE INDEX episode_counted ON episode(country, year, known_on) INCLUDE (org_id, batch_id, withdrawn_on, synthetic, id, packed);
CREATE INDEX episode_slot ON episode(org_id, slot);
CREATE INDEX episode_person ON episode(person, year) WHERE person IS NOT NULL;
CREATE INDEX episode_recorded ON episode(recorded_at, id);
CREATE INDEX episode_org ON episode(org_id, recorded_at);
CREATE INDEX episode_supersedes ON episode(supersedes_id) WHERE supersedes_id IS NOT NULL;
CREATE INDEX episode_batch ON episode(batch_id) WHERE batch_id IS NOT NULL;

-- How a person's episodes of a year are counted. The last one known by a day holds; nothing is overwritten.
CREATE TABLE episode_rule (
  id TEXT PRIMARY KEY,
  country TEXT NOT NULL,
  keep TEXT NOT NULL CHECK (keep IN ('first','last')),
  level TEXT NOT NULL CHECK (level IN ('none','centre','regional','national')),
  low_threshold BOOLEAN NOT NULL,
  reason TEXT NOT NULL,
  account_id TEXT NOT NULL,
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL
);
CREATE INDEX episode_rule_country ON episode_rule(country, recorded_at);

-- How many treatment units there are and what share of the entrants the reporting ones cover, by kind and year. The last one known by a day holds.
CREATE TABLE episode_coverage (
  id TEXT PRIMARY KEY,
  country TEXT NOT NULL,
  year BIGINT NOT NULL,
  centre_type TEXT NOT NULL,
  units BIGINT,                       -- existing in the country; NULL not known
  clients DOUBLE PRECISION,           -- estimated share of entrants covered, percent; NULL not known
  note TEXT NOT NULL DEFAULT '',
  account_id TEXT NOT NULL,
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL
);
CREATE INDEX episode_coverage_year ON episode_coverage(country, year, recorded_at);

-- +goose Down
DROP TABLE episode_coverage; DROP TABLE episode_rule; DROP TABLE episode;
