package app_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/returns"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

// outsiders read what leaves the owner (the hospital) and the neutral working side.
var outsiders = []string{"police", "ngo", "author", "liaison", "public"}

// insider works on the cases, and sees every small count.
const insider = "epidemiologist"

// TestEveryWayOutHidesSmallCounts walks the route table over a house that has small counts in every room. As an outsider, a route whose counts go through disclosure must have asked
// who reads it, and every answer – page, part of one, chart, file, feed, JSON – is the same to the letter in two worlds that differ in small counts alone; in no table is a small count left that a sum gives away.
// The insider's answers differ on every route that is said to have counts, or the walk would prove nothing, and on no route that is said to have none.
func TestEveryWayOutHidesSmallCounts(t *testing.T) {
	t.Parallel()
	for _, e := range storetest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			h := start(t, storetest.DSN(t, e))
			h.plant(t)
			w := &counts{house: h, few: h.plantFew(t), classes: classesOf(), asked: map[string]int{}, said: map[string]bool{}}
			t.Cleanup(disclosure.Watch(w.asks))
			w.compare(t)
		})
	}
}

// counts is the walk.
type counts struct {
	*house
	few     *few
	classes map[string]countClass
	mu      sync.Mutex
	asked   map[string]int // how often the audience of an account was asked for
	said    map[string]bool
}

func (w *counts) asks(a access.Actor) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked[a.ID]++
}

func (w *counts) times(a access.Actor) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked[a.ID]
}

// A route without a class fails, and so does a line of the table that is no route.
func TestEveryRouteSaysHowCountsStandOnIt(t *testing.T) {
	t.Parallel()
	h, classes, there := start(t, storetest.DSN(t, store.SQLite)), classesOf(), map[string]bool{}
	for _, r := range h.Router.Routes() {
		key := r.Method + " " + r.Pattern
		if there[key] = true; classes[key] == "" {
			t.Errorf("%s: say in countClasses what counts of persons it can show", key)
		}
	}
	for key := range classes {
		if !there[key] {
			t.Errorf("%s: no such route; take it out of countClasses", key)
		}
	}
}

// way is one address as one person asks for it.
type way struct{ who, pattern, path, headers string }

// compare looks at both worlds, and at the first again where they differ.
func (w *counts) compare(t *testing.T) {
	var worlds [2]map[way]string
	for i := range worlds {
		w.few.move(t, i == 1)
		worlds[i] = w.look(t)
	}
	differ := map[string]bool{}
	var doubtful []way
	for x, a := range worlds[0] {
		if b, ok := worlds[1][x]; !ok || a != b {
			doubtful = append(doubtful, x)
		}
	}
	slices.SortFunc(doubtful, func(a, b way) int { return strings.Compare(a.pattern+a.path+a.who, b.pattern+b.path+b.who) })
	w.few.move(t, false)
	for _, x := range doubtful {
		if class := w.classes["GET "+x.pattern]; x.who == insider && class != nobody && class != leaving {
			differ[x.pattern] = true
			continue
		}
		if strings.HasPrefix(x.pattern, "/audit") || x.pattern == "/second-factor" {
			continue // the journal tells acts and grows with every look; a key is made for every visit
		}
		a, b, again := worlds[0][x], worlds[1][x], w.fetch(t, x)
		switch {
		case again == a:
			w.once(t, x.pattern+" tells "+x.who, "GET %s %s as %s tells a small count: %s", x.path, x.headers, x.who, firstDifference(a, b))
		default:
			w.once(t, x.pattern+" moves "+x.who, "GET %s %s as %s is never twice the same: %s / %s", x.path, x.headers, x.who, firstDifference(a, b), firstDifference(a, again))
		}
	}
	for key, class := range w.classes {
		if pattern, get := strings.CutPrefix(key, "GET "); get && class == judged && !differ[pattern] {
			t.Errorf("%s: no small count of this house stands there, so the walk proves nothing of it", key)
		}
	}
}

// look fetches every route in all its forms as the insider and the outsiders.
func (w *counts) look(t *testing.T) map[way]string {
	values := w.values(t)
	out := map[way]string{}
	for _, who := range append([]string{insider}, outsiders...) {
		p := w.people[who]
		for _, r := range w.Router.Routes() {
			if r.Method != http.MethodGet || !access.May(p.Actor, r.Act) {
				continue
			}
			for i, path := range w.paths(t, r, values) {
				if w.classes["GET "+r.Pattern] == leaving && (i > 0 || who == insider) && who != outsiders[0] {
					break // files take long, and are the same for every reader
				}
				w.lookAt(t, out, way{who: who, pattern: r.Pattern, path: path})
			}
		}
	}
	return out
}

// lookAt fetches an address, and what its page leads to by other questions of the same address: views, years, files.
func (w *counts) lookAt(t *testing.T, out map[way]string, x way) {
	class := w.classes["GET "+x.pattern]
	body := w.fetch(t, x)
	out[x] = body
	if class == nobody || class == cleared || body == "" || strings.HasPrefix(x.path, "/api/") || strings.HasSuffix(x.pattern, "file}") {
		return
	}
	if x.who != insider && x.who != outsiders[0] && class != own { // what outsiders see of others is the same to them
		return
	}
	part := x
	part.headers = "HX-Request true"
	out[part] = w.fetch(t, part)
	path, query, asked := strings.Cut(x.path, "?")
	for _, format := range []string{"csv", "xlsx"} {
		file := x
		if file.path += "?format=" + format; asked {
			file.path = path + "?" + query + "&format=" + format
		}
		if out[file] = w.fetch(t, file); strings.Contains(out[file], "<html") {
			break // a page that is no file either
		}
	}
	if class == own {
		return
	}
	for _, q := range leads(path, body) {
		more := x
		more.path = path + q
		if _, known := out[more]; !known {
			out[more] = w.fetch(t, more)
		}
	}
}

// mostLeads bounds the questions that a page leads to.
const mostLeads = 12

var hrefs = regexp.MustCompile(`(?:href|hx-get)="([^"]+)"`)

// leads are the questions to the same address that stand in a page, files first.
func leads(path, body string) (out []string) {
	for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
		q, ok := strings.CutPrefix(html.UnescapeString(m[1]), path+"?")
		if q = "?" + q; ok && !strings.Contains(q, "lang=") && !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int {
		return boolInt(strings.Contains(b, "format=")) - boolInt(strings.Contains(a, "format="))
	})
	return out[:min(len(out), mostLeads)]
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

var (
	identifiers = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	moments     = regexp.MustCompile(`\d\d:\d\d(:\d\d)?(\.\d+)?Z?|(\d+ h )?\d+ min`)
)

// fetch is what a person gets to see: of a workbook its parts; identifiers and the time of day are left out. "" is a refusal.
func (w *counts) fetch(t *testing.T, x way) string {
	t.Helper()
	p := w.people[x.who]
	before := w.times(p.Actor)
	a := p.do(t, http.MethodGet, x.path, nil, strings.Fields(x.headers)...)
	switch {
	case a.status >= 500:
		t.Errorf("GET %s as %s: %d", x.path, x.who, a.status)
		fallthrough
	case a.status != http.StatusOK:
		return ""
	}
	if class := w.classes["GET "+x.pattern]; x.who != insider && class == judged && w.times(p.Actor) == before && access.May(p.Actor, shows(x.pattern)) {
		w.once(t, x.pattern+x.who, "GET %s as %s: nobody asked who reads it: its counts did not come through disclosure", x.path, x.who)
	}
	if strings.HasPrefix(a.header.Get("Content-Type"), "image/") {
		return ""
	}
	body := unpacked(t, a.body)
	if x.who != insider {
		for _, cell := range givenAway(a.header.Get("Content-Type"), body) {
			t.Errorf("GET %s as %s: %s", x.path, x.who, cell)
		}
	}
	return moments.ReplaceAllString(identifiers.ReplaceAllString(body, "…"), "…")
}

// shows is the act without which a page shows no counts.
func shows(pattern string) access.Act {
	if pattern == "/substances/{id}" || pattern == "/{$}" {
		return access.SeriesRead
	}
	return access.PublicRead
}

// once says the same thing of a route and a reader once.
func (w *counts) once(t *testing.T, what, format string, args ...any) {
	t.Helper()
	if !w.said[what] {
		w.said[what] = true
		t.Errorf(format, args...)
	}
}

// questions are what routes are asked whose counts do not stand on the bare page.
func (w *counts) questions(t *testing.T) map[string][]string {
	var figures []string
	for _, cell := range w.list(t, "SELECT DISTINCT cell FROM observation WHERE indicator = ? ORDER BY cell", fewIndicator) {
		figures = append(figures, "?cell="+url.QueryEscape(cell))
	}
	return map[string][]string{
		"/api/v1/series":                {"?country=KZ", "?country=KZ&substance=" + w.few.substances[0]},
		"/api/v1/observations":          {"?indicator=" + fewIndicator, "?indicator=oat_clients", "?indicator=" + fewIndicator + "&as_of=" + w.today().AddDays(-1).String()},
		"/api/v1/treatment/tables/{id}": {"?from=2025", "?from=2025&own=true"},
		"/api/v1/register/flow":         {"", "?region=" + fewHere, "?region=KZ-75", "?sex=male"},
		"/register":                     {"", "?year=2025&region=" + fewHere, "?year=2025&region=KZ-75", "?year=2025&sex=male", "?year=2025&drug=1"},
		"/deaths":                       {"", "?year=2025", "?year=2025&selection=B", "?selection=national"},
		"/indicators/{code}/figure":     figures,
		"/estimates/compare":            {"?place=KZ-75"},
		"/outgoing/exchange/file":       {"?format=dhis2&indicator=" + fewIndicator, "?format=adx&indicator=" + fewIndicator, "?format=sdmx-csv&indicator=" + fewIndicator},
		"/outgoing/{template}/{year}":   {"", "?view=inside"},
	}
}

// paths fills the holes of a route with what has small counts.
func (w *counts) paths(t *testing.T, r web.Route, values map[string][]string) (out []string) {
	for _, x := range fill(t, r, values) {
		if !slices.Contains(x.filled, unknown) && !slices.ContainsFunc(x.filled, func(v string) bool { return strings.HasPrefix(v, unknown) }) {
			out = append(out, x.path)
		}
	}
	questions := w.questions(t)[r.Pattern]
	if len(questions) == 0 {
		return out
	}
	var asked []string
	for _, path := range out {
		for _, q := range questions {
			asked = append(asked, path+q)
		}
	}
	return asked
}

// values are those of the wall, narrowed to where the small counts are.
func (w *counts) values(t *testing.T) map[string][]string {
	v := w.pathValues(t)
	v["/indicators/{code}"] = []string{fewIndicator, "oat_clients"}
	v["/substances/{id}"] = w.few.substances
	v["/estimates/{id}"] = w.few.estimate[:]
	v["/datasets/{code}"] = w.datasets(t)
	v["/outgoing/{template}"], v["/outgoing/{template}/{year}"] = []string{"tdi", "unodc-arq", "standard-tables"}, []string{"2025"}
	v["/facilities/{id}"] = w.list(t, "SELECT DISTINCT facility_id FROM facility ORDER BY 1")
	v["/treatment/tables/{id}"] = []string{"13.1.1", "9.1.1"}
	return v
}

// datasets are the codes of those whose rows are of persons.
func (w *counts) datasets(t *testing.T) (codes []string) {
	t.Helper()
	all, err := returns.Datasets(ctx, w.DB.Read, w.today())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Subject != "" && d.Subject != "wastewater" {
			codes = append(codes, d.Code)
		}
	}
	return codes
}
