// Package held is how the tables of the data collection's records keep versions: a row has known_on, batch_id, supersedes_id and withdrawn_on, and is in force on a day when it was known by then,
// was not withdrawn, its import is seen, and no other such row supersedes it. The rule is that of observations.
package held

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
)

// Ever is a day after all others: what is in force on it is in force now.
var Ever = baqylau.NewDate(9999, 12, 31)

// Revealed is the condition that row a does not belong to an import that is still being written or was taken back.
func Revealed(a string) string {
	return "(" + a + ".batch_id IS NULL OR " + a + ".batch_id IN (SELECT id FROM batch WHERE state = 'applied'))"
}

// InForce is the condition that row a of a table counts on a day.
func InForce(table, a string, day baqylau.Date) (string, []any) {
	d := day.String()
	return Revealed(a) + " AND " + a + ".known_on <= ? AND (" + a + ".withdrawn_on IS NULL OR " + a + ".withdrawn_on > ?) AND NOT EXISTS (SELECT 1 FROM " + table + " later WHERE later.supersedes_id = " +
		a + ".id AND later.known_on <= ? AND " + Revealed("later") + ")", []any{d, d, d}
}

// Standing is the condition that row a of a table is in force, as far as an import sees that is being written: it takes the import's identifier twice.
func Standing(table, a string) string {
	return a + ".withdrawn_on IS NULL AND (" + Revealed(a) + " OR " + a + ".batch_id = ?) AND NOT EXISTS (SELECT 1 FROM " + table + " n WHERE n.supersedes_id = " + a + ".id AND (" + Revealed("n") + " OR n.batch_id = ?))"
}

// Unbatch takes the rows of an import back within the act that undoes it: what they had superseded is in force again, and rows that superseded them meanwhile follow what stood before.
func Unbatch(ctx context.Context, tx *change.Tx, table, batchID string) (err error) {
	defer baqylau.Wrap(&err, "held.Unbatch(%s, %s)", table, batchID)
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

// Drop removes the rows of an import that nobody has seen. parts are tables whose rows hang on those of table by the column beside them.
func Drop(ctx context.Context, tx *change.Tx, table, batchID string, parts ...[2]string) (err error) {
	defer baqylau.Wrap(&err, "held.Drop(%s, %s)", table, batchID)
	if err := Unbatch(ctx, tx, table, batchID); err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := tx.NewRaw("DELETE FROM "+p[0]+" WHERE "+p[1]+" IN (SELECT id FROM "+table+" WHERE batch_id = ?)", batchID).Exec(ctx); err != nil {
			return err
		}
	}
	if _, err := tx.NewRaw("UPDATE "+table+" SET supersedes_id = NULL WHERE batch_id = ?", batchID).Exec(ctx); err != nil { // rows of the batch may point at each other
		return err
	}
	_, err = tx.NewRaw("DELETE FROM "+table+" WHERE batch_id = ?", batchID).Exec(ctx)
	return err
}

// Withdraw ends a record that should not be there, from today on.
func Withdraw(ctx context.Context, tx *change.Tx, table, id string) error {
	_, err := tx.NewRaw("UPDATE "+table+" SET withdrawn_on = ? WHERE id = ? AND withdrawn_on IS NULL", tx.Today().String(), id).Exec(ctx)
	return err
}
