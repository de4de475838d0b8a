package series

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// Extent is the weeks of a country in which the occurrences of an import lie.
type Extent struct {
	Country  string
	From, To baqylau.Week
}

// DropBatch removes the deltas of an import that is not revealed. They have no index of their own: ten a report are written, and hardly an import is cancelled. So they are looked for
// in where; should one lie outside, all deltas are read.
func DropBatch(ctx context.Context, tx bun.IDB, batch int64, where ...Extent) error {
	if batch == 0 {
		return nil
	}
	var left int64
	if err := tx.NewRaw("SELECT CAST(COALESCE(SUM(deltas), 0) AS BIGINT) FROM series_day WHERE batch = ?", batch).Scan(ctx, &left); err != nil {
		return err
	}
	for _, e := range where {
		res, err := tx.NewRaw("DELETE FROM series_delta WHERE subject IN (SELECT no FROM series_subject) AND country = ? AND week BETWEEN ? AND ? AND batch = ?",
			e.Country, int(e.From), int(e.To), batch).Exec(ctx)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		left -= n
	}
	if left != 0 {
		if _, err := tx.NewRaw("DELETE FROM series_delta WHERE batch = ?", batch).Exec(ctx); err != nil {
			return err
		}
	}
	_, err := tx.NewRaw("DELETE FROM series_day WHERE batch = ?", batch).Exec(ctx)
	return err
}
