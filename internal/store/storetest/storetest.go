// Package storetest gives a test a fresh, migrated database on every engine at hand: SQLite always, PostgreSQL when
// BAQYLAU_TEST_PG names a server (make test starts one).
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/store"
	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx" for creating schemas
)

// server names the environment variable with the address of the PostgreSQL server.
const server = "BAQYLAU_TEST_PG"

// Each runs fn as a sub-test on every engine, with an empty database of the current schema.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, e := range Engines() {
		t.Run(string(e), func(t *testing.T) { fn(t, Open(t, e)) })
	}
}

// Engines lists the engines at hand.
func Engines() []store.Engine {
	if os.Getenv(server) == "" {
		return []store.Engine{store.SQLite}
	}
	return []store.Engine{store.SQLite, store.Postgres}
}

// Open returns an empty, migrated database that is removed when the test ends. It is a copy of one that was migrated once (template.go).
func Open(t testing.TB, e store.Engine) *store.DB {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, copied(t, e))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return db
}

// DSN returns the address of an empty database, for tests that start the whole process.
func DSN(t testing.TB, e store.Engine) string {
	t.Helper()
	if e == store.SQLite {
		return filepath.Join(t.TempDir(), "baqylau.db")
	}
	return created(t, "template1")
}

// created makes a PostgreSQL database like another one.
func created(t testing.TB, like string) string {
	t.Helper()
	name := "t" + strings.ReplaceAll(uuid.NewString(), "-", "")
	admin, err := sql.Open("pgx", os.Getenv(server))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+like); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)); err != nil {
			t.Errorf("dropping %s: %v", name, err)
		}
		_ = admin.Close()
	})
	return at(name)
}

// at is the address of a database of the server.
func at(name string) string {
	u, err := url.Parse(os.Getenv(server))
	if err != nil {
		panic(err) // sql.Open has read it before
	}
	u.Path = "/" + name
	return u.String()
}
