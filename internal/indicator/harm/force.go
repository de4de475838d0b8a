package harm

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/uptrace/bun"
)

// revealed is the condition that a row does not belong to an import that is still being written or was taken back.
func revealed(a string) string {
	return "(" + a + ".batch_id IS NULL OR " + a + ".batch_id IN (SELECT id FROM batch WHERE state = 'applied'))"
}

// inForce is the condition that row a of a table counts on a day: it was known, and nothing that was known by then takes its place. The rule is that of observations.
func inForce(table, a string, day baqylau.Date) (string, []any) {
	d := day.String()
	return revealed(a) + " AND " + a + ".known_on <= ? AND (" + a + ".withdrawn_on IS NULL OR " + a + ".withdrawn_on > ?) AND NOT EXISTS (SELECT 1 FROM " + table + " later WHERE later.supersedes_id = " +
		a + ".id AND later.known_on <= ? AND " + revealed("later") + ")", []any{d, d, d}
}

// unbatch takes the rows of an import back within the act that undoes it: what they had superseded is in force again, and rows that superseded them meanwhile follow what stood before.
func unbatch(ctx context.Context, tx *change.Tx, table, batchID string) (err error) {
	defer baqylau.Wrap(&err, "harm.unbatch(%s, %s)", table, batchID)
	for { // a chain within the batch is followed to its head, one link each time
		res, err := tx.NewRaw("UPDATE "+table+" SET supersedes_id = (SELECT p.supersedes_id FROM "+table+" p WHERE p.id = "+table+".supersedes_id) WHERE (batch_id IS NULL OR batch_id <> ?) AND supersedes_id IN (SELECT id FROM "+
			table+" WHERE batch_id = ?)", batchID, batchID).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
}

// withdraw ends a record that should not be there, from today on.
func withdraw(ctx context.Context, tx *change.Tx, table, id string) error {
	_, err := tx.NewRaw("UPDATE "+table+" SET withdrawn_on = ? WHERE id = ? AND withdrawn_on IS NULL", tx.Today().String(), id).Exec(ctx)
	return err
}

// countries are those with records of a table on a day, by code.
func countries(ctx context.Context, db bun.IDB, table string, day baqylau.Date) (out []string, err error) {
	defer baqylau.Wrap(&err, "harm.countries(%s)", table)
	where, args := inForce(table, "r", day)
	err = db.NewRaw("SELECT c.country FROM (SELECT DISTINCT country FROM "+table+") c WHERE EXISTS (SELECT 1 FROM "+table+" r WHERE r.country = c.country AND "+where+") ORDER BY c.country", args...).Scan(ctx, &out)
	return out, err
}
