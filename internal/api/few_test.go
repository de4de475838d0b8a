package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/baqylau/baqylau/internal/api"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// said keeps the last statement that read a page of a list.
type said struct{ page string }

func (s *said) BeforeQuery(c context.Context, _ *bun.QueryEvent) context.Context { return c }
func (s *said) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	if strings.Contains(e.Query, " DESC LIMIT ") {
		s.page = e.Query
	}
}

// A clinic has three cases among the thousands that the police sent: its program gets them by the index that leads to them, page by page and by each filter, and the others are not read.
// The program of the police is given its list as it stands.
func TestAClinicWithFewReportsHasTheseRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, s := open(t, db), &said{}
		var own []string
		for i := range 3 {
			var sent api.Sent
			h.send("clinic", "/reports", strings.Replace(intoxication, "MDMA", []string{"MDMA", "MDA", "LSD"}[i], 1), &sent)
			own = append([]string{sent.ID}, own...)
		}
		for _, sql := range []string{`INSERT INTO occurrence (id, ref, country, known_on, recorded_at) SELECT 'p' || id, 'p' || id, 'KZ', '2026-11-25', 0 FROM (%s) n`,
			`INSERT INTO report (id, receipt, kind, channel, state, org_id, account_id, domain, source_id, content_hash, country, known_on, recorded_at, occurrence_id)
				SELECT 'p' || id, 'p' || id, 'seizure', 'api', 'accepted', 'o-police', 'a-police', 'enforcement', (SELECT MIN(source_id) FROM report), '', 'KZ', '2026-11-25', 0, 'p' || id FROM (%s) n`} {
			_, err := db.Write.ExecContext(ctx, fmt.Sprintf(sql, "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 5001) SELECT id FROM n"))
			check(t, err)
		}
		db.Read = db.Read.WithQueryHook(s)
		fromFew := func(list string) {
			t.Helper()
			if !strings.Contains(s.page, " few CROSS JOIN "+list) {
				t.Errorf("all of %s is read: %s", list, s.page)
			}
			if db.Engine != store.SQLite {
				return
			}
			var plan []struct {
				ID, Parent, Notused int
				Detail              string
			}
			check(t, db.Read.NewRaw("EXPLAIN QUERY PLAN "+s.page).Scan(ctx, &plan))
			for _, p := range plan {
				if strings.HasPrefix(p.Detail, "SCAN r") || strings.HasPrefix(p.Detail, "SCAN o") {
					t.Errorf("all of %s is read: %s", list, p.Detail)
				}
			}
		}
		var reports, next api.Page[api.ReportLine]
		h.must("clinic", "/reports?limit=2", &reports)
		fromFew("report r")
		h.must("clinic", "/reports?limit=2&cursor="+reports.Next, &next)
		var got []string
		for _, r := range append(reports.Items, next.Items...) {
			got = append(got, r.ID)
		}
		if next.Next != "" || !slices.Equal(got, own) {
			t.Errorf("reports %v, want %v", got, own)
		}
		h.must("clinic", "/reports?kind=seizure", &reports)
		fromFew("report r")
		if len(reports.Items) != 0 {
			t.Errorf("seizures of a clinic: %+v", reports.Items)
		}
		var occurrences api.Page[api.Occurrence]
		h.must("clinic", "/occurrences", &occurrences)
		fromFew("occurrence o")
		if len(occurrences.Items) != 3 {
			t.Errorf("%d occurrences", len(occurrences.Items))
		}
		h.must("police", "/reports", &reports)
		if strings.Contains(s.page, "few") || len(reports.Items) != 50 {
			t.Errorf("the police get %d of their reports by %s", len(reports.Items), s.page)
		}
	})
}
