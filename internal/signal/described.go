package signal

import (
	"context"
	"encoding/json"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Described tells whether a report behind a signal says under which name the product was sold, and whether a laboratory measured how strong it is. It tells neither name
// nor figure: they stay behind the wall with their report.
func Described(ctx context.Context, db bun.IDB, book *registry.Book, sig Signal) (named, measured bool, err error) {
	defer baqylau.Wrap(&err, "signal.Described(%s)", sig.ID)
	_, left, err := sig.since(ctx, db, book)
	if err != nil || len(left) == 0 {
		return false, false, err
	}
	marks, args := store.In(left)
	var found []struct{ Detail, Purity, Substance, Family string }
	if err := db.NewRaw(`SELECT r.detail, f.purity_pct AS purity, COALESCE(f.substance_id,'') AS substance, COALESCE(f.family,'') AS family FROM report r JOIN occurrence o ON o.id = r.occurrence_id
		JOIN finding f ON f.report_id = r.id WHERE r.occurrence_id IN (`+marks+`) AND r.superseded_on IS NULL AND `+counts, args...).Scan(ctx, &found); err != nil {
		return false, false, err
	}
	for _, f := range found {
		if !sig.concerns(book, f.Substance, f.Family) {
			continue
		}
		var d intake.Detail
		if err := json.Unmarshal([]byte(f.Detail), &d); err != nil {
			return false, false, err
		}
		named, measured = named || d.SoldAs != "", measured || f.Purity != ""
	}
	return named, measured, nil
}
