package app_test

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/app"
)

// fewCases: what a reader from whom small counts are hidden gets to see is the same, to the letter, whether two or three persons are behind a signal, and
// whichever of two substances has been counted more often; for whoever judges signals it differs. Who may open some of the cases could subtract those from
// the number of all, and reads the same of six as of seven.
func (h *house) fewCases(t *testing.T, substance string) {
	x, err := account.Add(ctx, h.Writer, account.NewAccount{Login: "ward@demo.baqylau", Name: "Assessor of a hospital", Org: "hospital", Roles: []access.Role{access.Assessor, access.Reporter}, Lang: baqylau.English, Password: app.DemoPassword, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	token, err := h.Accounts.NewToken(ctx, x.Actor(), "tests", 2)
	if err != nil {
		t.Fatal(err)
	}
	h.people["ward"] = &person{name: "ward", Actor: x.Actor(), token: token, site: h.URL, client: plainClient()}
	behind := h.list(t, "SELECT DISTINCT occurrence_id FROM finding WHERE substance_id = ? ORDER BY 1", substance)
	if len(behind) != 2 {
		t.Fatalf("%d occurrences of U-47700", len(behind))
	}
	h.until(t, "the detectors have seen the two patients", func() bool {
		return h.count(t, "SELECT count(*) FROM signal WHERE substance_id = ? AND rule = 'first_country'", substance) == 1
	})
	h.exec(t, `INSERT INTO signal (id, ref, dedup_key, type, rule, country, region, substance_id, raised_on, first_event_on, events, title, explanation, evidence, rank, scores,
		priority, confidence, state, due_at, created_at, updated_at) VALUES ('few', 'S-2000-0001', 'few', 'exact', 'exact', 'KZ', 'KZ-35', ?, ?, ?, 0, '{}', '[]', '{}', 0.5, '{}',
		'amber', 'suspected', 'detected', 0, 1, 1)`, substance, h.today().String(), h.today().AddDays(-14).String())
	for i, act := range []string{"detect", "grow"} {
		h.exec(t, "INSERT INTO signal_event (id, signal_id, at, account_id, role, act, from_state, to_state) VALUES (?, 'few', ?, 'system', 'system', ?, 'detected', 'detected')", "few"+act, i+1, act)
	}
	two := h.list(t, "SELECT id FROM substance WHERE id NOT IN (SELECT dim_id FROM series_cell) ORDER BY id LIMIT 2")
	world := func(n, shown int) { // cases of the signal, and those that the curve shows
		ids := fmt.Sprintf(`"%s"`, strings.Join(behind[:min(n, len(behind))], `","`))
		h.exec(t, "UPDATE signal SET events = ?, title = ?, explanation = ?, evidence = ?, scores = ? WHERE id = 'few'", n, fmt.Sprintf(`{"key":"signal.title.rise","args":{"Substance":"%s"}}`, substance),
			fmt.Sprintf(`[{"key":"rules.rise_substance_region","args":{"Substance":"%s","Region":"KZ-35","Weeks":4,"Observed":%d,"Expected":0.%d}},{"key":"rules.method.exact","args":{"P":0.000%d,"Bound":%d}}]`, substance, n, n, n, n-1),
			fmt.Sprintf(`{"occurrences":[%s],"observed":%d,"expected":0.%d,"bound":%d,"p_value":0.000%d,"weeks":4}`, ids, n, n, n-1, n),
			fmt.Sprintf(`{"marks":{"spread":{"v":1,"ground":{"key":"signal.ground.spread_one_place","args":{"Occurrences":%d}}}}}`, n))
		h.exec(t, "UPDATE signal_event SET detail = ? WHERE signal_id = 'few'", fmt.Sprintf(`{"events":%d,"before":{"scores":{"n":%d}}}`, n, n))
		h.exec(t, "DELETE FROM series_delta WHERE batch = 990")
		for i, sub := range two {
			h.exec(t, "INSERT INTO series_subject (dim, dim_id) VALUES ('substance', ?) ON CONFLICT DO NOTHING", sub)
			h.exec(t, "INSERT INTO series_delta (subject, country, region, kind, week, known_on, n, batch) SELECT no, 'KZ', 'KZ-35', 'death', ?, ?, ?, 990 FROM series_subject WHERE dim_id = ?",
				int(h.today().Week()), h.today().String(), []int{shown, 5 - shown}[i], sub)
		}
	}
	var ways []string
	for _, p := range []string{"/signals/few", "/signals?q=s-2000-0001", "/signals/table", "/signals/table?sort=-events", "/signals/table?format=csv", "/signals/table?format=xlsx", "/api/v1/signals", "/api/v1/signals/few",
		"/overview?place=KZ", "/substances/" + substance, "/search?q=s-2000-0001", "/due"} {
		ways = append(ways, p)
		if !strings.HasPrefix(p, "/api/") && !strings.Contains(p, "xlsx") {
			sep := "?"
			if strings.Contains(p, "?") {
				sep = "&"
			}
			ways = append(ways, p+sep+"lang=kk", p+sep+"lang=ru")
		}
	}
	tells := map[string]bool{"/signals/few": true, "/signals/table": true, "/signals/table?format=csv": true, "/signals/table?format=xlsx": true, "/api/v1/signals": true, "/api/v1/signals/few": true, "/overview?place=KZ": true}
	compare := func(who string, hide bool, low, high func()) {
		t.Helper()
		for _, way := range ways {
			var a, b, again string
			for range 5 { // the clock of the page must not move between the two looks
				low()
				a = h.look(t, who, way)
				high()
				b = h.look(t, who, way)
				low()
				if again = h.look(t, who, way); a == again {
					break
				}
			}
			switch {
			case a != again:
				t.Errorf("%s as %s is never twice the same", way, who)
			case hide && a != b:
				t.Errorf("%s tells %s how many: %s", way, who, firstDifference(a, b))
			case !hide && a == b && tells[way]:
				t.Errorf("%s hides from %s, who judges signals, how many", way, who)
			}
		}
	}
	for who, hide := range map[string]bool{"liaison": true, "ward": true, "officer": false, "assessor": false, "approver": false} {
		compare(who, hide, func() { world(2, 2) }, func() { world(3, 3) })
	}
	compare("ward", true, func() { world(6, 2) }, func() { world(7, 2) })
	world(2, 2)
	for _, who := range []string{"liaison", "ward"} {
		if a := h.people[who].get(t, "/signals/few"); !strings.Contains(a.body, "Counts of 1 to 4 people are hidden") || strings.Contains(a.body, "EARS") {
			t.Errorf("the signal does not say to %s that its numbers are hidden: %d", who, a.status)
		}
	}
	// an act by somebody from whom the count is hidden does not write the hidden signal back
	if a := h.people["ward"].post(t, "/signals/few/advise", "token", fmt.Sprint(h.count(t, "SELECT updated_at FROM signal WHERE id = 'few'")), "reason", "look again"); a.status != http.StatusConflict && a.status != http.StatusSeeOther {
		t.Errorf("advice is answered with %d", a.status)
	}
	h.exec(t, "UPDATE signal SET state = 'assessing' WHERE id = 'few'")
	if a := h.people["ward"].post(t, "/signals/few/advise", "token", fmt.Sprint(h.count(t, "SELECT updated_at FROM signal WHERE id = 'few'")), "reason", "look again"); a.status != http.StatusSeeOther {
		t.Errorf("advice is answered with %d", a.status)
	}
	if n := h.count(t, "SELECT events FROM signal WHERE id = 'few'"); n != 2 {
		t.Errorf("after advice the signal has %d cases", n)
	}
	h.exec(t, "DELETE FROM series_delta WHERE batch = 990")
	h.exec(t, "DELETE FROM signal_event WHERE signal_id = 'few'")
	h.exec(t, "DELETE FROM signal WHERE id = 'few'")
}

func (h *house) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := h.DB.Write.NewRaw(query, args...).Exec(ctx); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// look is what a person reads at an address; of a workbook, its cells.
func (h *house) look(t *testing.T, who, path string) string {
	t.Helper()
	a := h.people[who].get(t, path)
	if a.status != http.StatusOK {
		return fmt.Sprint(a.status)
	}
	if !strings.Contains(path, "xlsx") {
		return a.body
	}
	z, err := zip.NewReader(strings.NewReader(a.body), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range z.File {
		if !strings.Contains(f.Name, "sheet1") && !strings.Contains(f.Name, "sharedStrings") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&out, r); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

var tokens = regexp.MustCompile(`[^\s<>]+`)

// firstDifference shows where two answers part.
func firstDifference(a, b string) string {
	x, y := tokens.FindAllString(a, -1), tokens.FindAllString(b, -1)
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			from := max(0, i-6)
			return fmt.Sprintf("%q / %q", strings.Join(x[from:min(len(x), i+4)], " "), strings.Join(y[from:min(len(y), i+4)], " "))
		}
	}
	return fmt.Sprintf("%d and %d words", len(x), len(slices.Compact(y)))
}
