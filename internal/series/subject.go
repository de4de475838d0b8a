package series

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/baqylau/baqylau/internal/store"
)

// numbers returns by which number the table of deltas knows each subject that changes have. A subject that comes for the first time gets one.
func numbers(ctx context.Context, tx *store.Tx, changes []Change) (map[Subject]int64, error) {
	no := map[Subject]int64{}
	for _, ch := range changes {
		for k := range ch.Cells {
			no[Subject{k.Dim, k.ID}] = 0
		}
	}
	if err := readNumbers(ctx, tx, no); err != nil {
		return nil, err
	}
	var fresh []Subject
	for s, n := range no {
		if n == 0 {
			fresh = append(fresh, s)
		}
	}
	if len(fresh) == 0 {
		return no, nil
	}
	slices.SortFunc(fresh, func(a, b Subject) int { return cmp.Or(cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.ID, b.ID)) }) // two transactions must not wait for each other in a circle
	for _, s := range fresh {
		if _, err := tx.NewRaw("INSERT INTO series_subject (dim, dim_id) VALUES (?, ?) ON CONFLICT DO NOTHING", string(s.Dim), s.ID).Exec(ctx); err != nil {
			return nil, err
		}
	}
	if err := readNumbers(ctx, tx, no); err != nil {
		return nil, err
	}
	for s, n := range no {
		if n == 0 {
			return nil, fmt.Errorf("series: %s %q has no number", s.Dim, s.ID)
		}
	}
	return no, nil
}

// readNumbers fills in the numbers that are in the table.
func readNumbers(ctx context.Context, tx *store.Tx, no map[Subject]int64) error {
	byDim := map[Dim][]string{}
	for s := range no {
		byDim[s.Dim] = append(byDim[s.Dim], s.ID)
	}
	for dim, ids := range byDim {
		in, args := store.In(ids)
		rows, err := tx.QueryContext(ctx, "SELECT dim_id, no FROM series_subject WHERE dim = ? AND dim_id IN ("+in+")", append([]any{string(dim)}, args...)...)
		if err != nil {
			return err
		}
		for rows.Next() {
			var id string
			var n int64
			if err := rows.Scan(&id, &n); err != nil {
				_ = rows.Close()
				return err
			}
			no[Subject{dim, id}] = n
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}
