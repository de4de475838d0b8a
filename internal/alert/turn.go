package alert

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/uptrace/bun"
)

// Turns counts what waits for somebody's own act in this room.
type Turns struct{ Review, Clear, Issue, Foreign int }

// TurnsOf counts what waits for an actor; what they may not do is not asked and stays 0.
func TurnsOf(ctx context.Context, db bun.IDB, a access.Actor) (t Turns, err error) {
	defer baqylau.Wrap(&err, "alert.TurnsOf")
	scope, args := Scope(a)
	of := "SELECT count(*) FROM communication c WHERE " + Newest + " AND " + scope + " AND "
	notOwn := append(args[:len(args):len(args)], a.ID) // two persons
	for _, w := range []struct {
		act  access.Act
		to   *int
		sql  string
		args []any
	}{
		{access.AlertReview, &t.Review, of + "c.state = 'science_review' AND c.reviewed_by IS NULL AND c.drafted_by <> ?", notOwn},
		{access.AlertClear, &t.Clear, of + "c.state = 'science_review' AND c.reviewed_by IS NOT NULL AND c.drafted_by <> ?", notOwn},
		{access.AlertIssue, &t.Issue, of + "c.state = 'cleared'", args},
		{access.ForeignEnter, &t.Foreign, "SELECT count(*) FROM foreign_alert WHERE state = 'new'", nil},
	} {
		if !access.May(a, w.act) {
			continue
		}
		if err := db.NewRaw(w.sql, w.args...).Scan(ctx, w.to); err != nil {
			return t, err
		}
	}
	return t, nil
}
