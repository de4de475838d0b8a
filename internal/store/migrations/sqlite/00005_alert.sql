-- +goose Up
-- Communications: what goes out, to whom, and what became of it.

CREATE TABLE communication (
  id TEXT PRIMARY KEY,
  root_id TEXT NOT NULL,              -- first version; its own id for that one
  ref TEXT NOT NULL DEFAULT '',       -- KZ-EWS-AL-2026-0001, given when the first version is issued; all versions share it
  type TEXT NOT NULL CHECK (type IN ('FN','AL','AD','UP','BR','PW','SR')),
  signal_id TEXT REFERENCES signal(id),
  substance_id TEXT REFERENCES substance(id),
  state TEXT NOT NULL CHECK (state IN ('draft','science_review','cleared','issued','expired','cancelled','superseded','retracted','refused')),
  version INTEGER NOT NULL DEFAULT 1,
  tlp TEXT NOT NULL,
  public BOOLEAN NOT NULL DEFAULT FALSE,  -- shown on the public page; needs TLP CLEAR
  severity TEXT NOT NULL CHECK (severity IN ('red','amber','yellow','green')),
  confidence TEXT NOT NULL CHECK (confidence IN ('suspected','probable','confirmed')),
  regions TEXT NOT NULL DEFAULT '',   -- comma-separated codes; '' = the whole country
  content TEXT NOT NULL,              -- JSON: title, summary, confirmed, uncertain, signs, advice, response, sources, contact; each a Text
  figures TEXT NOT NULL DEFAULT '{}', -- numbers cleared with it: exempt from small-cell suppression
  drafted_by TEXT NOT NULL,
  reviewed_by TEXT,
  cleared_by TEXT,
  emergency BOOLEAN NOT NULL DEFAULT FALSE,
  issued_at BIGINT NOT NULL DEFAULT 0,
  expires_at BIGINT NOT NULL DEFAULT 0,
  ended_at BIGINT NOT NULL DEFAULT 0,
  end_reason TEXT NOT NULL DEFAULT '{}', -- baqylau.Text as JSON: why it was cancelled or retracted
  supersedes_id TEXT REFERENCES communication(id),
  text_fold TEXT NOT NULL DEFAULT '', -- folded number and titles: the search column
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,         -- an act on an older state is refused
  UNIQUE (root_id, version),
  CHECK (reviewed_by IS NULL OR reviewed_by <> drafted_by),
  CHECK (cleared_by IS NULL OR cleared_by <> drafted_by OR emergency),
  CHECK (NOT emergency OR severity = 'red'),
  CHECK (state NOT IN ('cleared','issued') OR cleared_by IS NOT NULL),
  CHECK (NOT public OR tlp = 'CLEAR')
);
CREATE UNIQUE INDEX communication_ref ON communication(ref, version) WHERE ref <> '';
CREATE INDEX communication_substance ON communication(substance_id);
CREATE INDEX communication_state ON communication(state, issued_at);
CREATE INDEX communication_signal ON communication(signal_id);

CREATE TABLE communication_event (
  id TEXT PRIMARY KEY,
  communication_id TEXT NOT NULL REFERENCES communication(id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  account_id TEXT NOT NULL,
  act TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX communication_event_of ON communication_event(communication_id, at);

CREATE TABLE subscription (
  id TEXT PRIMARY KEY,
  account_id TEXT,                    -- a person with an account, or NULL
  org_id TEXT NOT NULL,
  address TEXT NOT NULL,              -- e-mail
  lang TEXT NOT NULL CHECK (lang IN ('kk','ru','en')),
  max_tlp TEXT NOT NULL,
  min_severity TEXT NOT NULL DEFAULT 'green',
  regions TEXT NOT NULL DEFAULT '',
  ack_required BOOLEAN NOT NULL DEFAULT FALSE,
  token_hash TEXT NOT NULL DEFAULT '', -- of the verification link; '' once used
  created_at BIGINT NOT NULL DEFAULT 0,
  verified_at BIGINT NOT NULL DEFAULT 0,
  ended_at BIGINT NOT NULL DEFAULT 0,
  UNIQUE (address, org_id)
);

CREATE TABLE delivery (
  id TEXT PRIMARY KEY,
  communication_id TEXT REFERENCES communication(id),
  purpose TEXT NOT NULL,              -- issued, updated, superseded, cancelled, retracted, verify, red_signal, reminder, account
  object_id TEXT NOT NULL DEFAULT '',
  subscription_id TEXT REFERENCES subscription(id),
  org_id TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL,
  lang TEXT NOT NULL,
  in_reply_to TEXT NOT NULL DEFAULT '', -- Message-ID of the letter it follows
  message_id TEXT NOT NULL UNIQUE,    -- RFC 5322 Message-ID, fixed before the first try
  subject TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('queued','accepted','failed','withdrawn')),
  tries INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL DEFAULT 0,
  ack_hash TEXT NOT NULL DEFAULT '',  -- of the link in the letter
  ack_required BOOLEAN NOT NULL DEFAULT FALSE,
  acknowledged_at BIGINT NOT NULL DEFAULT 0,
  UNIQUE (communication_id, purpose, address)
);
CREATE UNIQUE INDEX delivery_ack ON delivery(ack_hash) WHERE ack_hash <> '';
CREATE INDEX delivery_state ON delivery(state, created_at);

CREATE TABLE foreign_feed (
  id TEXT PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  etag TEXT NOT NULL DEFAULT '',
  fetched_at BIGINT NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT ''
);

CREATE TABLE foreign_alert (
  id TEXT PRIMARY KEY,
  feed_id TEXT REFERENCES foreign_feed(id),
  identifier TEXT NOT NULL UNIQUE,
  sender TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  link TEXT NOT NULL DEFAULT '',
  severity TEXT NOT NULL DEFAULT '',
  raw TEXT NOT NULL,
  text_fold TEXT NOT NULL DEFAULT '', -- folded title and sender: the search column
  signal_id TEXT REFERENCES signal(id),
  state TEXT NOT NULL CHECK (state IN ('new','signal','dismissed','cancelled')),
  received_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE foreign_alert; DROP TABLE foreign_feed; DROP TABLE delivery; DROP TABLE subscription; DROP TABLE communication_event; DROP TABLE communication;
