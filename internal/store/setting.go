package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// KeyCentre is the setting with the name of the centre, baqylau.Text as JSON.
const KeyCentre = "centre"

// Setting is the value of a setting, "" while nobody has set it.
func Setting(ctx context.Context, db bun.IDB, key string) (value string, err error) {
	err = db.NewRaw("SELECT value FROM setting WHERE key = ?", key).Scan(ctx, &value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// Centre is the name of the centre as its settings give it; the zero Text when they do not.
func Centre(ctx context.Context, db bun.IDB) (baqylau.Text, error) {
	name, err := Setting(ctx, db, KeyCentre)
	return baqylau.ParseText(name), err
}
