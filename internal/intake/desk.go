package intake

import (
	"context"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/uptrace/bun"
)

// DeskLimit bounds how many rows are looked at to say how many wait.
const DeskLimit = 1_000

// Desk is what waits in this room for whoever may act on it; both are 0 for others, and at most DeskLimit.
type Desk struct {
	Reports int // nobody has received them yet
	Matches int // pairs of occurrences that may be one
}

// DeskOf counts what waits for a person. The first page asks it on every visit, so that it looks at DeskLimit rows of an index and no further.
func DeskOf(ctx context.Context, db bun.IDB, a access.Actor) (d Desk, err error) {
	defer baqylau.Wrap(&err, "intake.DeskOf")
	limit := " LIMIT " + strconv.Itoa(DeskLimit) + ") AS x"
	if access.May(a, access.ReportHandle) {
		scope, args := access.Where(a, access.ReportHandle, "r")
		if err := db.NewRaw("SELECT COALESCE(SUM(x.fits), 0) FROM (SELECT CASE WHEN "+Visible("r")+" AND r.superseded_on IS NULL AND "+Standing("r")+" = 'submitted' AND "+scope+
			" THEN 1 ELSE 0 END AS fits FROM report r WHERE r.state = 'submitted'"+limit, args...).Scan(ctx, &d.Reports); err != nil {
			return d, err
		}
	}
	if access.May(a, access.OccurrenceMrg) && bothSides(a) == nil {
		if err := db.NewRaw("SELECT COALESCE(SUM(x.fits), 0) FROM (SELECT CASE WHEN "+Visible("a")+" AND "+Visible("b")+
			" THEN 1 ELSE 0 END AS fits FROM match_proposal p JOIN occurrence a ON a.id = p.a_id JOIN occurrence b ON b.id = p.b_id WHERE p.state = 'proposed'"+limit).Scan(ctx, &d.Matches); err != nil {
			return d, err
		}
	}
	return d, nil
}
