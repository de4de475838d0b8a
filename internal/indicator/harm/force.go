package harm

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/uptrace/bun"
)

// counts is the condition that death r counts on a day: it is in force, and no other death in force of the same person is in a register of the same kind; of several the first that was recorded counts.
func counts(day baqylau.Date) (string, []any) {
	where, args := held.InForce("death", "r", day)
	twin, more := held.InForce("death", "twin", day)
	return where + " AND NOT (r.person <> '' AND EXISTS (SELECT 1 FROM death twin WHERE twin.person = r.person AND twin.person <> '' AND twin.register = r.register AND twin.country = r.country AND twin.id < r.id AND " + twin + "))", append(args, more...)
}

// countries are those with records of a table on a day, by code.
func countries(ctx context.Context, db bun.IDB, table string, day baqylau.Date) (out []string, err error) {
	defer baqylau.Wrap(&err, "harm.countries(%s)", table)
	where, args := held.InForce(table, "r", day)
	err = db.NewRaw("SELECT c.country FROM (SELECT DISTINCT country FROM "+table+") c WHERE EXISTS (SELECT 1 FROM "+table+" r WHERE r.country = c.country AND "+where+") ORDER BY c.country", args...).Scan(ctx, &out)
	return out, err
}
