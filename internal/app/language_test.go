package app_test

import (
	"cmp"
	"html"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// latinAllowed are the Latin words that a Kazakh or Russian page may show: names of formats, methods and marks that have no other spelling.
var latinAllowed = words(`Baqylau CSV XLSX XLS PDF JPEG PNG TSV Atom CAP TLP CLEAR GREEN AMBER STRICT RED InChIKey SMILES CAS EARS YAML API URL HTTP JSON TOTP EWS SMTP TLS UTC SQLite PostgreSQL
	Feed English Asia Almaty IANA Go client none Tab utf windows Excel Ctrl Enter Esc YYYY MMM HPLC LSD MDMA NBOMe NPS SHA FTIR NMR LC GC MS QTOF
	NpSG BGBl EcstasyData DrugsData UNC DrugBank PsychonautWiki Global Chem TripSit PubChem MassBank dosewiki psymol`)

// englishShort are the words of two letters that give English away; others of that length are units and codes.
var englishShort = words("of in to by is no or at on as it be we an do if so up us")

var (
	notText = regexp.MustCompile(`(?s)<(script|style|code|kbd|textarea|svg)\b.*?</(?:script|style|code|kbd|textarea|svg)>|<(span|small|td|p|b|div)\b[^>]*class="[^"]*\bcode\b[^"]*"[^>]*>.*?</(?:span|small|td|p|b|div)>|<sub>[^<]*</sub>\s*[A-Za-z]*|<!--.*?-->`)
	foreign = regexp.MustCompile(`(?s)<(a|span|p|h1|h2|h3|div|li|td|dd|b|section|article|option)\b[^>]* lang="[a-z]+"[^>]*>.*?</(?:a|span|p|h1|h2|h3|div|li|td|dd|b|section|article|option)>`)
	spoken  = regexp.MustCompile(`\b(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"`)
	anyTag  = regexp.MustCompile(`<[^>]*>`)
	// asGiven are things that are written as they are in every language: addresses, file names, references, keys, identifiers.
	asGiven = regexp.MustCompile(`docs/[\w-]+\.md|https?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|de|eu|gov|info|kz|media|org|uk)\b(?:/[\w./-]+)?|/[\w/.{}-]+|[\w-]+\.(?:csv|xlsx|gz|xml|yaml|pdf|png|jpg|jpeg|atom|ics|md|key)\b|\b[A-Z]{14}-[A-Z]{10}-[A-Z]\b|\b[A-Z]{1,4}(?:-[A-Z0-9]+)+\b|\b[0-9a-f-]{16,}\b|…[0-9a-f]{8}|«date»|«never»|\b(?:[A-Z][a-z]?\d+)+[A-Za-z0-9]*\b`)
	address = regexp.MustCompile(`[\w.+-]+@[\w.-]+|city_hospital_1`) // before what is cited: codes stand in them
	latin   = regexp.MustCompile(`[A-Za-z]{2,}`)
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[strings.ToLower(w)] = true
	}
	return m
}

// TestNoEnglishIsLeft walks every page as everybody in Kazakh and Russian, and sends every form empty, and finds the English that is left. What people typed
// bears the marker and is theirs.
func TestNoEnglishIsLeft(t *testing.T) {
	h := start(t, storetest.DSN(t, storetest.Engines()[0])) // pages are the same on both; a house of its own, since it presses every button
	h.plant(t)
	names := map[string]bool{} // substances, as chemists write them
	for _, s := range h.Shelf.Book().Substances() {
		for _, n := range h.Shelf.Book().Names(s.ID) {
			for _, w := range latin.FindAllString(n.Text, -1) {
				names[strings.ToLower(w)] = true
			}
		}
		for _, w := range latin.FindAllString(s.Name+" "+s.Label.RU+" "+s.Label.KK, -1) {
			names[strings.ToLower(w)] = true
		}
	}
	cited := h.cited(t)
	told := h.told(t)
	values := h.pathValues(t)
	seen := map[string]string{} // word and its text → page
	look := func(p *person, lang, where string, a answer) {
		if a.status >= 500 {
			t.Errorf("%s as %s: %d", where, p.name, a.status)
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || a.status/100 == 3 {
			return
		}
		for _, text := range visible(a.body) {
			if strings.Contains(text, stem) {
				continue
			}
			for _, w := range latin.FindAllString(asGiven.ReplaceAllString(cited.Replace(address.ReplaceAllString(text, " ")), " "), -1) {
				low := strings.ToLower(w)
				if latinAllowed[low] || names[low] || len(w) == 2 && !englishShort[low] {
					continue
				}
				seen[w+" in «"+text+"»"] = where + " in " + lang + " as " + p.name
			}
		}
	}
	pages := 0
	for _, method := range []string{http.MethodGet, http.MethodPost} { // the acts last: they change what there is to see
		for _, p := range h.everyone() {
			for _, path := range told {
				for _, lang := range []string{"kk", "ru"} {
					if method == http.MethodGet && access.May(p.Actor, access.RegistryEdit) {
						look(p, lang, path, p.do(t, method, path, nil, "Cookie", locale.Cookie+"="+lang))
					}
				}
			}
			for _, r := range h.Router.Routes() {
				if r.Method != method || !access.May(p.Actor, r.Act) || strings.HasPrefix(r.Pattern, "/api/") || strings.HasPrefix(r.Pattern, "/sign-out") {
					continue
				}
				for _, x := range some(fill(t, r, values)) {
					for _, lang := range []string{"kk", "ru"} {
						pages++
						headers := []string{"Cookie", locale.Cookie + "=" + lang}
						if method == http.MethodPost { // nothing filled in: the form comes back with what is missing
							headers = append(headers, "Content-Type", "application/x-www-form-urlencoded")
						}
						look(p, lang, method+" "+x.path, p.do(t, method, x.path, strings.NewReader(""), headers...))
					}
				}
			}
		}
	}
	if pages < 1000 {
		t.Errorf("only %d pages were looked at", pages)
	}
	for _, s := range slices.Sorted(maps.Keys(seen)) {
		t.Errorf("%s: %s", seen[s], s)
	}
}

// some are the first, the middle and the last of many.
func some(paths []place) []place {
	if n := len(paths); n > 3 {
		return []place{paths[0], paths[n/2], paths[n-1]}
	}
	return paths
}

// told are the pages of the registry that together show every text that is shipped with it: laws, notes on them, where a street name, a border or a
// population was found.
func (h *house) told(t *testing.T) (paths []string) {
	t.Helper()
	for _, id := range h.list(t, `SELECT MIN(substance_id) FROM legal_status WHERE substance_id IS NOT NULL GROUP BY instrument, source, note
		UNION SELECT MIN(f.substance_id) FROM substance_family f JOIN legal_status l ON l.family = f.family GROUP BY f.family
		UNION SELECT MIN(substance_id) FROM substance_name WHERE type = 'street' AND substance_id IS NOT NULL GROUP BY source`) {
		paths = append(paths, "/substances/"+id, "/substances/"+id+"/status")
	}
	for _, code := range h.list(t, "SELECT MIN(p.region) FROM region_period p GROUP BY event, source UNION SELECT MIN(p.region) FROM population p JOIN region r ON r.code = p.region GROUP BY p.source") {
		paths = append(paths, "/regions/"+code)
	}
	if len(paths) < 30 {
		t.Errorf("only %d pages of the registry", len(paths))
	}
	return paths
}

// cited are the texts that stand on a page as they are in another language: codes, names of regions in all three languages.
func (h *house) cited(t *testing.T) *strings.Replacer {
	t.Helper()
	var all []string
	for _, q := range []string{"SELECT code FROM source", "SELECT code FROM organisation"} {
		all = append(all, h.list(t, q)...)
	}
	for _, n := range h.list(t, "SELECT name FROM region UNION SELECT name FROM region_period") {
		all = append(all, baqylau.ParseText(n).EN, baqylau.ParseText(n).RU, baqylau.ParseText(n).KK)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var pairs []string
	for _, c := range slices.Compact(all) {
		if c = strings.Join(strings.Fields(c), " "); latin.MatchString(c) && len(c) > 2 {
			pairs = append(pairs, c, " ")
		}
	}
	return strings.NewReplacer(pairs...)
}

// visible are the texts that a page shows or says.
func visible(page string) (out []string) {
	if i := strings.Index(page, "<body"); i >= 0 {
		page = page[i:]
	}
	page = foreign.ReplaceAllString(notText.ReplaceAllString(page, "<i>"), "<i>")
	for _, m := range spoken.FindAllStringSubmatch(page, -1) {
		out = append(out, html.UnescapeString(m[1]))
	}
	for _, s := range anyTag.Split(page, -1) {
		if s = strings.Join(strings.Fields(html.UnescapeString(s)), " "); s != "" {
			out = append(out, s)
		}
	}
	return out
}
