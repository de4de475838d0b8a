package harm

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/uptrace/bun"
)

// countries are those with records of a table on a day, by code.
func countries(ctx context.Context, db bun.IDB, table string, day baqylau.Date) (out []string, err error) {
	defer baqylau.Wrap(&err, "harm.countries(%s)", table)
	where, args := held.InForce(table, "r", day)
	err = db.NewRaw("SELECT c.country FROM (SELECT DISTINCT country FROM "+table+") c WHERE EXISTS (SELECT 1 FROM "+table+" r WHERE r.country = c.country AND "+where+") ORDER BY c.country", args...).Scan(ctx, &out)
	return out, err
}
