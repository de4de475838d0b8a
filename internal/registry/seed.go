package registry

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io/fs"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/google/uuid"
)

// part is a group of shipped files that is loaded in one transaction.
type part struct {
	name  string
	files []string // patterns of fs.Glob; a change in any of them loads the part again
	load  func(s *seeder, ctx context.Context) error
}

// parts in the order in which they refer to each other.
var parts = []part{
	{"families", []string{"codelists/family.csv", "codelists/effect-group.csv"}, (*seeder).families},
	{"substances", []string{"substances/*.csv", "substances/recognition/*.csv", "codelists/family-of-class.csv"}, (*seeder).substances},
	{"law", []string{"law/*.csv", "substances/substances.csv"}, (*seeder).law},
	{"places", []string{"geo/*", "demo/connecticut-counties.*"}, (*seeder).places},
	{"organisations", []string{"organisations.csv", "sources.csv"}, (*seeder).organisations},
}

// Seed loads the shipped data of fsys (package data) into the registry's tables. It adds what is absent and rewords what
// nobody edits, so that what people have changed stays; a part whose files have not changed since the last run is skipped, so that what people have removed stays
// removed and a restart costs nothing. Each part is one audited act of the system.
func Seed(ctx context.Context, db *store.DB, w *change.Writer, fsys fs.FS) (err error) {
	defer baqylau.Wrap(&err, "registry.Seed")
	for _, p := range parts {
		digest, err := digestOf(fsys, p.files)
		if err != nil {
			return err
		}
		var loaded string
		err = db.Read.NewRaw("SELECT value FROM setting WHERE key = ?", "seed."+p.name).Scan(ctx, &loaded)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if loaded == digest {
			continue
		}
		if err := seedPart(ctx, w, fsys, p, digest); err != nil {
			return err
		}
	}
	return nil
}

func seedPart(ctx context.Context, w *change.Writer, fsys fs.FS, p part, digest string) (err error) {
	defer baqylau.Wrap(&err, "part %s", p.name)
	return w.Do(ctx, access.TheSystem(), access.RegistryEdit, func(ctx context.Context, tx *change.Tx) error {
		s := &seeder{tx: tx, fsys: fsys}
		if err := p.load(s, ctx); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`INSERT INTO setting (key, value) VALUES (?, ?)
			ON CONFLICT (key) DO UPDATE SET value = excluded.value`, "seed."+p.name, digest).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("registry", p.name, "", map[string]any{"added": s.added, "digest": digest[:12]})
		return bump(ctx, tx)
	})
}

// digestOf is SHA-256 over the files' names and contents. A pattern that matches nothing counts as an empty file.
func digestOf(fsys fs.FS, patterns []string) (string, error) {
	h := sha256.New()
	for _, p := range patterns {
		names, err := fs.Glob(fsys, p)
		if err != nil {
			return "", err
		}
		for _, n := range names {
			b, err := fs.ReadFile(fsys, n)
			if err != nil {
				return "", err
			}
			h.Write([]byte(n + "\x00"))
			h.Write(b)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// seeder loads one part.
type seeder struct {
	tx    *change.Tx
	fsys  fs.FS
	added int64
}

// namespace of the identifiers of shipped rows, which are the same on every installation.
var namespace = uuid.MustParse("6f0c1d5e-6d0a-5b6e-9a55-0a4d1f6d2c11")

// shippedID is the identifier of a shipped row with natural key key.
func shippedID(key string) string { return uuid.NewSHA1(namespace, []byte(key)).String() }

// insert adds the rows whose keys are absent, in chunks so that no statement grows beyond the engines' limits.
func insert[T any](ctx context.Context, s *seeder, list []T) error {
	return insertOn(ctx, s, list, "CONFLICT DO NOTHING")
}

// renew adds like insert and gives the rows that are there, found by the columns of key, the present wording of texts that nobody edits.
func renew[T any](ctx context.Context, s *seeder, list []T, key string, texts ...string) error {
	set := make([]string, len(texts))
	for i, t := range texts {
		set[i] = t + " = excluded." + t
	}
	return insertOn(ctx, s, list, "CONFLICT ("+key+") DO UPDATE SET "+strings.Join(set, ", "))
}

func insertOn[T any](ctx context.Context, s *seeder, list []T, conflict string) error {
	const chunk = 400
	for start := 0; start < len(list); start += chunk {
		part := list[start:min(start+chunk, len(list))]
		res, err := s.tx.NewInsert().Model(&part).On(conflict).Exec(ctx)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		s.added += n
	}
	return nil
}
