package returns

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// single are the rules that look at one figure alone.
var single = []string{"limits", "negative", "share_range", "whole_number", "future"}

// forReader takes out of findings about figures of persons the values that may rest on another organisation's unpublished figures, where the reader does not work on them: a sender reads what it stated itself, and that
// something else does not go with it.
func forReader(ctx context.Context, db bun.IDB, a access.Actor, found []Finding) error {
	if disclosure.AudienceOf(a) == disclosure.Working {
		return nil
	}
	others := map[string]bool{}
	for i := range found {
		f := &found[i]
		ind, ok := define.Current().Indicator(f.Indicator())
		if !ok || !ind.Persons {
			continue
		}
		own := f.OrgID != "" && f.OrgID == a.OrgID
		if own && slices.Contains(single, f.Rule) {
			continue
		}
		if own {
			foreign, known := others[ind.Code]
			if !known {
				codes := compared(ind.Code)
				in, args := store.In(codes)
				if err := db.NewRaw("SELECT EXISTS (SELECT 1 FROM observation WHERE indicator IN ("+in+") AND org_id <> ? AND NOT published)", append(args, a.OrgID)...).Scan(ctx, &foreign); err != nil {
					return err
				}
				others[ind.Code] = foreign
			}
			if !foreign {
				continue
			}
		}
		hidden := locale.T(ctx, "checks.value.hidden")
		if steep := f.Rule == "steep_change"; !own || steep { // the figure itself is its second value
			f.First.Text = hidden
		}
		if !own || f.Rule != "steep_change" {
			f.Second.Text = hidden
		}
	}
	return nil
}

// compared are an indicator and those that rules compare with it.
func compared(code string) []string {
	out := []string{code}
	for _, r := range define.Current().Rules() {
		if all := []string{r.First, r.Second, r.Whole}; slices.Contains(all, code) {
			out = append(out, all...)
		}
	}
	return out
}
