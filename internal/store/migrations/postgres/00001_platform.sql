-- +goose Up
-- People, trust and clocks. Instants (…_at) are microseconds since 1970 UTC; dates (…_on) are ISO text.

CREATE TABLE organisation (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,                 -- baqylau.Text as JSON
  kind TEXT NOT NULL,                 -- code list agency
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  country TEXT NOT NULL,
  region TEXT,
  max_tlp TEXT NOT NULL DEFAULT 'AMBER',
  active BOOLEAN NOT NULL DEFAULT TRUE,
  created_at BIGINT NOT NULL
);

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,         -- e-mail address, lower case
  name TEXT NOT NULL,
  org_id TEXT NOT NULL REFERENCES organisation(id),
  lang TEXT NOT NULL CHECK (lang IN ('kk','ru','en')),
  state TEXT NOT NULL CHECK (state IN ('invited','active','disabled')),
  password_hash TEXT NOT NULL DEFAULT '',
  totp_secret TEXT NOT NULL DEFAULT '',   -- sealed with the node key
  totp_last_step BIGINT NOT NULL DEFAULT 0, -- a code is accepted once
  failures INTEGER NOT NULL DEFAULT 0,
  locked_until BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX account_org ON account(org_id);

CREATE TABLE account_role (
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  PRIMARY KEY (account_id, role)
);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,        -- SHA-256 of the cookie; the cookie itself is never stored
  account_id TEXT,
  data BYTEA NOT NULL,
  expires_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session(account_id);
CREATE INDEX session_expiry ON session(expires_at);

CREATE TABLE one_time_link (
  token_hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('invitation','password','second_factor')),
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE api_token (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  name TEXT NOT NULL,                 -- given by the person, to tell their tokens apart
  token_hash TEXT NOT NULL UNIQUE,    -- SHA-256; the token itself is shown once and never stored
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX api_token_account ON api_token(account_id);

CREATE TABLE audit_entry (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  act TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  owner_org_id TEXT NOT NULL,         -- organisation whose data was touched; it may read this entry
  detail TEXT NOT NULL,               -- JSON without personal data
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_object ON audit_entry(object_type, object_id);
CREATE INDEX audit_owner ON audit_entry(owner_org_id, seq);

CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE due_item (
  id TEXT PRIMARY KEY,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  kind TEXT NOT NULL,                 -- what has to be done; the label is due.kind.<kind>
  title TEXT NOT NULL,                -- baqylau.Text as JSON
  path TEXT NOT NULL,                 -- page where it is done
  account_id TEXT,                    -- who has to do it, or NULL: the role
  role TEXT NOT NULL,
  org_id TEXT,
  due_at BIGINT NOT NULL,
  remind_at BIGINT NOT NULL DEFAULT 0,
  reminded_at BIGINT NOT NULL DEFAULT 0,
  escalate_at BIGINT NOT NULL DEFAULT 0,
  escalated_at BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('open','done','cancelled')),
  created_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX due_open ON due_item(state, due_at);
CREATE UNIQUE INDEX due_one_open ON due_item(object_type, object_id, kind) WHERE state = 'open';

CREATE TABLE deputy (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id),
  deputy_id TEXT NOT NULL REFERENCES account(id),
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  CHECK (account_id <> deputy_id),
  CHECK (from_on <= to_on)
);

CREATE TABLE duty (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id),
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  CHECK (from_on <= to_on)
);

CREATE TABLE calendar_token (
  account_id TEXT PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE,
  token_hash TEXT NOT NULL UNIQUE
);

CREATE TABLE holiday (
  day_on TEXT PRIMARY KEY,
  working BOOLEAN NOT NULL,           -- a weekend day made a working day, or a weekday made a day off
  name TEXT NOT NULL,
  source TEXT NOT NULL
);

CREATE TABLE retention_rule (
  class TEXT PRIMARY KEY,             -- code list retention
  keep_days INTEGER NOT NULL CHECK (keep_days > 0),
  basis TEXT NOT NULL,
  verified BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE breach (
  id TEXT PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  found_at BIGINT NOT NULL,
  happened_on TEXT,
  what TEXT NOT NULL,
  data_classes TEXT NOT NULL,
  persons INTEGER NOT NULL DEFAULT 0,
  measures TEXT NOT NULL DEFAULT '',
  authority_notified_at BIGINT NOT NULL DEFAULT 0,
  persons_notified_at BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('open','closed')),
  account_id TEXT NOT NULL REFERENCES account(id)
);

CREATE TABLE idempotency (
  account_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  response TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, key)
);

CREATE TABLE saved_view (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  page TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  UNIQUE (account_id, page, name)
);

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE counter (
  name TEXT PRIMARY KEY,              -- public references such as R-2026-000123 count without gaps per name
  value BIGINT NOT NULL
);

-- +goose Down
DROP TABLE counter; DROP TABLE setting; DROP TABLE saved_view; DROP TABLE idempotency; DROP TABLE breach; DROP TABLE retention_rule;
DROP TABLE holiday; DROP TABLE calendar_token; DROP TABLE duty; DROP TABLE deputy; DROP TABLE due_item; DROP TABLE audit_head;
DROP TABLE audit_entry; DROP TABLE api_token; DROP TABLE one_time_link; DROP TABLE session; DROP TABLE account_role; DROP TABLE account; DROP TABLE organisation;
