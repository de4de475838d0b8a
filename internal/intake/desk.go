package intake

import (
	"context"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/uptrace/bun"
)

// DeskLimit bounds how many rows are counted to say how many wait.
const DeskLimit = 1_000

// Desk is what waits in this room for whoever may act on it; both are 0 for others, and at most DeskLimit.
type Desk struct {
	Reports int // nobody has received them yet
	Matches int // pairs of occurrences that may be one
}

// DeskOf counts what waits for a person: what the list of reports shows under this state, and the page of proposals.
func DeskOf(ctx context.Context, db bun.IDB, a access.Actor) (d Desk, err error) {
	defer baqylau.Wrap(&err, "intake.DeskOf")
	count := func(n *int, from string, args ...any) error {
		return db.NewRaw("SELECT count(*) FROM (SELECT 1 AS one FROM "+from+" LIMIT "+strconv.Itoa(DeskLimit)+") AS x", args...).Scan(ctx, n)
	}
	if access.May(a, access.ReportHandle) {
		scope, args := access.Where(a, access.ReportHandle, "r")
		if err := count(&d.Reports, "report r WHERE r.state = 'submitted' AND r.superseded_on IS NULL AND "+Visible("r")+" AND "+Standing("r")+" = 'submitted' AND "+scope, args...); err != nil {
			return d, err
		}
	}
	if access.May(a, access.OccurrenceMrg) && bothSides(a) == nil {
		if err := count(&d.Matches, "match_proposal p JOIN occurrence a ON a.id = p.a_id AND "+Visible("a")+" JOIN occurrence b ON b.id = p.b_id AND "+Visible("b")+" WHERE p.state = 'proposed'"); err != nil {
			return d, err
		}
	}
	return d, nil
}
