-- +goose Up
-- Series of counts and the signals that rise from them.

CREATE TABLE series_delta (
  country TEXT NOT NULL,
  region TEXT NOT NULL,               -- '' when the place is not known below the country
  dim TEXT NOT NULL CHECK (dim IN ('substance','family','total')),
  dim_id TEXT NOT NULL,               -- substance id, family code, '' for total
  kind TEXT NOT NULL,                 -- report kind, or 'overlap': minus what would be counted twice over all kinds
  week INTEGER NOT NULL,              -- baqylau.Week of occurred_on (known_on where it is unknown)
  known_on TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n <> 0),
  batch_id TEXT,                      -- hidden until its batch is revealed
  hidden BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX series_key ON series_delta(dim, dim_id, country, week, known_on, kind, region, n);
CREATE INDEX series_known ON series_delta(country, known_on, hidden, n);
CREATE INDEX series_batch ON series_delta(batch_id);
-- Detection reads findings in the order in which they became known.
CREATE INDEX finding_known ON finding(known_on);

CREATE TABLE detect_run (
  id TEXT PRIMARY KEY,
  country TEXT NOT NULL,
  as_of TEXT NOT NULL,
  at BIGINT NOT NULL,
  candidates INTEGER NOT NULL,
  raised INTEGER NOT NULL
);
CREATE INDEX detect_run_country ON detect_run(country, as_of);

CREATE TABLE signal (
  id TEXT PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  dedup_key TEXT NOT NULL UNIQUE,     -- the same finding of the same rule never becomes two signals
  type TEXT NOT NULL,
  rule TEXT NOT NULL,                 -- what detected it; 'person' when an officer did
  country TEXT NOT NULL,
  region TEXT,
  substance_id TEXT REFERENCES substance(id),
  family TEXT,
  raised_on TEXT NOT NULL,            -- known_on when it was raised
  first_event_on TEXT,
  events INTEGER NOT NULL,
  title TEXT NOT NULL,                -- JSON signal.Sentence: {key, args}, or {text} when a person wrote it
  explanation TEXT NOT NULL,          -- JSON list of signal.Sentence
  evidence TEXT NOT NULL,             -- JSON signal.Evidence: occurrence ids, observed, expected, bound, p
  rank DOUBLE PRECISION NOT NULL,     -- the detector's own score, 0..1
  scores TEXT NOT NULL DEFAULT '{}',  -- JSON signal.Scores: six criteria, 0..3 each, with grounds and notes
  priority TEXT NOT NULL DEFAULT 'green' CHECK (priority IN ('red','amber','yellow','green')),
  priority_reason TEXT NOT NULL DEFAULT '',
  confidence TEXT NOT NULL CHECK (confidence IN ('suspected','probable','confirmed')),
  state TEXT NOT NULL CHECK (state IN ('detected','validating','validated','refuted','prioritised','assessing','decided','following_up','closed')),
  outside BOOLEAN NOT NULL DEFAULT FALSE,  -- rests on another country's published records
  tlp TEXT NOT NULL DEFAULT 'AMBER',  -- the strictest label of the evidence
  checks TEXT NOT NULL DEFAULT '{}',  -- JSON: answers to the questions of validation
  decision TEXT NOT NULL DEFAULT '',  -- code list signal_decision; '' until decided
  due_at BIGINT NOT NULL DEFAULT 0,   -- by when the panel should have looked; 0 when no clock runs
  text_fold TEXT NOT NULL DEFAULT '', -- folded number, title, names and place: the search column
  owner_id TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX signal_inbox ON signal(state, raised_on);
CREATE INDEX signal_substance ON signal(substance_id);

CREATE TABLE signal_event (
  id TEXT PRIMARY KEY,
  signal_id TEXT NOT NULL REFERENCES signal(id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  account_id TEXT NOT NULL,
  role TEXT NOT NULL,
  act TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX signal_event_signal ON signal_event(signal_id, at);

-- +goose Down
DROP INDEX finding_known; DROP TABLE signal_event; DROP TABLE signal; DROP TABLE detect_run; DROP TABLE series_delta;
