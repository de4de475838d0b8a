-- +goose Up
-- Reports of one occurrence, their findings, files, questions; imports; matching.

CREATE TABLE mapping (
  id TEXT PRIMARY KEY,
  org_id TEXT REFERENCES organisation(id),  -- NULL: shipped with the product
  name TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  yaml TEXT NOT NULL,
  account_id TEXT,
  updated_at BIGINT NOT NULL,
  UNIQUE (org_id, name, version)
);

CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  source_id TEXT NOT NULL REFERENCES source(id),
  mapping_id TEXT,
  mapping_yaml TEXT NOT NULL,
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  lab_org_id TEXT,
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  file_path TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('staging','staged','applying','applied','undoing','undone','failed','cancelled')),
  good_rows_only BOOLEAN NOT NULL DEFAULT FALSE,
  rows_total BIGINT NOT NULL DEFAULT 0,
  rows_good BIGINT NOT NULL DEFAULT 0,
  rows_bad BIGINT NOT NULL DEFAULT 0,
  rows_same BIGINT NOT NULL DEFAULT 0,   -- already known from this source, unchanged
  rows_done BIGINT NOT NULL DEFAULT 0,
  header TEXT NOT NULL DEFAULT '[]',   -- JSON list of the file's column names
  reason TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  applied_at BIGINT NOT NULL DEFAULT 0,
  undone_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX batch_org ON batch(org_id, created_at);
CREATE INDEX batch_file ON batch(source_id, file_sha256);

CREATE TABLE batch_row (
  batch_id TEXT NOT NULL REFERENCES batch(id) ON DELETE CASCADE,
  row_no BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('good','bad','same','applied')),
  source_ref TEXT NOT NULL DEFAULT '',
  record TEXT NOT NULL,               -- mapping.Record as JSON; for bad rows the raw cells
  problems TEXT NOT NULL DEFAULT '',  -- JSON list of key, column, value
  PRIMARY KEY (batch_id, row_no)
);

CREATE TABLE occurrence (
  id TEXT PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  country TEXT NOT NULL,
  region TEXT,
  occurred_on TEXT,
  occurred_precision TEXT NOT NULL DEFAULT 'day' CHECK (occurred_precision IN ('day','month','year')),
  known_on TEXT NOT NULL,             -- earliest known_on of its reports
  recorded_at BIGINT NOT NULL,
  merged_into TEXT REFERENCES occurrence(id),
  batch_id TEXT,                      -- set while its batch is not revealed: hidden
  hidden BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX occurrence_when ON occurrence(occurred_on, id);
CREATE INDEX occurrence_sorted ON occurrence((COALESCE(occurred_on,'')), id);
CREATE INDEX occurrence_region ON occurrence(region, occurred_on);
CREATE INDEX occurrence_batch ON occurrence(batch_id);
CREATE INDEX occurrence_merged ON occurrence(merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE report (
  id TEXT PRIMARY KEY,
  receipt TEXT NOT NULL UNIQUE,       -- given to the sender
  kind TEXT NOT NULL CHECK (kind IN ('seizure','collected_sample','biological_sample','acute_intoxication','death','market_info','tip','foreign_alert')),
  channel TEXT NOT NULL CHECK (channel IN ('form','api','import','tip','feed')),
  state TEXT NOT NULL CHECK (state IN ('draft','submitted','received','clarification','accepted','linked','duplicate','out_of_scope','retracted')),
  org_id TEXT NOT NULL,               -- '' for a tip
  account_id TEXT NOT NULL,
  lab_org_id TEXT,                    -- laboratory asked to analyse
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  tlp TEXT NOT NULL DEFAULT 'AMBER',
  source_id TEXT NOT NULL REFERENCES source(id),
  source_ref TEXT,                    -- the source's own number; unique per source
  content_hash TEXT NOT NULL,
  batch_id TEXT REFERENCES batch(id),
  hidden BOOLEAN NOT NULL DEFAULT FALSE,
  occurrence_id TEXT REFERENCES occurrence(id),
  country TEXT NOT NULL,
  region TEXT,
  place_type TEXT NOT NULL DEFAULT 'unknown',
  occurred_on TEXT,
  occurred_precision TEXT NOT NULL DEFAULT 'day' CHECK (occurred_precision IN ('day','month','year')),
  known_on TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  sex TEXT NOT NULL DEFAULT '',
  age_band TEXT NOT NULL DEFAULT '',
  fatal BOOLEAN NOT NULL DEFAULT FALSE,
  text TEXT NOT NULL DEFAULT '',      -- what the sender wrote, verbatim
  text_fold TEXT NOT NULL DEFAULT '', -- folded, with substance names: the search column
  detail TEXT NOT NULL DEFAULT '{}',  -- intake.Detail as JSON: fields of the kind
  lang TEXT NOT NULL DEFAULT 'ru',
  supersedes_id TEXT REFERENCES report(id),
  superseded_on TEXT                  -- known_on of the report that replaced this one
);
CREATE INDEX report_org ON report(org_id, recorded_at);
CREATE INDEX report_when ON report(recorded_at, id);
CREATE INDEX report_occurred ON report(occurred_on, id);
CREATE INDEX report_occurrence ON report(occurrence_id);
CREATE INDEX report_batch ON report(batch_id);
CREATE INDEX report_state ON report(state, recorded_at);
CREATE INDEX report_source_ref ON report(source_id, source_ref);
CREATE INDEX report_supersedes ON report(supersedes_id) WHERE supersedes_id IS NOT NULL;

CREATE TABLE report_event (
  id TEXT PRIMARY KEY,
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  account_id TEXT NOT NULL,
  act TEXT NOT NULL,                  -- submitted, received, asked, answered, accepted, linked, duplicate, out_of_scope, retracted, amended
  text TEXT NOT NULL DEFAULT '',      -- question, answer or reason
  public BOOLEAN NOT NULL DEFAULT TRUE -- shown to the sender
);
CREATE INDEX report_event_report ON report_event(report_id, at);

CREATE TABLE attachment (
  id TEXT PRIMARY KEY,
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  content BLOB NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX attachment_report ON attachment(report_id);

CREATE TABLE personal_link (
  id TEXT PRIMARY KEY,
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement')),
  org_id TEXT NOT NULL,
  pseudonym TEXT NOT NULL,            -- keyed per domain; the number itself is never stored
  erase_on TEXT NOT NULL
);
CREATE INDEX personal_link_erase ON personal_link(erase_on);
CREATE UNIQUE INDEX personal_link_report ON personal_link(report_id);

CREATE TABLE finding (
  id TEXT PRIMARY KEY,
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  occurrence_id TEXT NOT NULL REFERENCES occurrence(id),
  substance_id TEXT REFERENCES substance(id),
  family TEXT REFERENCES family(code),   -- a class kept as a class
  unidentified TEXT NOT NULL DEFAULT '', -- text that looks like a substance and is not known
  matched TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL DEFAULT 'main' CHECK (role IN ('main','minor','adulterant','diluent','precursor','metabolite')),
  level TEXT NOT NULL CHECK (level IN ('not_identified','presumptive','tentative_structure','confirmed')),
  confidence TEXT NOT NULL CHECK (confidence IN ('suspected','probable','confirmed')),
  techniques TEXT NOT NULL DEFAULT '',   -- comma-separated codes
  reference_standard TEXT NOT NULL DEFAULT 'none',
  purity_pct TEXT NOT NULL DEFAULT '',
  lab_result_id TEXT,
  known_on TEXT NOT NULL,
  superseded_on TEXT,
  hidden BOOLEAN NOT NULL DEFAULT FALSE,
  CHECK (substance_id IS NOT NULL OR family IS NOT NULL OR unidentified <> '')
);
CREATE INDEX finding_report ON finding(report_id);
CREATE INDEX finding_occurrence ON finding(occurrence_id);
CREATE INDEX finding_substance ON finding(substance_id, known_on);
CREATE INDEX finding_family ON finding(family, known_on);

CREATE TABLE question (
  id TEXT PRIMARY KEY,
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  matched TEXT NOT NULL,
  candidates TEXT NOT NULL,           -- JSON list of substance names
  state TEXT NOT NULL CHECK (state IN ('open','answered','dismissed')),
  answer_substance_id TEXT,
  at BIGINT NOT NULL
);
CREATE INDEX question_report ON question(report_id);
CREATE INDEX question_state ON question(state);

CREATE TABLE match_proposal (
  id TEXT PRIMARY KEY,
  a_id TEXT NOT NULL REFERENCES occurrence(id),
  b_id TEXT NOT NULL REFERENCES occurrence(id),
  score INTEGER NOT NULL,             -- 0..100
  reasons TEXT NOT NULL,              -- JSON list of keys
  state TEXT NOT NULL CHECK (state IN ('proposed','merged','refused')),
  at BIGINT NOT NULL,
  decided_by TEXT,
  decided_at BIGINT NOT NULL DEFAULT 0,
  moved TEXT NOT NULL DEFAULT '[]',   -- report ids moved by the merge, so that it can be undone
  UNIQUE (a_id, b_id)
);
CREATE INDEX match_state ON match_proposal(state, score);
CREATE INDEX match_b ON match_proposal(b_id);

CREATE TABLE lab_result (
  id TEXT PRIMARY KEY,
  report_id TEXT NOT NULL REFERENCES report(id) ON DELETE CASCADE,
  sample_ref TEXT NOT NULL,
  org_id TEXT NOT NULL,               -- the laboratory
  account_id TEXT NOT NULL,           -- analyst
  lab_org_id TEXT,
  domain TEXT NOT NULL,
  reviewer_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('requested','sample_received','in_analysis','presumptive','confirmed','tentative','not_identified','in_review','released','returned','amended')),
  results TEXT NOT NULL DEFAULT '[]', -- JSON list of lab.Result
  analysed_on TEXT,
  comment TEXT NOT NULL DEFAULT '',
  amends_id TEXT REFERENCES lab_result(id),
  created_at BIGINT NOT NULL,
  released_at BIGINT NOT NULL DEFAULT 0,
  CHECK (reviewer_id IS NULL OR reviewer_id <> account_id)
);
CREATE INDEX lab_result_report ON lab_result(report_id);
CREATE INDEX lab_result_org ON lab_result(org_id, state);

-- +goose Down
DROP TABLE lab_result; DROP TABLE match_proposal; DROP TABLE question; DROP TABLE finding; DROP TABLE personal_link; DROP TABLE attachment;
DROP TABLE report_event; DROP TABLE report; DROP TABLE occurrence; DROP TABLE batch_row; DROP TABLE batch; DROP TABLE mapping;
