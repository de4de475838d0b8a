package app_test

import (
	"html"
	"maps"
	"net/http"
	"net/url"
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
	NpSG BGBl EcstasyData DrugsData UNC DrugBank PsychonautWiki Global Chem TripSit PubChem MassBank dosewiki psymol protonitazepyne
	ADX AIC ARQ DHIS EMCDDA EUDA IHE QRPH ISCED Kobo ODK HBc HBsAg HCV HIV anti ODC PDDL RDS SCORE TDI UNODC XML epi`)

// englishShort are the words of two letters that give English away; others of that length are units and codes.
var englishShort = words("of in to by is no or at on as it be we an do if so up us")

// keysOfMappings are the Latin words in a mapping's text, the same in every language.
var keysOfMappings = words(`as column delimiter digest encoding fields file flag formats key name note occurred required substances true unknown version`)

var (
	// written are codes, keys and what fields hold already; those in another language than the page's say so.
	written = regexp.MustCompile(`(?s)<(code|kbd|textarea)\b([^>]*)>(.*?)</(?:code|kbd|textarea)>|<(?:span|small|td|p|b|div)\b([^>]*class="[^"]*\bcode\b[^"]*"[^>]*)>(.*?)</(?:span|small|td|p|b|div)>`)
	// coded are addresses, acts of the policy, structures of molecules and secrets for a second factor.
	coded   = regexp.MustCompile(`[\w.+-]+@[\w.-]+|\b[a-z_]+\.[a-z_]+\b|\S*[()\[\]=]\S*|(?:\b[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b`)
	other   = regexp.MustCompile(`\blang="|\bname="[a-z_]+_(?:kk|ru|en)"`)
	notText = regexp.MustCompile(`(?s)<(script|style|code|kbd|textarea)\b.*?</(?:script|style|code|kbd|textarea)>|<(span|small|td|p|b|div)\b[^>]*class="[^"]*\bcode\b[^"]*"[^>]*>.*?</(?:span|small|td|p|b|div)>|<sub>[^<]*</sub>\s*[A-Za-z]*|<!--.*?-->`)
	foreign = regexp.MustCompile(`(?s)<(a|span|p|h1|h2|h3|div|li|td|dd|b|section|article|option)\b[^>]* lang="[a-z]+"[^>]*>.*?</(?:a|span|p|h1|h2|h3|div|li|td|dd|b|section|article|option)>`)
	spoken  = regexp.MustCompile(`\b(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"`)
	anyTag  = regexp.MustCompile(`<[^>]*>`)
	// asGiven are things that are written as they are in every language: addresses, file names, names of settings, references, keys, identifiers.
	asGiven = regexp.MustCompile(`\bBAQYLAU_[A-Z_]+\b|docs/[\w-]+\.md|https?://\S*|\b[\w-]+(?:\.[\w-]+)*\.(?:com|de|eu|gov|info|kz|media|org|uk)\b(?:/[\w./-]+)?|/[\w/.{}-]+|(?:[\w-]+/)*[\w-]+\.(?:csv|xlsx|gz|xml|yaml|pdf|png|jpg|jpeg|atom|ics|md|key)\b|\b[A-Z]{14}-[A-Z]{10}-[A-Z]\b|\b[A-Z]{1,4}(?:-[A-Z0-9]+)+\b|\b[0-9a-f-]{12,}\b|…[0-9a-f]{8}|«date»|«never»|\barticle=\d+|\b(?:[A-Z][a-z]?\d+)+[A-Za-z0-9]*\b`)
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

// TestNoEnglishIsLeft walks every page as everybody in Kazakh and Russian, on a new workspace and on one at work, searches for what is not there, sends every form with
// nothing and with nonsense, and finds the English that is left. What people typed bears the marker and is theirs.
func TestNoEnglishIsLeft(t *testing.T) {
	t.Parallel()
	h := start(t, storetest.DSN(t, storetest.Engines()[0])) // pages are the same on both; a house of its own, since it presses every button
	c := &crawl{house: h, names: h.named(t), seen: map[string]string{}, forms: map[string]form{}, searched: map[string]bool{}, called: map[string]bool{}}
	c.cited = h.cited(t)
	for _, q := range []string{"SELECT name FROM account", "SELECT name FROM organisation", "SELECT name FROM region", "SELECT name FROM source"} {
		for _, n := range h.list(t, q) {
			for _, l := range baqylau.Langs {
				c.called[baqylau.ParseText(n).In(l)] = true
			}
			c.called[n] = true
		}
	}
	for _, p := range h.everyone() { // the first day: nothing is there yet
		c.routes(t, p, http.MethodGet, map[string][]string{}, "")
	}
	h.plant(t)
	c.cited = h.cited(t)
	values := h.pathValues(t)
	for _, p := range h.everyone() {
		c.routes(t, p, http.MethodGet, values, "")
		c.ask(t, p, http.MethodGet, "/nowhere", "")
	}
	for _, path := range h.told(t) {
		c.ask(t, h.people["officer"], http.MethodGet, path, "")
	}
	for _, key := range slices.Sorted(maps.Keys(c.forms)) { // the acts last: they change what there is to see
		f := c.forms[key]
		c.ask(t, f.by, http.MethodPost, f.action, f.nonsense.Encode())
	}
	for _, p := range h.everyone() {
		c.routes(t, p, http.MethodPost, values, "")
	}
	if c.pages < 2000 || len(c.forms) < 40 || c.refused < 100 || c.empty < 50 {
		t.Errorf("only %d pages, %d forms, %d refusals and %d empty lists were looked at", c.pages, len(c.forms), c.refused, c.empty)
	}
	if c.sorted < 100 {
		t.Errorf("only %d selects of names were looked at", c.sorted)
	}
	t.Logf("%d selects of names", c.sorted)
	t.Logf("%d pages, %d forms, %d refusals, %d empty lists", c.pages, len(c.forms), c.refused, c.empty)
	for _, s := range slices.Sorted(maps.Keys(c.seen)) {
		t.Errorf("%s: %s", c.seen[s], s)
	}
}

// crawl is a walk through the pages and what it found.
type crawl struct {
	*house
	names
	cited                 *strings.Replacer
	seen                  map[string]string // word and its text → page
	forms                 map[string]form   // by address without identifiers
	searched              map[string]bool   // lists
	called                map[string]bool   // names of people, organisations, regions and sources
	sorted                int               // selects of names
	pages, refused, empty int
}

// form is one that somebody was shown.
type form struct {
	by       *person
	action   string
	nonsense url.Values
}

var (
	formTag   = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	actionOf  = regexp.MustCompile(`\baction="([^"]+)"`)
	fieldName = regexp.MustCompile(`\bname="([^"]+)"`)
	numbers   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
)

// routes asks for every address of the route table that has values for its holes, of those that a person may not read the ones without holes.
func (c *crawl) routes(t *testing.T, p *person, method string, values map[string][]string, body string) {
	t.Helper()
	for _, r := range c.Router.Routes() {
		if r.Method != method || strings.HasPrefix(r.Pattern, "/api/") || strings.HasPrefix(r.Pattern, "/sign-out") {
			continue
		}
		pattern := strings.TrimSuffix(r.Pattern, "{$}")
		if !access.May(p.Actor, r.Act) || len(values) == 0 {
			if !strings.Contains(pattern, "{") {
				c.ask(t, p, method, pattern, body)
			}
			continue
		}
		for _, x := range some(fill(t, r, values)) {
			c.ask(t, p, method, x.path, body)
		}
	}
}

// ask looks at an address in both languages; a list also as a search without a hit, as a fragment and with a day that is none.
func (c *crawl) ask(t *testing.T, p *person, method, path, body string) {
	t.Helper()
	for _, lang := range []string{"kk", "ru"} {
		headers := []string{"Cookie", locale.Cookie + "=" + lang}
		if method == http.MethodPost {
			headers = append(headers, "Content-Type", "application/x-www-form-urlencoded")
		}
		a := p.do(t, method, path, strings.NewReader(body), headers...)
		c.look(t, p, lang, method+" "+path, a)
		if method == http.MethodPost || a.status != http.StatusOK {
			continue
		}
		c.collect(p, path, a.body)
		if list := lang + path; strings.Contains(a.body, `name="q"`) && !strings.Contains(path, "?") && !c.searched[list] { // by the first who may
			c.searched[list] = true
			for _, query := range []string{"?q=ҚҚҚҚ", "?q=ҚҚҚҚ&from=31.31.", "?sort=ҚҚ&page=ҚҚ&view=ҚҚ"} {
				c.empty++
				c.look(t, p, lang, path+query, p.do(t, method, path+query, nil, headers...))
			}
			c.look(t, p, lang, path+" as a fragment", p.do(t, method, path+"?q=ҚҚҚҚ", nil, append(headers, "HX-Request", "true")...))
		}
	}
}

var (
	selectTag = regexp.MustCompile(`(?s)<select\b([^>]*)>(.*?)</select>`)
	optionTag = regexp.MustCompile(`(?s)<option\b[^>]*>(.*?)</option>`)
)

// order holds each choice among names to the alphabet of the language: Ә after А, Қ after К, Ё with Е.
func (c *crawl) order(t *testing.T, where, lang, page string) {
	t.Helper()
	alphabet := locale.Collator(baqylau.Lang(lang))
	for _, m := range selectTag.FindAllStringSubmatch(page, -1) {
		var names []string
		for _, o := range optionTag.FindAllStringSubmatch(m[2], -1) {
			if n := strings.TrimSpace(html.UnescapeString(o[1])); c.called[n] {
				names = append(names, n)
			}
		}
		if len(names) < 2 {
			continue
		}
		c.sorted++
		falls := 0 // own organisations may stand before sources: two lists, each in order
		for i := 1; i < len(names); i++ {
			if alphabet.CompareString(names[i-1], names[i]) > 0 {
				falls++
			}
		}
		if falls > 0 && (falls != 1 || !strings.Contains(m[1], `name="source"`)) {
			c.seen["out of order: "+strings.Join(names, ", ")] = where + " in " + lang
		}
	}
}

// collect keeps the forms of a page to be sent later with nonsense in every field.
func (c *crawl) collect(p *person, path, page string) {
	for _, m := range formTag.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(strings.ToLower(m[1]), `method="post"`) || strings.Contains(m[1], "sign-out") {
			continue
		}
		f := form{by: p, action: path, nonsense: url.Values{}}
		if a := actionOf.FindStringSubmatch(m[1]); a != nil {
			f.action = html.UnescapeString(a[1])
		}
		for _, n := range fieldName.FindAllStringSubmatch(m[2], -1) {
			f.nonsense.Set(html.UnescapeString(n[1]), "?")
		}
		c.forms[numbers.ReplaceAllString(f.action, "{id}")] = f
	}
}

// look finds the English in an answer.
func (c *crawl) look(t *testing.T, p *person, lang, where string, a answer) {
	t.Helper()
	c.pages++
	if a.status == http.StatusForbidden || a.status == http.StatusNotFound {
		c.refused++
	}
	if a.status >= 500 {
		t.Errorf("%s as %s: %d", where, p.name, a.status)
	}
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || a.status/100 == 3 {
		return
	}
	c.order(t, where, lang, a.body)
	c.read(p, lang, where, visible(a.body), nil)
	for _, text := range writtenOn(a.body) {
		var allowed map[string]bool
		if strings.HasPrefix(text, "version: 1 ") {
			allowed = keysOfMappings
		}
		c.read(p, lang, where, []string{coded.ReplaceAllString(text, " ")}, allowed)
	}
}

// read finds the English in texts of a page; allowed are words that may stand there besides.
func (c *crawl) read(p *person, lang, where string, texts []string, allowed map[string]bool) {
	for _, text := range texts {
		if strings.Contains(text, stem) {
			continue
		}
		if strings.Contains(text, "⟦") {
			c.seen["a message that there is not in «"+text+"»"] = where + " in " + lang + " as " + p.name
		}
		for _, w := range latin.FindAllString(asGiven.ReplaceAllString(c.cited.Replace(address.ReplaceAllString(text, " ")), " "), -1) {
			low := strings.ToLower(w)
			if latinAllowed[low] || allowed[low] || c.has(low, text) || len(w) == 2 && !englishShort[low] {
				continue
			}
			c.seen[w+" in «"+text+"»"] = where + " in " + lang + " as " + p.name
		}
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

// writtenOn are the codes and keys that a page shows, and what its larger fields hold already.
func writtenOn(page string) (out []string) {
	for _, m := range written.FindAllStringSubmatch(page, -1) {
		if !other.MatchString(m[2] + m[4]) {
			out = append(out, strings.Join(strings.Fields(html.UnescapeString(anyTag.ReplaceAllString(m[3]+m[5], " "))), " "))
		}
	}
	return out
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
