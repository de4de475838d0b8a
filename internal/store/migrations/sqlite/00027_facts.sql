-- +goose Up
-- What was said about a finding, who owes which figures when, facilities, and samples of waste water.

-- What people said of a finding of the checks, in order: nothing is overwritten.
CREATE TABLE check_word (
  id TEXT PRIMARY KEY,
  finding_id TEXT NOT NULL REFERENCES check_finding(id),
  act TEXT NOT NULL CHECK (act IN ('returned','answered','resolved','reopened')),
  words TEXT NOT NULL,
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  said_at BIGINT NOT NULL
);
CREATE INDEX check_word_finding ON check_word(finding_id, said_at);

-- An entry of the data catalogue: who owns which data and owes them when. The last row of a code that was known by a day counts; the product ships the first ones as a file.
CREATE TABLE dataset (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  content TEXT NOT NULL,              -- returns.Dataset as JSON
  account_id TEXT NOT NULL,
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL
);
CREATE INDEX dataset_code ON dataset(code, recorded_at);

-- A facility or service as it was from a day on. A row is no longer in force once a visible row known by then supersedes it.
CREATE TABLE facility (
  id TEXT PRIMARY KEY,
  facility_id TEXT NOT NULL,          -- the same through all versions; figures refer to it
  code TEXT NOT NULL,                 -- its number in the register that it comes from
  name TEXT NOT NULL,                 -- three languages as JSON
  country TEXT NOT NULL,              -- ISO 3166-1 alpha-2
  region TEXT NOT NULL,
  area TEXT NOT NULL DEFAULT '',      -- city or district, as written
  address TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL,                 -- code list facility-kind
  ownership TEXT NOT NULL DEFAULT '', -- code list facility-ownership
  services TEXT NOT NULL DEFAULT '',  -- codes of the list facility-service, parted by spaces
  beds BIGINT,                        -- NULL not known
  places BIGINT,
  staff BIGINT,
  opened_on TEXT,
  closed_on TEXT,
  note TEXT NOT NULL DEFAULT '',
  published BOOLEAN NOT NULL DEFAULT FALSE, -- taken from a public source
  synthetic BOOLEAN NOT NULL DEFAULT FALSE, -- made up for a demonstration
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  batch_id TEXT REFERENCES batch(id),
  supersedes_id TEXT REFERENCES facility(id),
  withdrawn_on TEXT,
  CHECK (closed_on IS NULL OR opened_on IS NULL OR opened_on <= closed_on)
);
CREATE INDEX facility_identity ON facility(facility_id);
CREATE INDEX facility_where ON facility(country, region);
CREATE INDEX facility_org ON facility(org_id, code);
CREATE INDEX facility_batch ON facility(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX facility_supersedes ON facility(supersedes_id) WHERE supersedes_id IS NOT NULL;

-- A day's sample of a treatment plant and one residue in it.
CREATE TABLE wastewater_sample (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,             -- name of the campaign
  city TEXT NOT NULL,
  plant TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL,
  place TEXT NOT NULL,                -- region, or the country's code
  taken_on TEXT NOT NULL,
  residue TEXT NOT NULL,              -- code of the list residue
  concentration DOUBLE PRECISION,     -- ng/l; NULL: below the limit of quantification
  loq DOUBLE PRECISION,               -- limit of quantification, ng/l; NULL not stated
  flow DOUBLE PRECISION NOT NULL,     -- m3 a day
  population DOUBLE PRECISION NOT NULL, -- people served
  note TEXT NOT NULL DEFAULT '',
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  batch_id TEXT REFERENCES batch(id),
  supersedes_id TEXT REFERENCES wastewater_sample(id),
  withdrawn_on TEXT,
  CHECK (flow > 0 AND population > 0),
  CHECK (concentration IS NOT NULL OR loq IS NOT NULL)
);
CREATE INDEX wastewater_sample_site ON wastewater_sample(country, city, plant, residue, taken_on);
CREATE INDEX wastewater_sample_org ON wastewater_sample(org_id, taken_on);
CREATE INDEX wastewater_sample_batch ON wastewater_sample(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX wastewater_sample_supersedes ON wastewater_sample(supersedes_id) WHERE supersedes_id IS NOT NULL;

-- +goose Down
DROP TABLE wastewater_sample; DROP TABLE facility; DROP TABLE dataset; DROP TABLE check_word;
