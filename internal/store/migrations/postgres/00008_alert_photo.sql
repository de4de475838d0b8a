-- +goose Up
-- Photos of a communication, without metadata; each version has its own rows.

CREATE TABLE communication_photo (
  id TEXT PRIMARY KEY,
  communication_id TEXT NOT NULL REFERENCES communication(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  mime TEXT NOT NULL CHECK (mime IN ('image/jpeg','image/png')),
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  size BIGINT NOT NULL,               -- bytes
  sha1 TEXT NOT NULL,                 -- the digest that CAP 1.2 asks for
  alt TEXT NOT NULL DEFAULT '{}',     -- what it shows, baqylau.Text as JSON; complete before clearance
  content BYTEA NOT NULL,
  UNIQUE (communication_id, position)
);

-- +goose Down
DROP TABLE communication_photo;
