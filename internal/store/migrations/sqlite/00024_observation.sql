-- +goose Up
-- Figures of the data collection, what the checks asked about them, and what has been released.

-- One figure. Rows of one cell from different issuers stand side by side; a row is no longer in force once a visible row known by then supersedes it.
CREATE TABLE observation (
  id TEXT PRIMARY KEY,
  cell TEXT NOT NULL,                 -- what is measured: indicator|place|start|end|sex|age|drug|breakdown
  indicator TEXT NOT NULL,
  unit TEXT NOT NULL,
  country TEXT NOT NULL,              -- ISO 3166-1 alpha-2
  place TEXT NOT NULL,                -- region code, or the country's for the whole
  facility_id TEXT,
  start_on TEXT NOT NULL,
  end_on TEXT NOT NULL,
  cumulative BOOLEAN NOT NULL DEFAULT FALSE, -- counted from 1 January on, as ministry forms do
  sex TEXT NOT NULL DEFAULT 'total' CHECK (sex IN ('total','male','female','unknown')),
  age TEXT NOT NULL DEFAULT 'all',
  drug TEXT NOT NULL DEFAULT 'all',   -- code of the drug list, or a group
  substance_id TEXT REFERENCES substance(id),
  breakdown TEXT NOT NULL DEFAULT '', -- further dimensions: name=code;name=code in name order
  coverage TEXT NOT NULL DEFAULT '',  -- agencies that it covers; '' all
  definition TEXT NOT NULL DEFAULT '',-- where it departs from the indicator's own
  value DOUBLE PRECISION,
  low DOUBLE PRECISION,
  high DOUBLE PRECISION,
  sample BIGINT,                      -- n behind an estimate, a share or a price
  absence TEXT NOT NULL DEFAULT '' CHECK (absence IN ('','suppressed','not_collected','not_known','not_applicable')),
  qualifier TEXT NOT NULL DEFAULT 'exact' CHECK (qualifier IN ('exact','about','more_than','at_least')),
  provisional BOOLEAN NOT NULL DEFAULT FALSE,
  published BOOLEAN NOT NULL DEFAULT FALSE,  -- taken from a public source: nothing is left to hide
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,  -- made up for a demonstration
  detail TEXT NOT NULL DEFAULT '{}',  -- indicator.Detail as JSON
  source_id TEXT NOT NULL REFERENCES source(id),
  issuer TEXT NOT NULL DEFAULT '',    -- who stated it, where that is not the source
  citation TEXT NOT NULL DEFAULT '',  -- title and address
  note TEXT NOT NULL DEFAULT '',
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  batch_id TEXT REFERENCES batch(id),
  supersedes_id TEXT REFERENCES observation(id),
  withdrawn_on TEXT,
  CHECK (start_on <= end_on),
  CHECK ((value IS NULL) = (absence <> '')),
  CHECK (low IS NULL OR high IS NULL OR low <= high)
);
CREATE INDEX observation_asked ON observation(indicator, country, place, start_on);
CREATE INDEX observation_cell ON observation(cell);
CREATE INDEX observation_supersedes ON observation(supersedes_id) WHERE supersedes_id IS NOT NULL;
CREATE INDEX observation_batch ON observation(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX observation_org ON observation(org_id, recorded_at);
CREATE INDEX observation_source ON observation(source_id, start_on);

-- Which of the rows of a cell is used, by whom and why. The last one known by a day counts; nothing is overwritten.
CREATE TABLE observation_choice (
  id TEXT PRIMARY KEY,
  cell TEXT NOT NULL,
  observation_id TEXT NOT NULL REFERENCES observation(id),
  reason TEXT NOT NULL,
  account_id TEXT NOT NULL,
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL
);
CREATE INDEX observation_choice_cell ON observation_choice(cell, recorded_at);

-- What a check asks. It never corrects: a person resolves it with a note, or returns it to who sent the figures.
CREATE TABLE check_finding (
  id TEXT PRIMARY KEY,
  rule TEXT NOT NULL,                 -- catalogue key check.<rule>
  severity TEXT NOT NULL CHECK (severity IN ('note','question','error')),
  subject TEXT NOT NULL,              -- observation, episode, death, registration, study, facility, dataset
  subject_id TEXT NOT NULL,
  mark TEXT NOT NULL,                 -- the finding's own key: found again it is the same finding
  first_label TEXT NOT NULL DEFAULT '',
  first_value TEXT NOT NULL DEFAULT '',
  second_label TEXT NOT NULL DEFAULT '',
  second_value TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  period TEXT NOT NULL DEFAULT '',
  org_id TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  batch_id TEXT,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','returned','answered','resolved','gone')),
  question TEXT NOT NULL DEFAULT '',  -- what was asked of the sender
  note TEXT NOT NULL DEFAULT '',      -- what whoever resolved it found
  account_id TEXT NOT NULL DEFAULT '',
  found_at BIGINT NOT NULL,
  moved_at BIGINT NOT NULL DEFAULT 0,
  UNIQUE (rule, mark)
);
CREATE INDEX check_finding_state ON check_finding(state, severity, found_at);
CREATE INDEX check_finding_org ON check_finding(org_id, state);
CREATE INDEX check_finding_subject ON check_finding(subject, subject_id);

-- The release ledger: tables that have left, against which later ones are held.
CREATE TABLE disclosure_release (
  id TEXT PRIMARY KEY,
  dataset TEXT NOT NULL,              -- whose counts: releases of one dataset are held against each other
  mark TEXT NOT NULL,                 -- the question that the table answers
  title TEXT NOT NULL,
  content TEXT NOT NULL,              -- disclosure table as JSON, sealed with the node key
  answer TEXT NOT NULL,               -- what was shown
  account_id TEXT NOT NULL,
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL
);
CREATE INDEX disclosure_release_dataset ON disclosure_release(dataset, recorded_at);

-- +goose Down
DROP TABLE disclosure_release; DROP TABLE check_finding; DROP TABLE observation_choice; DROP TABLE observation;
