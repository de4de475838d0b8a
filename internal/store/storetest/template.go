package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/baqylau/baqylau/internal/store"
)

// copied is the address of a copy of a migrated database: to migrate anew for every test took most of the time of many packages.
func copied(t testing.TB, e store.Engine) string {
	t.Helper()
	if e == store.SQLite {
		file, err := migratedFile()
		if err != nil {
			t.Fatal(err)
		}
		path := DSN(t, e)
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	name, err := migratedDatabase()
	if err != nil {
		t.Fatal(err)
	}
	return created(t, name)
}

// migratedFile is a SQLite database of the current schema, made once for the process.
var migratedFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "storetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // our own file
})

// migratedDatabase is the name of a PostgreSQL database of the current schema. It is made once for the server and stays there: its name holds the digest of the
// migrations, and one that was not finished is made anew.
var migratedDatabase = sync.OnceValues(func() (string, error) {
	ctx := context.Background()
	admin, err := sql.Open("pgx", os.Getenv(server))
	if err != nil {
		return "", err
	}
	defer admin.Close()
	one, err := admin.Conn(ctx) // the lock belongs to its connection
	if err != nil {
		return "", err
	}
	defer one.Close()
	sum := sha256.Sum256([]byte(store.Scripts(store.Postgres)))
	name := "baqylau_template_" + hex.EncodeToString(sum[:8])
	if _, err := one.ExecContext(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil {
		return "", err
	}
	var finished bool
	if err := one.QueryRowContext(ctx, "SELECT count(*) = 1 FROM pg_database WHERE datname = $1 AND datistemplate", name).Scan(&finished); err != nil || finished {
		return name, err
	}
	for _, q := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name} {
		if _, err := one.ExecContext(ctx, q); err != nil {
			return "", err
		}
	}
	if err := migrate(at(name)); err != nil {
		return "", err
	}
	_, err = one.ExecContext(ctx, "ALTER DATABASE "+name+" WITH IS_TEMPLATE true")
	return name, err
})

func migrate(dsn string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, dsn)
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx); err != nil {
		_ = db.Close()
		return err
	}
	return db.Close()
}
