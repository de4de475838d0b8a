package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/api"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"golang.org/x/sync/errgroup"
)

const intoxication = `{"kind":"acute_intoxication","occurred_on":"2026-11-24","region":"KZ-75","text":"Пациент принял метонитазен, найден без сознания","sex":"male","persons":1,
	"clinical_features":"угнетение дыхания","person_id":"870101300128","substances":[{"name":"MDMA","level":"confirmed"}]}`

// TestAHospitalReports is the life of a report through the API: sent once although twice asked, read by its own side, moved on by the centre, counted.
func TestAHospitalReports(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		var first, again api.Sent
		h.send("hospital", "/reports", intoxication, &first, "Idempotency-Key", "6f1c1c1e-0001")
		h.send("hospital", "/reports", intoxication, &again, "Idempotency-Key", "6f1c1c1e-0001")
		if first != again || first.Outcome != "new" || h.count("SELECT count(*) FROM report") != 1 {
			t.Fatalf("%+v, then %+v", first, again)
		}
		r := h.call("hospital", http.MethodPost, api.Prefix+"/reports", strings.Replace(intoxication, "MDMA", "LSD", 1), "Idempotency-Key", "6f1c1c1e-0001")
		if r.code != http.StatusConflict || !strings.Contains(r.body, "api.error.key_reused") {
			t.Errorf("same key, other body: %d %s", r.code, r.body)
		}
		twins := make([]api.Sent, 6)
		var g errgroup.Group
		for i := range twins {
			g.Go(func() error {
				r := h.call("hospital", http.MethodPost, api.Prefix+"/reports", strings.Replace(intoxication, "MDMA", "MDA", 1), "Idempotency-Key", "6f1c1c1e-0002")
				return json.Unmarshal([]byte(r.body), &twins[i])
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		for _, s := range twins {
			if s.ID == "" || s != twins[0] {
				t.Errorf("twins of one request are answered %+v and %+v", twins[0], s)
			}
		}
		if n := h.count("SELECT count(*) FROM report"); n != 2 {
			t.Errorf("%d reports after six twins of one request", n-1)
		}
		h.send("clinic", "/reports", intoxication, &again, "Idempotency-Key", "6f1c1c1e-0001")
		if again.ID == first.ID {
			t.Error("a key of one account answers another")
		}
		if n := h.count("SELECT count(*) FROM idempotency WHERE key LIKE '6f1c%' OR response LIKE '%870101%'"); n != 0 {
			t.Error("the table tells the key or the person")
		}

		var rep api.Report
		h.must("hospital", "/reports/"+first.ID, &rep)
		names := ""
		for _, f := range rep.Findings {
			names += f.Matched + " " + string(f.Confidence) + "; "
		}
		if rep.Channel != "api" || rep.OccurredOn != "2026-11-24" || names != "MDMA probable; метонитазен suspected; " {
			t.Errorf("read back: %s %s %q", rep.Channel, rep.OccurredOn, names)
		}
		if strings.Contains(h.get("hospital", "/reports/"+first.ID).body, "870101300128") {
			t.Error("the personal number came back")
		}
		if !slices.Equal(rep.Steps, []string{"retract"}) {
			t.Errorf("steps %v", rep.Steps)
		}

		// Another clinic and the police see the same as for a report that does not exist.
		unknown := h.get("police", "/reports/0191d3a0-0000-7000-8000-000000000000")
		for _, who := range []string{"police", "clinic"} {
			for _, path := range []string{"/reports/" + first.ID, "/occurrences/" + first.OccurrenceID} {
				if r := h.get(who, path); r.code != http.StatusNotFound || r.body != unknown.body {
					t.Errorf("%s gets %s: %d %s", who, path, r.code, r.body)
				}
			}
		}
		var list api.Page[api.ReportLine]
		var cases api.Page[api.Occurrence]
		h.must("police", "/reports", &list)
		h.must("police", "/occurrences", &cases)
		if len(list.Items)+len(cases.Items) != 0 {
			t.Error("the list crosses the wall")
		}

		// The centre asks, the hospital answers, the centre accepts.
		var moved api.Report
		h.send("centre", "/reports/"+first.ID+"/steps/ask", `{"text":"Which laboratory?"}`, &moved)
		h.send("hospital", "/reports/"+first.ID+"/steps/answer", `{"text":"The city one."}`, &moved)
		h.send("centre", "/reports/"+first.ID+"/steps/accept", `{}`, &moved)
		if moved.State != "accepted" || len(moved.Events) != 4 || moved.Events[1].Text != "The city one." {
			t.Errorf("moved to %s, %+v", moved.State, moved.Events)
		}
		if r := h.call("centre", http.MethodPost, api.Prefix+"/reports/"+first.ID+"/steps/receive", `{}`); r.code != http.StatusConflict {
			t.Errorf("a step back: %d", r.code)
		}
		if r := h.call("hospital", http.MethodPost, api.Prefix+"/reports/"+first.ID+"/steps/duplicate", `{"text":"mine"}`); r.code != http.StatusForbidden {
			t.Errorf("a step of the centre by the hospital: %d", r.code)
		}

		var one api.OccurrenceDetail
		h.must("hospital", "/occurrences/"+first.OccurrenceID, &one)
		if len(one.Reports) != 1 || one.Reports[0].ID != first.ID || len(one.Findings) != 2 {
			t.Errorf("case %+v", one)
		}
		h.must("hospital", "/occurrences?substance="+rep.Findings[0].SubstanceID, &cases)
		if len(cases.Items) != 1 || cases.Items[0].ID != first.OccurrenceID {
			t.Errorf("cases by substance: %+v", cases.Items)
		}
		h.must("hospital", "/reports?q=метонитазен&kind=acute_intoxication&region=KZ-75&from=2026-11-24&to=2026-11-24&state=accepted&substance="+rep.Findings[0].SubstanceID, &list)
		if len(list.Items) != 1 || list.Items[0].ID != first.ID {
			t.Errorf("reports by every filter: %+v", list.Items)
		}
		h.series(rep.Findings[0].SubstanceID)
	})
}

// series looks at two persons of one week: the centre sees the number, an author that it is small.
func (h *house) series(substance string) {
	h.t.Helper()
	var seen, hidden api.Series
	h.must("centre", "/series?from=2026-W47&to=2026-W48&kind=acute_intoxication&substance="+substance, &seen)
	if len(seen.Weeks) != 2 || seen.Weeks[1].N == nil || *seen.Weeks[1].N != 2 || *seen.Total.N != 2 {
		h.t.Errorf("the centre sees %+v", seen)
	}
	h.must("author", "/series?from=2026-W47&to=2026-W48&substance="+substance, &hidden)
	if !hidden.Weeks[1].Hidden || hidden.Weeks[1].N != nil || !hidden.Total.Hidden || *hidden.Weeks[0].N != 0 {
		h.t.Errorf("an author sees %+v", hidden)
	}
	var then api.Series
	h.must("centre", "/series?from=2026-W48&to=2026-W48&as_of=2026-11-24&substance="+substance, &then)
	if *then.Total.N != 0 {
		h.t.Errorf("known a day too early: %+v", then)
	}
}

// TestPages walks a list by its cursor and meets every row once.
func TestPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		var want []string
		for i := range 5 {
			var sent api.Sent
			h.send("police", "/reports", fmt.Sprintf(`{"kind":"seizure","occurred_on":"2026-11","text":"таблетки %d","quantity":"1.5","quantity_unit":"g"}`, i), &sent)
			want = append(want, sent.ID)
		}
		slices.Reverse(want)
		var got []string
		for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
			var p api.Page[api.ReportLine]
			h.must("police", "/reports?limit=2&cursor="+cursor, &p)
			for _, r := range p.Items {
				got = append(got, r.ID)
			}
			cursor = p.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		seen := map[string]bool{}
		for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
			var p api.Page[api.Substance]
			h.must("police", "/substances?family=nitazenes&limit=7&cursor="+cursor, &p)
			for _, x := range p.Items {
				if seen[x.ID] || !slices.Contains(x.Families, "nitazenes") {
					t.Errorf("%s twice or of another family", x.Name)
				}
				seen[x.ID] = true
			}
			cursor = p.Next
		}
		if len(seen) < 10 {
			t.Errorf("%d nitazenes", len(seen))
		}
		for _, q := range []string{"limit=201", "limit=0", "cursor=xyz", "cursor=YWZ0ZXI6", "colour=red", "from=2026-11"} {
			if r := h.get("police", "/reports?"+q); r.code != http.StatusUnprocessableEntity {
				t.Errorf("?%s: %d %s", q, r.code, r.body)
			}
		}
	})
}

// TestATip goes without an account, a limited number of times an hour.
func TestATip(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		var tip api.TipReceipt
		h.send("", "/tips", `{"text":"В подъезде продают порошок","region":"KZ-75"}`, &tip)
		if !strings.HasPrefix(tip.Receipt, "T-2026-") || h.count("SELECT count(*) FROM report WHERE kind = 'tip' AND receipt = ? AND occurrence_id IS NULL", tip.Receipt) != 1 {
			t.Errorf("receipt %q", tip.Receipt)
		}
		var last reply
		for range 20 {
			last = h.call("", http.MethodPost, api.Prefix+"/tips", `{"text":"again"}`)
		}
		var p web.Problem
		last.into(t, &p)
		if last.code != http.StatusTooManyRequests || p.Code != "too_many" || last.head.Get("Retry-After") == "" {
			t.Errorf("after twenty tips: %d %s", last.code, last.body)
		}
	})
}
