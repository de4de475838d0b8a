package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data/mappings"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
)

// hiddenNote is what a page says when it hides small counts (overview.hidden in English).
const hiddenNote = "Counts of 1 to 4 people are hidden."

// disclosure: counts of 1 to 4 persons of our own country are hidden from whoever does not work on the cases; published figures of another
// country and numbers cleared with an alert are shown to all of them.
func (h *house) disclosure(t *testing.T) {
	own, ok := h.Shelf.Book().ByName("U-47700")
	if !ok {
		t.Fatal("the registry lacks U-47700")
	}
	day := h.today().AddDays(-14)
	for i := range 2 {
		sub := intake.Submission{Incoming: intake.Incoming{Kind: intake.AcuteIntoxication, Channel: "form", Region: "KZ-35", Text: fmt.Sprintf("patient %d, U-47700", i), Occurred: day, Precision: baqylau.Day}}
		if _, err := h.Intake.Submit(ctx, h.people["hospital"].Actor, sub); err != nil {
			t.Fatal(err)
		}
	}
	h.outside(t)
	h.fewCases(t, own.ID)
	for _, who := range []string{"officer", "epidemiologist", "assessor", "approver"} {
		h.overview(t, who, own.ID, false)
		if n, hidden := h.weekly(t, who, "KZ", own.ID); n != 2 || hidden {
			t.Errorf("%s sees %d, hidden %v", who, n, hidden)
		}
	}
	for _, who := range []string{"authority", "author", "liaison"} {
		h.overview(t, who, own.ID, true)
		if n, hidden := h.weekly(t, who, "KZ", own.ID); n != 0 || !hidden {
			t.Errorf("%s sees %d, hidden %v", who, n, hidden)
		}
		if n, hidden := h.weekly(t, who, "US-CT", ""); n != 3 || hidden {
			t.Errorf("%s sees %d outside deaths, hidden %v", who, n, hidden)
		}
		if a := h.people[who].get(t, "/overview?place=US-CT"); a.status != http.StatusOK || strings.Contains(a.body, hiddenNote) {
			t.Errorf("%s: the overview of an outside source: %d, hidden %v", who, a.status, strings.Contains(a.body, hiddenNote))
		}
	}
	for name, who := range map[string][]string{"public": {"public", "authority", "police"}, "green": {"authority", "hospital"}} {
		var ref string
		if err := h.DB.Read.NewRaw("SELECT ref FROM communication WHERE id = ?", h.alerts[name]).Scan(ctx, &ref); err != nil {
			t.Fatal(err)
		}
		for _, w := range who {
			path := "/warnings/" + ref
			if w == "public" {
				path = "/public/" + ref
			}
			a := h.people[w].get(t, path)
			if i := strings.Index(a.body, stem+name+"figure"); i < 0 || !strings.Contains(a.body[max(0, i-200):min(len(a.body), i+200)], ">3<") {
				t.Errorf("%s: the cleared number is not shown to %s: %d", path, w, a.status)
			}
		}
	}
}

// overview looks at the curve of a substance on the overview.
func (h *house) overview(t *testing.T, who, substance string, hide bool) {
	t.Helper()
	a := h.people[who].get(t, "/overview?subject="+substance)
	if a.status != http.StatusOK || strings.Contains(a.body, hiddenNote) != hide {
		t.Errorf("%s: the overview of U-47700 answers %d and says that counts are hidden: %v", who, a.status, !hide)
	}
}

// weekly sums a series as the API gives it: the counts shown and whether any is hidden.
func (h *house) weekly(t *testing.T, who, country, substance string) (n int, hidden bool) {
	t.Helper()
	path := "/api/v1/series?country=" + country
	if substance != "" {
		path += "&substance=" + substance
	}
	a := h.people[who].get(t, path)
	var s struct {
		Weeks []struct {
			N      *int
			Hidden bool
		}
		Total struct{ N *int }
	}
	if err := json.Unmarshal([]byte(a.body), &s); err != nil || a.status != http.StatusOK {
		t.Fatalf("%s: %d %s %v", path, a.status, a.body, err)
	}
	for _, w := range s.Weeks {
		hidden = hidden || w.Hidden
		if w.N != nil {
			n += *w.N
		}
	}
	if hidden && s.Total.N != nil {
		t.Errorf("%s as %s: the total %d tells a hidden count", path, who, *s.Total.N)
	}
	return n, hidden
}

// outside takes three published deaths of another country in.
func (h *house) outside(t *testing.T) {
	t.Helper()
	yaml, err := mappings.FS.ReadFile("connecticut-extract.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := []byte("date,date_type,county,age_band,sex,cause,other,flags\n2012-01-01,Date of death,Tolland,35-44,Male,Cocaine and Heroin Toxicity,,Heroin|Cocaine\n" +
		"2012-02-03,Date of death,Hartford,35-44,Male,Heroin Toxicity,,Heroin\n2012-03-06,Date of death,Hartford,25-34,Female,Heroin Toxicity,,Heroin\n")
	b, err := h.Intake.Stage(ctx, access.TheSystem(), intake.Upload{Name: "extract.csv", Content: bytes.NewReader(file), Mapping: yaml, SourceCode: "connecticut"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Intake.Start(ctx, access.TheSystem(), b.ID, false); err != nil {
		t.Fatal(err)
	}
	h.until(t, "the outside records are taken in", func() bool {
		return h.count(t, "SELECT count(*) FROM batch WHERE id = ? AND state = 'applied'", b.ID) == 1
	})
}
