// Package held is how the tables of the data collection's records keep versions: a row has known_on, batch_id, supersedes_id and withdrawn_on, and is in force on a day when it was known by then,
// was not withdrawn, its import is seen, and no other such row supersedes it. The rule is that of observations.
package held

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
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

// Lock makes those who write records of a table one after the other, until their acts end: between reading that a record stands and superseding it nobody else supersedes it. SQLite has one writer anyway.
func Lock(ctx context.Context, tx *change.Tx, table string) error {
	if tx.Writer().DB.Engine != store.Postgres {
		return nil
	}
	_, err := tx.NewRaw("SELECT pg_advisory_xact_lock(hashtext(?))", "held/"+table).Exec(ctx)
	return err
}

// Rejoin is for the act that reveals an import. While it was written, its slots may have been written by others: a form corrected what a row supersedes, or another import brought the same. Such rows of the import supersede what
// stands now, so that one row of a slot stays in force. slot names the columns that two rows of a slot have in common.
func Rejoin(ctx context.Context, tx *change.Tx, table, batchID string, slot ...string) (err error) {
	defer baqylau.Wrap(&err, "held.Rejoin(%s, %s)", table, batchID)
	if err := Lock(ctx, tx, table); err != nil {
		return err
	}
	same := ""
	for _, column := range slot {
		same += " AND y." + column + " = " + table + "." + column
	}
	others := func(a string) string {
		return "(" + a + ".batch_id IS NULL OR " + a + ".batch_id <> ?) AND " + Revealed(a)
	}
	stands := " FROM " + table + " y WHERE " + others("y") + " AND y.withdrawn_on IS NULL" + same + " AND NOT EXISTS (SELECT 1 FROM " + table + " later WHERE later.supersedes_id = y.id AND " + others("later") + ")"
	_, err = tx.NewRaw("UPDATE "+table+" SET supersedes_id = (SELECT max(y.id)"+stands+") WHERE batch_id = ? AND (supersedes_id IS NULL OR supersedes_id NOT IN (SELECT id FROM "+table+" WHERE batch_id = ?)) AND EXISTS (SELECT 1"+stands+")",
		batchID, batchID, batchID, batchID, batchID, batchID).Exec(ctx)
	if err != nil {
		return err
	}
	// On a day between, what is superseded would not be known yet, and what it supersedes would stand beside the row.
	before := "(SELECT p.known_on FROM " + table + " p WHERE p.id = " + table + ".supersedes_id AND p.supersedes_id IS NOT NULL AND p.known_on > " + table + ".known_on)"
	for { // a chain within the import, one link each time
		res, err := tx.NewRaw("UPDATE "+table+" SET known_on = "+before+" WHERE batch_id = ? AND "+before+" IS NOT NULL", batchID).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
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
