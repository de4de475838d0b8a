-- +goose Up
-- Whether somebody chose the language of the account; until then it is the one in which its last sign-in page was shown.
ALTER TABLE account ADD COLUMN lang_own BOOLEAN NOT NULL DEFAULT TRUE;

-- +goose Down
ALTER TABLE account DROP COLUMN lang_own;
