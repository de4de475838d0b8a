package store

import (
	"context"
	"embed"
	"io/fs"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the schema to the newest version; running it again changes nothing. The job tables are migrated by River's own scripts.
func (db *DB) Migrate(ctx context.Context) (err error) {
	defer baqylau.Wrap(&err, "store.Migrate(%s)", db.Engine)
	p, err := db.provider()
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return err
	}
	if err := db.migrateJobs(ctx); err != nil {
		return err
	}
	if db.Engine == Postgres {
		return nil // it looks by itself between imports, and a start must not wait
	}
	return db.Optimise(ctx)
}

// Version is the newest applied schema version.
func (db *DB) Version(ctx context.Context) (int64, error) {
	p, err := db.provider()
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}

func (db *DB) provider() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/"+string(db.Engine))
	if err != nil {
		return nil, err
	}
	dialect := database.DialectSQLite3
	if db.Engine == Postgres {
		dialect = database.DialectPostgres
	}
	return goose.NewProvider(dialect, db.Write.DB, folder)
}

// Scripts is the text of the migrations of an engine, one after the other.
func Scripts(e Engine) string {
	var b strings.Builder
	folder := "migrations/" + string(e)
	files, err := migrations.ReadDir(folder)
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, f := range files {
		text, err := migrations.ReadFile(folder + "/" + f.Name())
		if err != nil {
			panic(err)
		}
		b.Write(text)
	}
	return b.String()
}

func (db *DB) migrateJobs(ctx context.Context) error {
	if db.Engine == Postgres {
		m, err := rivermigrate.New(riverdatabasesql.New(db.Write.DB), nil)
		if err != nil {
			return err
		}
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	}
	m, err := rivermigrate.New(riversqlite.New(db.Write.DB), nil)
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}
