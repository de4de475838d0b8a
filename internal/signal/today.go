package signal

import (
	"context"
	"maps"
	"slices"

	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// atOnce is how many occurrences one query asks after.
const atOnce = 500

// today follows occurrences to what they are now: themselves, or what they were merged into, which has their reports. One query for each length of a chain of mergers, and no recursive
// one: PostgreSQL expects a hundred times as many rows of that and reads its tables whole.
func today(ctx context.Context, db bun.IDB, occurrences []string) (map[string]string, error) {
	now := map[string]string{}
	for _, id := range occurrences {
		now[id] = id
	}
	for ask := slices.Sorted(maps.Keys(now)); len(ask) > 0; {
		into := map[string]string{}
		for some := range slices.Chunk(ask, atOnce) {
			marks, args := store.In(some)
			var found []struct{ ID, MergedInto string }
			if err := db.NewRaw("SELECT id, merged_into FROM occurrence WHERE id IN ("+marks+") AND merged_into IS NOT NULL", args...).Scan(ctx, &found); err != nil {
				return nil, err
			}
			for _, f := range found {
				into[f.ID] = f.MergedInto
			}
		}
		for told, id := range now {
			if next, ok := into[id]; ok {
				now[told] = next
			}
		}
		ask = slices.Compact(slices.Sorted(maps.Values(into)))
	}
	return now, nil
}

// behindAll are the occurrences behind any of the signals.
func behindAll(list []Signal) (ids []string) {
	for _, sig := range list {
		ids = append(ids, sig.behind...)
	}
	return ids
}

// counting finds, of each signal by its identifier, which of the cases behind it still count for what it is about, and which occurrence each is today.
func counting(ctx context.Context, db bun.IDB, book *registry.Book, list []Signal) (map[string]map[string]string, error) {
	now, err := today(ctx, db, behindAll(list))
	if err != nil {
		return nil, err
	}
	type finding struct{ ID, Substance, Family string }
	found := map[string][]finding{} // by the occurrence they are about
	for some := range slices.Chunk(slices.Compact(slices.Sorted(maps.Values(now))), atOnce) {
		marks, args := store.In(some)
		var part []finding
		// Asked from these few occurrences in this order: SQLite chose to read all reports of a state.
		if err := db.NewRaw(`SELECT DISTINCT o.id, COALESCE(f.substance_id,'') AS substance, COALESCE(f.family,'') AS family FROM occurrence o CROSS JOIN report r CROSS JOIN finding f
			WHERE o.id IN (`+marks+`) AND r.occurrence_id = o.id AND f.report_id = r.id AND `+counts, args...).Scan(ctx, &part); err != nil {
			return nil, err
		}
		for _, f := range part {
			found[f.ID] = append(found[f.ID], f)
		}
	}
	out := map[string]map[string]string{}
	for _, sig := range list {
		out[sig.ID] = map[string]string{}
		for _, told := range sig.behind {
			if slices.ContainsFunc(found[now[told]], func(f finding) bool { return sig.concerns(book, f.Substance, f.Family) }) {
				out[sig.ID][told] = now[told]
			}
		}
	}
	return out, nil
}
