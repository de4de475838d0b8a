-- +goose Up
-- Substances, places, sources: the spine everything refers to.

CREATE TABLE substance (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,          -- preferred name (international)
  label TEXT NOT NULL,                -- baqylau.Text as JSON: what pages show
  inchikey TEXT,
  smiles TEXT NOT NULL DEFAULT '',
  formula TEXT NOT NULL DEFAULT '',
  cas TEXT NOT NULL DEFAULT '',       -- pipe-separated
  parent_id TEXT REFERENCES substance(id), -- metabolite of, salt of
  watch BOOLEAN NOT NULL DEFAULT FALSE,    -- new psychoactive substance or adulterant under watch
  state TEXT NOT NULL DEFAULT 'identified' CHECK (state IN ('candidate','identified','notified','monitored','intensive_monitoring',
    'initial_report','risk_assessment','control_proposed','controlled','not_controlled','merged','out_of_scope','retracted')),
  source TEXT NOT NULL DEFAULT '',
  updated_at BIGINT NOT NULL
);
CREATE INDEX substance_inchikey ON substance(inchikey);

CREATE TABLE substance_name (
  id TEXT PRIMARY KEY,
  substance_id TEXT NOT NULL REFERENCES substance(id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  fold TEXT NOT NULL,                 -- locale.Fold(text); search and recognition use it
  lang TEXT NOT NULL DEFAULT '',      -- '' = international
  type TEXT NOT NULL CHECK (type IN ('systematic','common','code','street','product','former')),
  region TEXT,
  from_on TEXT,
  confidence TEXT NOT NULL DEFAULT 'confirmed' CHECK (confidence IN ('suspected','probable','confirmed')),
  ambiguous BOOLEAN NOT NULL DEFAULT FALSE,  -- leads to a question, never to a guess
  source TEXT NOT NULL DEFAULT '',
  UNIQUE (substance_id, text, lang)
);
CREATE INDEX substance_name_fold ON substance_name(fold);

CREATE TABLE family (
  code TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('chemical','effect')),
  name TEXT NOT NULL,                 -- baqylau.Text as JSON
  parent TEXT REFERENCES family(code)
);

CREATE TABLE substance_family (
  substance_id TEXT NOT NULL REFERENCES substance(id) ON DELETE CASCADE,
  family TEXT NOT NULL REFERENCES family(code),
  PRIMARY KEY (substance_id, family)
);
CREATE INDEX substance_family_family ON substance_family(family);

CREATE TABLE legal_status (
  id TEXT PRIMARY KEY,
  substance_id TEXT NOT NULL REFERENCES substance(id) ON DELETE CASCADE,
  jurisdiction TEXT NOT NULL,         -- ISO 3166-1 alpha-2, or UN, EU
  instrument TEXT NOT NULL,
  schedule TEXT NOT NULL DEFAULT '',
  basis TEXT NOT NULL CHECK (basis IN ('named','generic','analogue','temporary','medicines_law','precursor','none')),
  from_on TEXT,
  to_on TEXT,
  verified BOOLEAN NOT NULL DEFAULT FALSE,
  source TEXT NOT NULL DEFAULT '',
  CHECK (to_on IS NULL OR from_on IS NULL OR from_on <= to_on)
);
CREATE INDEX legal_status_substance ON legal_status(substance_id);

CREATE TABLE region (
  code TEXT PRIMARY KEY,              -- ISO 3166-2; outside regions carry their source's code such as US-CT:HARTFORD
  country TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,                 -- baqylau.Text as JSON
  former_code TEXT NOT NULL DEFAULT '',
  outside BOOLEAN NOT NULL DEFAULT FALSE,
  valid_from TEXT,
  valid_to TEXT,
  outline TEXT NOT NULL DEFAULT ''    -- GeoJSON geometry, WGS 84
);
CREATE INDEX region_country ON region(country);

CREATE TABLE region_succession (
  region TEXT NOT NULL REFERENCES region(code),
  predecessor TEXT NOT NULL,
  changed_on TEXT NOT NULL,
  PRIMARY KEY (region, predecessor)
);

CREATE TABLE population (
  region TEXT NOT NULL,               -- region code, or country code for a whole country
  year INTEGER NOT NULL,
  persons BIGINT NOT NULL CHECK (persons >= 0),
  source TEXT NOT NULL,
  PRIMARY KEY (region, year)
);

CREATE TABLE source (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,                 -- baqylau.Text as JSON
  org_id TEXT REFERENCES organisation(id),
  country TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain IN ('health','enforcement','neutral')),
  outside BOOLEAN NOT NULL DEFAULT FALSE,  -- published figures of another country: never suppressed, never mixed with ours
  purpose TEXT NOT NULL DEFAULT '',   -- limits on use promised to the source
  licence TEXT NOT NULL DEFAULT ''
);

-- +goose Down
DROP TABLE source; DROP TABLE population; DROP TABLE region_succession; DROP TABLE region; DROP TABLE legal_status;
DROP TABLE substance_family; DROP TABLE family; DROP TABLE substance_name; DROP TABLE substance;
