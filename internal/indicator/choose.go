package indicator

import (
	"context"
	"maps"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Choice says which of the figures of a cell is used, by whom and why.
type Choice struct {
	Cell, ObservationID, Reason, AccountID string
	Known                                  baqylau.Date
}

// Use marks the observation as the one that is used of its cell. The others stay beside it. Codes: Forbidden; NotFound; Invalid without a reason.
func (s *Service) Use(ctx context.Context, actor access.Actor, id, reason string) (err error) {
	defer baqylau.Wrap(&err, "indicator.Use(%s)", id)
	if reason == "" {
		return baqylau.E(baqylau.Invalid, "error.required").On("reason")
	}
	return s.W.Do(ctx, actor, access.IndicatorUse, func(ctx context.Context, tx *change.Tx) error {
		var cell, org string
		if err := tx.NewRaw("SELECT cell, org_id FROM observation o WHERE id = ? AND "+revealed("o"), id).Scan(ctx, &cell, &org); err != nil {
			return store.One(err)
		}
		tx.Subject("observation", id, org, map[string]any{"used": true})
		_, err := tx.NewRaw("INSERT INTO observation_choice (id, cell, observation_id, reason, account_id, known_on, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
			store.NewID(), cell, id, reason, actor.ID, tx.Today().String(), store.Micros(tx.Now)).Exec(ctx)
		return err
	})
}

// Choices are the choices in force on a day, by cell, of the cells asked for. What was chosen is a statement: where it was corrected since, the row that stands in its place is used.
func Choices(ctx context.Context, db bun.IDB, cells []string, day baqylau.Date) (out map[string]Choice, err error) {
	defer baqylau.Wrap(&err, "indicator.Choices")
	out = map[string]Choice{}
	const most = 500
	for at := 0; at < len(cells); at += most {
		if err := addChoices(ctx, db, cells[at:min(at+most, len(cells))], day, out); err != nil {
			return nil, err
		}
	}
	return out, followed(ctx, db, out, day)
}

// followed puts the row that stands on a day in the place of a chosen one that it supersedes.
func followed(ctx context.Context, db bun.IDB, choices map[string]Choice, day baqylau.Date) error {
	for some := range slices.Chunk(slices.Collect(maps.Keys(choices)), 500) {
		in, args := store.In(some)
		var links []struct{ ID, Before string }
		if err := db.NewRaw("SELECT o.id, o.supersedes_id AS before FROM observation o WHERE o.cell IN ("+in+") AND o.supersedes_id IS NOT NULL AND o.known_on <= ? AND "+revealed("o"),
			append(args, day.String())...).Scan(ctx, &links); err != nil {
			return err
		}
		next := map[string]string{}
		for _, l := range links {
			next[l.Before] = l.ID
		}
		for _, cell := range some {
			c := choices[cell]
			for id, ok := next[c.ObservationID]; ok; id, ok = next[id] {
				c.ObservationID = id
			}
			choices[cell] = c
		}
	}
	return nil
}

// addChoices adds the choices of so many cells as one statement may name.
func addChoices(ctx context.Context, db bun.IDB, cells []string, day baqylau.Date, out map[string]Choice) error {
	in, args := store.In(cells)
	rows, err := db.QueryContext(ctx, "SELECT cell, observation_id, reason, account_id, known_on FROM observation_choice WHERE cell IN ("+in+") AND known_on <= ? ORDER BY recorded_at, id",
		append(args, day.String())...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c Choice
		var known string
		if err := rows.Scan(&c.Cell, &c.ObservationID, &c.Reason, &c.AccountID, &known); err != nil {
			return err
		}
		c.Known = baqylau.MustDate(known)
		out[c.Cell] = c // the last one counts
	}
	return rows.Err()
}
