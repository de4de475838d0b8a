-- +goose Up
-- Records of harm: deaths, the dispensary register, studies of infections. As with observations, a row is no longer in force once a visible row supersedes it.

CREATE TABLE death (
  id TEXT PRIMARY KEY,
  register TEXT NOT NULL CHECK (register IN ('general','special','linked')),
  source_id TEXT NOT NULL REFERENCES source(id),
  source_ref TEXT NOT NULL,           -- the source's own number, or a digest of what the record says
  country TEXT NOT NULL,
  region TEXT NOT NULL DEFAULT '',    -- of residence
  place TEXT NOT NULL DEFAULT '',     -- region of death
  died_on TEXT NOT NULL,
  died_precision TEXT NOT NULL DEFAULT 'day' CHECK (died_precision IN ('day','month','year')),
  sex TEXT NOT NULL CHECK (sex IN ('male','female','unknown')),
  age INTEGER CHECK (age BETWEEN 0 AND 130), -- in whole years; NULL not known
  age_band TEXT NOT NULL DEFAULT '',  -- where the source has no exact age
  underlying TEXT NOT NULL DEFAULT '',-- ICD-10, normalised
  causes TEXT NOT NULL DEFAULT '',    -- all causes, parted by spaces
  manner TEXT NOT NULL DEFAULT 'unknown' CHECK (manner IN ('accident','suicide','homicide','undetermined','natural','unknown')),
  autopsy TEXT NOT NULL DEFAULT 'unknown' CHECK (autopsy IN ('yes','no','unknown')),
  toxicology TEXT NOT NULL DEFAULT 'unknown' CHECK (toxicology IN ('yes','no','unknown')),
  person TEXT NOT NULL DEFAULT '',    -- keyed pseudonym of the domain
  published BOOLEAN NOT NULL DEFAULT FALSE, -- taken from a public source
  synthetic BOOLEAN NOT NULL DEFAULT FALSE, -- made up for a demonstration
  note TEXT NOT NULL DEFAULT '',
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  batch_id TEXT REFERENCES batch(id),
  supersedes_id TEXT REFERENCES death(id),
  withdrawn_on TEXT
);
CREATE INDEX death_when ON death(country, died_on, id);
CREATE INDEX death_org ON death(org_id, died_on);
CREATE INDEX death_slot ON death(source_id, source_ref);
CREATE INDEX death_batch ON death(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX death_supersedes ON death(supersedes_id) WHERE supersedes_id IS NOT NULL;

CREATE TABLE death_substance (
  death_id TEXT NOT NULL REFERENCES death(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  substance_id TEXT REFERENCES substance(id),
  name TEXT NOT NULL DEFAULT '',      -- as the source wrote it
  drug TEXT NOT NULL DEFAULT '',      -- code of the drug list
  nps BOOLEAN NOT NULL DEFAULT FALSE,
  role TEXT NOT NULL CHECK (role IN ('cause','contributing','present')),
  PRIMARY KEY (death_id, position)
);

-- One stay of a person on the dispensary register. It is no treatment episode.
CREATE TABLE registration (
  id TEXT PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES source(id),
  source_ref TEXT NOT NULL,
  person TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL,
  region TEXT NOT NULL DEFAULT '',    -- that keeps the register
  entered_on TEXT NOT NULL,
  entry_reason TEXT NOT NULL,         -- code list register-entry
  exit_on TEXT,
  exit_reason TEXT NOT NULL DEFAULT '', -- code list register-exit
  drug TEXT NOT NULL DEFAULT '',      -- code of the drug list
  nps BOOLEAN NOT NULL DEFAULT FALSE,
  sex TEXT NOT NULL CHECK (sex IN ('male','female','unknown')),
  born INTEGER,                       -- year; NULL not known
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  note TEXT NOT NULL DEFAULT '',
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  batch_id TEXT REFERENCES batch(id),
  supersedes_id TEXT REFERENCES registration(id),
  withdrawn_on TEXT,
  CHECK (exit_on IS NULL OR exit_on >= entered_on),
  CHECK ((exit_on IS NULL) = (exit_reason = ''))
);
CREATE INDEX registration_when ON registration(country, entered_on, id);
CREATE INDEX registration_org ON registration(org_id, entered_on);
CREATE INDEX registration_slot ON registration(source_id, source_ref);
CREATE INDEX registration_batch ON registration(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX registration_supersedes ON registration(supersedes_id) WHERE supersedes_id IS NOT NULL;

-- A study or a testing programme among people who inject drugs, and what it counted.
CREATE TABLE infection_study (
  id TEXT PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES source(id),
  source_ref TEXT NOT NULL,
  kind TEXT NOT NULL,                 -- code list study-kind
  title TEXT NOT NULL DEFAULT '',
  citation TEXT NOT NULL DEFAULT '',
  setting TEXT NOT NULL DEFAULT '',   -- code list study-setting
  country TEXT NOT NULL,
  place TEXT NOT NULL,                -- region, or the country's code
  area TEXT NOT NULL DEFAULT '',      -- city or district, as written
  start_on TEXT NOT NULL,
  end_on TEXT NOT NULL,
  recruitment TEXT NOT NULL DEFAULT '', -- code list study-recruitment
  people TEXT NOT NULL DEFAULT '',    -- who was included: code list injector
  specimen TEXT NOT NULL DEFAULT '',  -- code list specimen
  published BOOLEAN NOT NULL DEFAULT FALSE,
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  note TEXT NOT NULL DEFAULT '',
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  batch_id TEXT REFERENCES batch(id),
  supersedes_id TEXT REFERENCES infection_study(id),
  withdrawn_on TEXT,
  CHECK (start_on <= end_on)
);
CREATE INDEX infection_study_when ON infection_study(country, start_on, id);
CREATE INDEX infection_study_org ON infection_study(org_id, start_on);
CREATE INDEX infection_study_slot ON infection_study(source_id, source_ref);
CREATE INDEX infection_study_batch ON infection_study(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX infection_study_supersedes ON infection_study(supersedes_id) WHERE supersedes_id IS NOT NULL;

CREATE TABLE infection_count (
  study_id TEXT NOT NULL REFERENCES infection_study(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  measure TEXT NOT NULL,              -- marker or behaviour: code list infection-measure
  breakdown TEXT NOT NULL DEFAULT '', -- '' all; else dimension=group
  tested BIGINT NOT NULL,             -- or asked
  positive BIGINT NOT NULL,           -- or yes
  PRIMARY KEY (study_id, position),
  UNIQUE (study_id, measure, breakdown)
);

-- +goose Down
DROP TABLE infection_count; DROP TABLE infection_study; DROP TABLE registration; DROP TABLE death_substance; DROP TABLE death;
