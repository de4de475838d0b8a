package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/api"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/facility"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/outgoing"
	"github.com/baqylau/baqylau/internal/indicator/returns"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// collection gives the API the rooms of the data collection, and an epidemiologist of the centre.
func (h *house) collection(d *api.Deps) {
	h.t.Helper()
	h.people["epidemiology"] = access.Actor{ID: "a-epidemiology", OrgID: "o-centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Epidemiology}, Lang: baqylau.Russian}
	own := func(ctx context.Context, tx *change.Tx, orgID string) (string, error) {
		_, err := tx.NewRaw("INSERT INTO source (id, code, name, country, domain) VALUES (?, ?, '{}', 'KZ', 'health') ON CONFLICT DO NOTHING", "own-"+orgID, "own-"+orgID).Exec(ctx)
		return "own-" + orgID, err
	}
	var err error
	d.Harm, err = harm.NewService(d.W, d.Shelf, "KZ", h.t.TempDir())
	check(h.t, err)
	d.Harm.OwnSource = own
	d.Harm.Pseudonym = func(domain baqylau.Domain, number string) string { return string(domain) + "/" + number[6:] + "/keyed" }
	d.Figures = &indicator.Service{W: d.W, Shelf: d.Shelf, Home: "KZ", OwnSource: own}
	d.Facilities = &facility.Service{W: d.W, Shelf: d.Shelf, Home: "KZ", OwnSource: own}
	d.Returns = &returns.Service{W: d.W, Shelf: d.Shelf, Home: "KZ"}
	d.Outgoing, err = outgoing.NewService(d.W, d.Shelf, "KZ", h.t.TempDir())
	check(h.t, err)
	d.Outgoing.Figures, d.Outgoing.Harm, d.Outgoing.Hidden = d.Figures, d.Harm, d.Figures.Hidden
	d.Outgoing.Treatment = func(context.Context, access.Actor, string, int, baqylau.Date) (outgoing.Entrants, error) {
		return outgoing.Entrants{None: true}, nil
	}
	d.Outgoing.TreatmentTitle = func(context.Context, *tdi.Spec) string { return "" }
}

// refused tells how a person was refused, and that nothing was written.
func (h *house) refused(as, method, path, body string, status int, words ...string) {
	h.t.Helper()
	before := h.count("SELECT (SELECT count(*) FROM death) + (SELECT count(*) FROM registration) + (SELECT count(*) FROM infection_study) + (SELECT count(*) FROM facility) + (SELECT count(*) FROM check_word) + (SELECT count(*) FROM observation)")
	r := h.call(as, method, api.Prefix+path, body)
	if r.code != status {
		h.t.Errorf("%s %s as %s: %d %s", method, path, as, r.code, r.body)
	}
	for _, w := range words {
		if !strings.Contains(r.body, w) {
			h.t.Errorf("%s %s as %s lacks %q: %s", method, path, as, w, r.body)
		}
	}
	if after := h.count("SELECT (SELECT count(*) FROM death) + (SELECT count(*) FROM registration) + (SELECT count(*) FROM infection_study) + (SELECT count(*) FROM facility) + (SELECT count(*) FROM check_word) + (SELECT count(*) FROM observation)"); after != before {
		h.t.Errorf("%s %s as %s wrote %d rows", method, path, as, after-before)
	}
}

// TestHarmOverTheAPI: a laboratory's register of deaths, a dispensary's registrations and a study arrive from programs; what is wrong is said by field, the police can neither send records nor see small counts.
func TestHarmOverTheAPI(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		deathsOverTheAPI(h)
		registerOverTheAPI(h)
		infectionsOverTheAPI(h)
	})
}

func deathsOverTheAPI(h *house) {
	unnamed := func(day, sex string) string {
		return `{"values":{"died":"` + day + `","register":"general","sex":"` + sex + `","age":"31","region":"KZ-75","underlying":"X42","causes":"T40.1"}}`
	}
	death := func(day, sex string) string {
		return strings.TrimSuffix(unnamed(day, sex), "}") + `,"personal_number":"870101300128"}`
	}
	var first, again api.SentRecord
	h.send("hospital", "/deaths", death("2025-05-01", "male"), &first, "Idempotency-Key", "d0000001")
	h.send("hospital", "/deaths", death("2025-05-01", "male"), &again, "Idempotency-Key", "d0000001")
	if first != again || first.ID == "" {
		h.t.Errorf("one request, two deaths: %v %v", first, again)
	}
	for i := range 7 {
		h.send("hospital", "/deaths", unnamed(fmt.Sprintf("2025-06-%02d", i+1), map[bool]string{true: "female", false: "male"}[i < 2]), &again)
	}
	if n := h.count("SELECT count(*) FROM death WHERE person LIKE '%870101300128%'"); n != 0 {
		h.t.Error("the personal number is kept")
	}
	h.refused("hospital", http.MethodPost, "/deaths", `{"values":{"died":"2027-05-01","underlying":"T4O","sex":"man","weight":"80"}}`, http.StatusUnprocessableEntity, `"sex"`, `"weight"`)
	h.refused("hospital", http.MethodPost, "/deaths", `{"values":{"died":"2025-05-01","register":"general","underlying":"T4O"}}`, http.StatusUnprocessableEntity, `"underlying"`)
	h.refused("police", http.MethodPost, "/deaths", death("2025-05-01", "male"), http.StatusForbidden)
	h.refused("author", http.MethodPost, "/deaths", death("2025-05-01", "male"), http.StatusForbidden)
	h.refused("", http.MethodPost, "/deaths", death("2025-05-01", "male"), http.StatusUnauthorized)

	cells := func(who string) (all, women api.Persons) {
		var n api.DeathCounts
		h.must(who, "/deaths/counts?place=KZ", &n)
		for _, s := range n.Selections {
			if s.Selection != "B" {
				continue
			}
			all = s.Years[slices.IndexFunc(s.Years, func(y api.DeathYear) bool { return y.Year == 2025 })].Deaths
			for _, c := range s.SexAge {
				if c.Sex == "female" && c.Age == "all" {
					women = c.Persons
				}
			}
		}
		return all, women
	}
	if all, women := cells("epidemiology"); all.N == nil || *all.N != 8 || women.N == nil || *women.N != 2 {
		h.t.Errorf("the centre counts %v, women %v", all, women)
	}
	for _, who := range []string{"police", "author"} {
		if all, women := cells(who); all.N == nil || *all.N != 8 || women.N != nil || !women.Hidden {
			h.t.Errorf("%s reads %v, women %v", who, all, women)
		}
	}
	var before api.DeathCounts
	if h.must("epidemiology", "/deaths/counts?as_of=2025-07-01", &before); len(before.Selections[0].Years) != 0 {
		h.t.Errorf("known before it was sent: %+v", before.Selections[0].Years)
	}
	h.refused("epidemiology", http.MethodGet, "/deaths/counts?as_of=2030-01-01", "", http.StatusUnprocessableEntity, "as_of")
}

func registerOverTheAPI(h *house) {
	stay := func(entered, more string) string {
		return `{"values":{"region":"KZ-75","entered":"` + entered + `","entry_reason":"first","drug":"1.1","sex":"male"` + more + `}}`
	}
	var sent api.SentRecord
	for i := range 6 {
		h.send("hospital", "/register/registrations", stay(fmt.Sprintf("2024-03-%02d", i+1), ""), &sent)
	}
	h.refused("hospital", http.MethodPost, "/register/registrations", stay("2024-03-01", `,"exit":"2024-02-01","exit_reason":"died"`), http.StatusUnprocessableEntity, `"exit_on"`)
	h.refused("hospital", http.MethodPost, "/register/registrations", `{"values":{"region":"KZ-75"}}`, http.StatusUnprocessableEntity, `"entered"`, `"entry_reason"`)
	h.refused("police", http.MethodPost, "/register/registrations", stay("2024-03-01", ""), http.StatusForbidden)
	var flow api.RegisterFlow
	h.must("police", "/register/flow", &flow)
	i := slices.IndexFunc(flow.Years, func(y api.RegisterYear) bool { return y.Year == 2024 })
	if y := flow.Years[i]; y.Start.N == nil || *y.Start.N != 0 || y.End.N == nil || *y.End.N != 6 {
		h.t.Errorf("six entered in 2024: %+v", y)
	}
}

func infectionsOverTheAPI(h *house) {
	study := func(end string, women int) string {
		return fmt.Sprintf(`{"kind":"seroprevalence","title":"Sentinel","place":"KZ-75","start":"2024-03-01","end":"%s","recruitment":"rds","counts":[{"measure":"anti-HCV","tested":100,"positive":64},
			{"measure":"anti-HCV","group":"sex=female","tested":%d,"positive":2},{"measure":"anti-HCV","group":"sex=male","tested":%d,"positive":62}]}`, end, women, 100-women)
	}
	var sent api.SentRecord
	h.send("hospital", "/infections/studies", study("2024-06-30", 4), &sent)
	h.refused("hospital", http.MethodPost, "/infections/studies", study("2024-02-30", 4), http.StatusUnprocessableEntity, "end")
	h.refused("hospital", http.MethodPost, "/infections/studies", study("2024-02-01", 4), http.StatusUnprocessableEntity, "end_on")
	h.refused("police", http.MethodPost, "/infections/studies", study("2024-06-30", 4), http.StatusForbidden)
	var n api.Prevalences
	if h.must("epidemiology", "/infections?year=2024", &n); len(n.Lines) != 3 || n.Lines[1].Tested.N == nil || *n.Lines[1].Tested.N != 4 || n.Lines[0].Low == nil || *n.Lines[0].Low < 0.53 || *n.Lines[0].High > 0.74 {
		h.t.Errorf("the centre reads %+v", n.Lines)
	}
	n = api.Prevalences{}
	if h.must("police", "/infections", &n); len(n.Lines) != 3 || n.Lines[0].Tested.N == nil || *n.Lines[0].Tested.N != 100 {
		h.t.Fatalf("the police read %+v", n.Lines)
	}
	for _, l := range n.Lines[1:] {
		if l.Tested.N != nil || l.Positive.N != nil || l.Share != nil || !l.Tested.Hidden {
			h.t.Errorf("the police read %+v", l)
		}
	}
	n = api.Prevalences{}
	if h.must("epidemiology", "/infections?year=2020", &n); len(n.Lines) != 0 {
		h.t.Errorf("2020 has %+v", n.Lines)
	}
}

// TestFacilitiesAndReturnsOverTheAPI: a clinic keeps its facility and reports a year; the catalogue says what came in; what the checks ask is answered by its sender and nobody else; what goes out says what it lacks.
func TestFacilitiesAndReturnsOverTheAPI(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		facilitiesOverTheAPI(h)
		findingsOverTheAPI(h)
		outgoingOverTheAPI(h)
	})
}

func facilitiesOverTheAPI(h *house) {
	point := func(beds string) string {
		return `{"code":"17","name":{"kk":"","ru":"Пункт доверия","en":""},"region":"KZ-75","kind":"low_threshold","services":["nsp","oat"],"opened":"2012-01-01"` + beds + `}`
	}
	var sent api.SentRecord
	h.send("clinic", "/facilities", point(""), &sent)
	id := sent.ID
	h.refused("clinic", http.MethodPost, "/facilities", point(""), http.StatusConflict)
	h.refused("clinic", http.MethodPost, "/facilities", `{"code":"18","name":{"kk":"","ru":"","en":""},"region":"KZ-99","kind":"shop","services":[]}`, http.StatusUnprocessableEntity, `"name_ru"`, `"region"`, `"kind"`, `"services"`)
	h.refused("author", http.MethodPost, "/facilities", point(""), http.StatusForbidden)
	if r := h.call("clinic", http.MethodPut, api.Prefix+"/facilities/"+id, point(`,"beds":3`)); r.code != http.StatusOK {
		h.t.Fatalf("%d %s", r.code, r.body)
	}
	h.refused("hospital", http.MethodPut, "/facilities/"+id, point(""), http.StatusNotFound)
	var f api.Facility
	if h.must("police", "/facilities/"+id, &f); f.Beds == nil || *f.Beds != 3 || f.Opened != "2012-01-01" || !slices.Contains(f.Asked, "nsp_syringes") {
		h.t.Errorf("%+v", f)
	}
	var page api.Page[api.Facility]
	if h.must("police", "/facilities?region=KZ-75&service=oat", &page); len(page.Items) != 1 {
		h.t.Errorf("%+v", page)
	}
	if h.must("police", "/facilities?service=prison", &page); len(page.Items) != 0 {
		h.t.Errorf("%+v", page)
	}
	if r := h.call("clinic", http.MethodPut, api.Prefix+"/facilities/"+id+"/figures/2025", `{"values":{"nsp_syringes":50000,"oat_clients":null}}`); r.code != http.StatusOK {
		h.t.Fatalf("%d %s", r.code, r.body)
	}
	h.refused("clinic", http.MethodPut, "/facilities/"+id+"/figures/2025", `{"values":{"prison_admissions":5}}`, http.StatusUnprocessableEntity, "prison_admissions")
	h.refused("hospital", http.MethodPut, "/facilities/"+id+"/figures/2025", `{"values":{"nsp_syringes":1}}`, http.StatusNotFound)
	h.refused("police", http.MethodPut, "/facilities/"+id+"/figures/2025", `{"values":{"nsp_syringes":1}}`, http.StatusForbidden)
	var figures api.Page[api.Observation]
	if h.must("clinic", "/observations?indicator=nsp_syringes", &figures); len(figures.Items) != 1 || figures.Items[0].Value == nil || *figures.Items[0].Value != 50000 {
		h.t.Errorf("%+v", figures.Items)
	}
}

func findingsOverTheAPI(h *house) {
	var sent api.SentRecord
	h.send("hospital", "/infections/studies", `{"kind":"diagnostic","place":"KZ","start":"2025-01-01","end":"2025-06-30","counts":[{"measure":"anti-HIV","tested":40,"positive":50}]}`, &sent)
	var list api.Page[api.CheckFinding]
	h.must("hospital", "/checks?severity=error", &list)
	if len(list.Items) != 1 || list.Items[0].Rule != "infection_positive" || list.Items[0].SubjectID != sent.ID || list.Items[0].First.Value != "50" || list.Items[0].Title == "" {
		h.t.Fatalf("%+v", list.Items)
	}
	path := "/checks/" + list.Items[0].ID
	h.refused("clinic", http.MethodGet, path, "", http.StatusNotFound)
	h.refused("hospital", http.MethodPost, path+"/answer", `{"text":"A slip."}`, http.StatusConflict)
	h.refused("hospital", http.MethodPost, path+"/return", `{"text":"Is it so?"}`, http.StatusForbidden)
	var f api.CheckFinding
	h.send("epidemiology", path+"/return", `{"text":"Is it so?"}`, &f)
	h.refused("clinic", http.MethodPost, path+"/answer", `{"text":"Ours."}`, http.StatusNotFound)
	h.refused("hospital", http.MethodPost, path+"/answer", `{"text":"a\u0007"}`, http.StatusUnprocessableEntity)
	if h.send("hospital", path+"/answer", `{"text":"A slip."}`, &f); f.State != returns.Answered || len(f.Words) != 2 || f.Words[0].Text != "A slip." {
		h.t.Errorf("%+v", f)
	}
	h.send("epidemiology", path+"/resolve", `{"text":"Corrected by the sender."}`, &f)
	if h.must("hospital", "/checks?severity=error", &list); len(list.Items) != 0 {
		h.t.Errorf("resolved, and still waiting: %+v", list.Items)
	}
	if h.must("hospital", "/checks?state=resolved", &list); len(list.Items) != 1 {
		h.t.Errorf("%+v", list.Items)
	}
	var all api.Page[returns.Dataset]
	h.must("police", "/datasets?limit=200", &all)
	i := slices.IndexFunc(all.Items, func(d returns.Dataset) bool { return d.Subject == "study" })
	if i < 0 {
		h.t.Fatalf("no dataset of studies among %d", len(all.Items))
	}
	var d api.DatasetStanding
	h.must("police", "/datasets/"+all.Items[i].Code+"?from=2024&to=2025", &d)
	var arrived []string
	for _, p := range d.Periods {
		if p.Arrived {
			arrived = append(arrived, p.Period)
		}
	}
	if !slices.Equal(arrived, []string{"2025"}) {
		h.t.Errorf("of %s arrived %v", d.Code, arrived)
	}
	h.refused("police", http.MethodGet, "/datasets/nothing", "", http.StatusNotFound)
	h.refused("police", http.MethodGet, "/datasets/"+d.Code+"?from=2025&to=2024", "", http.StatusUnprocessableEntity)
}

func outgoingOverTheAPI(h *house) {
	var list api.Page[api.OutgoingTemplate]
	h.must("police", "/outgoing", &list)
	if len(list.Items) == 0 {
		h.t.Fatal("no templates")
	}
	code := list.Items[0].Code
	var gaps, whole api.OutgoingFile
	h.must("author", "/outgoing/"+code+"/2025/gaps", &gaps)
	for _, c := range gaps.Cells {
		if c.Absence == "" || c.Value != nil {
			h.t.Fatalf("a gap with a figure: %+v", c)
		}
	}
	exports := h.count("SELECT count(*) FROM audit_entry WHERE act = 'export.run'")
	h.must("epidemiology", "/outgoing/"+code+"/2025", &whole)
	missing := 0
	for _, c := range whole.Cells {
		if c.Absence != "" {
			missing++
		}
	}
	if missing != len(gaps.Cells) || len(whole.Cells) < missing {
		h.t.Errorf("%d of %d cells are gaps, %d were listed", missing, len(whole.Cells), len(gaps.Cells))
	}
	if n := h.count("SELECT count(*) FROM audit_entry WHERE act = 'export.run'"); n != exports+1 {
		h.t.Error("what left is not in the journal")
	}
	h.refused("author", http.MethodGet, "/outgoing/"+code+"/2025", "", http.StatusForbidden)
	h.refused("epidemiology", http.MethodGet, "/outgoing/"+code+"/2031", "", http.StatusNotFound)
	h.refused("epidemiology", http.MethodGet, "/outgoing/nothing/2025", "", http.StatusNotFound)
}
