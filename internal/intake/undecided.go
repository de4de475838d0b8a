package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Undecided counts the proposals that one of some occurrences is the same event as another, on which nobody has decided. path is the page on which
// the actor decides them; "" for who may not.
func Undecided(ctx context.Context, db bun.IDB, a access.Actor, occurrences []string) (n int, path string, err error) {
	defer baqylau.Wrap(&err, "intake.Undecided")
	marks, args := store.In(occurrences)
	open := "SELECT p.id, p.a_id AS aid FROM match_proposal p JOIN occurrence a ON a.id = p.a_id AND " + Visible("a") + " JOIN occurrence b ON b.id = p.b_id AND " + Visible("b") + " WHERE p.state = 'proposed' AND "
	var found []struct{ ID, AID string }
	// Two halves, so that each is asked from its own index.
	if err := db.NewRaw(open+"p.a_id IN ("+marks+") UNION "+open+"p.b_id IN ("+marks+")", append(args, args...)...).Scan(ctx, &found); err != nil || len(found) == 0 {
		return 0, "", err
	}
	if access.May(a, access.OccurrenceMrg) && bothSides(a) == nil {
		path = "/matches"
		if len(found) == 1 {
			path += "?occurrence=" + found[0].AID
		}
	}
	return len(found), path, nil
}
