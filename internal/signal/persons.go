package signal

import (
	"context"
	"maps"
	"slices"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// newlyPersonal finds the signals of a country that counted things when they were raised and have a person among their cases since: a patient's report was
// merged into a seizure, or is what is left of the two. Closed signals too: their number is still read. The mark is never taken back.
func newlyPersonal(ctx context.Context, db bun.IDB, country string) (ids []string, err error) {
	list, err := query(ctx, db, "s.country = ? AND NOT s.persons AND NOT s.outside", country)
	if err != nil {
		return nil, err
	}
	now, err := today(ctx, db, behindAll(list))
	if err != nil {
		return nil, err
	}
	tellers := map[string][]string{} // signals by what the occurrences behind them are today
	for _, sig := range list {
		for _, o := range sig.behind {
			tellers[now[o]] = append(tellers[now[o]], sig.ID)
		}
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(tellers)), atOnce) {
		marks, args := store.In(some)
		var found []string
		if err := db.NewRaw(`SELECT DISTINCT r.occurrence_id FROM report r WHERE r.occurrence_id IN (`+marks+`) AND r.superseded_on IS NULL
			AND r.kind IN (?, ?, ?) AND `+intake.Visible("r")+` AND r.state IN ('submitted','received','clarification','accepted','linked')`,
			append(args, string(intake.AcuteIntoxication), string(intake.Death), string(intake.BiologicalSample))...).Scan(ctx, &found); err != nil {
			return nil, err
		}
		for _, o := range found {
			ids = append(ids, tellers[o]...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// makePersonal marks signals as counting persons. Their version stays: nothing that a person could have changed is changed.
func makePersonal(ctx context.Context, tx *change.Tx, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	marks, args := store.In(ids)
	_, err := tx.NewRaw("UPDATE signal SET persons = ? WHERE id IN ("+marks+")", append([]any{true}, args...)...).Exec(ctx)
	return err
}
