-- +goose Up
-- Substances, places, sources: the spine everything refers to.

CREATE TABLE substance (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,          -- preferred name (international)
  fold TEXT NOT NULL,                 -- locale.Fold(name); lists are sorted by it
  label TEXT NOT NULL,                -- baqylau.Text as JSON: what pages show
  inchikey TEXT,
  smiles TEXT NOT NULL DEFAULT '',
  formula TEXT NOT NULL DEFAULT '',
  cas TEXT NOT NULL DEFAULT '',       -- pipe-separated
  parent_id TEXT REFERENCES substance(id), -- metabolite of, salt of
  watch BOOLEAN NOT NULL DEFAULT FALSE,    -- new psychoactive substance or adulterant under watch
  watch_reason TEXT NOT NULL DEFAULT '',   -- word of the list registry.watch: new_psychoactive, adulterant …
  state TEXT NOT NULL DEFAULT 'identified' CHECK (state IN ('candidate','identified','notified','monitored','intensive_monitoring',
    'initial_report','risk_assessment','control_proposed','controlled','not_controlled','merged','out_of_scope','retracted')),
  source TEXT NOT NULL DEFAULT '',
  updated_at BIGINT NOT NULL
);
CREATE INDEX substance_inchikey ON substance(inchikey);

CREATE TABLE family (
  code TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('chemical','effect')),
  name TEXT NOT NULL,                 -- baqylau.Text as JSON
  parent TEXT REFERENCES family(code),
  position INTEGER NOT NULL DEFAULT 0 -- order on pages
);

-- A name belongs to a substance or to a family: street names often mean a whole class.
CREATE TABLE substance_name (
  id TEXT PRIMARY KEY,
  substance_id TEXT REFERENCES substance(id) ON DELETE CASCADE,
  family TEXT REFERENCES family(code),
  text TEXT NOT NULL,
  fold TEXT NOT NULL,                 -- locale.Fold(text); search and recognition use it
  lang TEXT NOT NULL DEFAULT '',      -- '' = international
  type TEXT NOT NULL CHECK (type IN ('systematic','common','code','street','product','former')),
  region TEXT,                        -- region or country code where the name is used
  from_on TEXT,                       -- when it was seen
  confidence TEXT NOT NULL DEFAULT 'confirmed' CHECK (confidence IN ('suspected','probable','confirmed')),
  ambiguous BOOLEAN NOT NULL DEFAULT FALSE,  -- leads to a question, never to a guess
  shipped BOOLEAN NOT NULL DEFAULT FALSE,    -- came with the program, not from a person of the centre
  source TEXT NOT NULL DEFAULT '',
  UNIQUE (substance_id, text, lang),
  CHECK ((substance_id IS NULL) <> (family IS NULL))
);
CREATE INDEX substance_name_fold ON substance_name(fold);
CREATE INDEX substance_name_family ON substance_name(family);

CREATE TABLE substance_family (
  substance_id TEXT NOT NULL REFERENCES substance(id) ON DELETE CASCADE,
  family TEXT NOT NULL REFERENCES family(code),
  PRIMARY KEY (substance_id, family)
);
CREATE INDEX substance_family_family ON substance_family(family);

-- A status applies to a substance or, by a generic definition, to a family; whether a substance falls under the definition is for a lawyer.
CREATE TABLE legal_status (
  id TEXT PRIMARY KEY,
  family TEXT REFERENCES family(code),
  substance_id TEXT REFERENCES substance(id) ON DELETE CASCADE,
  jurisdiction TEXT NOT NULL,         -- ISO 3166-1 alpha-2, or UN, EU
  instrument TEXT NOT NULL,
  schedule TEXT NOT NULL DEFAULT '',
  basis TEXT NOT NULL CHECK (basis IN ('named','generic','analogue','temporary','medicines_law','precursor','none')),
  from_on TEXT,
  to_on TEXT,
  verified TEXT NOT NULL DEFAULT 'no' CHECK (verified IN ('yes','text','partly','secondary','no')), -- how far it was checked
  source TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  CHECK (to_on IS NULL OR from_on IS NULL OR from_on <= to_on),
  CHECK ((substance_id IS NULL) <> (family IS NULL))
);
CREATE INDEX legal_status_substance ON legal_status(substance_id);
CREATE INDEX legal_status_family ON legal_status(family);

CREATE TABLE country (
  code TEXT PRIMARY KEY,              -- ISO 3166-1 alpha-2; an outside source's territory by its ISO 3166-2 code, such as US-CT
  name TEXT NOT NULL                  -- baqylau.Text as JSON
);

CREATE TABLE region (
  code TEXT PRIMARY KEY,              -- ISO 3166-2; outside regions such as US-CT-003 carry the code of their source
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

-- Periods in which a region had another name or territory; figures of that time are about that territory.
CREATE TABLE region_period (
  id TEXT PRIMARY KEY,
  region TEXT NOT NULL REFERENCES region(code),
  from_on TEXT,
  to_on TEXT,
  name TEXT NOT NULL,                 -- baqylau.Text as JSON
  territory TEXT NOT NULL,            -- codes of the present regions it covered, pipe-separated
  event TEXT NOT NULL DEFAULT '',
  verified BOOLEAN NOT NULL DEFAULT FALSE,
  source TEXT NOT NULL DEFAULT ''
);
CREATE INDEX region_period_region ON region_period(region);

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
  purpose TEXT NOT NULL DEFAULT '',   -- limits on use promised to the source: baqylau.Text as JSON
  licence TEXT NOT NULL DEFAULT ''
);

-- +goose Down
DROP TABLE source; DROP TABLE population; DROP TABLE region_period; DROP TABLE region; DROP TABLE country; DROP TABLE legal_status;
DROP TABLE substance_family; DROP TABLE substance_name; DROP TABLE family; DROP TABLE substance;
