package intake

import (
	"cmp"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// sampleRows is how many rows of the file stand beside the choice of a column.
const sampleRows = 30

// draftView is the page on which a mapping is made for a file.
type draftView struct {
	action  string
	file    string // name of the file
	sample  *mapping.Sample
	v       url.Values
	columns []draftColumn
	rooms   []ui.Option // what rows may become; nil when they can be reports only
	kinds   []ui.Option
	units   []ui.Option
	levels  []ui.Option
	sources []ui.Option
	yaml    string
	mode    string // "columns" or "yaml": which of the two forms was sent last
	lines   []ui.FieldError
	preview previewView
}

type draftColumn struct {
	at, title, cells string
	targets          []ui.Option
	to, formats      string
	codes, help      string
	words            []codeWord
	ours             []ui.Option // what the words may stand for
	coded, dated     bool
}

type previewView struct {
	ready  bool
	rows   ui.Table
	faults []faultGroup
	warned []faultGroup
	lines  []ui.FieldError
}

func (s *Service) draftPage(c *web.Ctx, u *upload, sm *mapping.Sample, v url.Values, mode string, failed error) error {
	view, err := s.draftView(c, u, sm, v, mode)
	if err != nil {
		return err
	}
	view.lines = ui.FieldErrors(c.Context(), failed)
	page := web.Page{Title: c.T("mapping.new"), Room: "/imports", Body: draftPage(view)}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

func (s *Service) draftView(c *web.Ctx, u *upload, sm *mapping.Sample, v url.Values, mode string) (draftView, error) {
	sources, err := s.sourceOptions(c)
	if err != nil {
		return draftView{}, err
	}
	d := draftView{action: c.R.URL.RequestURI(), file: u.name, sample: sm, v: v, mode: mode, sources: sources}
	d.rooms = s.targetOptions(c)
	if !slices.ContainsFunc(d.rooms, func(o ui.Option) bool { return o.Value == v.Get("target") }) {
		v.Del("target")
	}
	if t, ok := mapping.TargetNamed(v.Get("target")); ok && v.Get("shown") != t.Name {
		suggestFields(v, t, sm.Header)
	} else if !ok && v.Get("shown") != "" { // back to reports
		for k, was := range toForm(mapping.Suggest(sm.Header, sm.Rows), sm.Header) {
			if strings.HasPrefix(k, "to-") {
				v[k] = was
			}
		}
	}
	v.Set("shown", v.Get("target"))
	targets := columnChoices(c.Context(), v.Get("target"))
	country := s.Home
	if src, ok := s.Shelf.Book().Source(v.Get("source")); ok {
		country = src.Country
	}
	for i, title := range sm.Header {
		at := strconv.Itoa(i)
		to := v.Get("to-" + at)
		var ours []ui.Option
		if v.Get("target") == "" {
			ours = s.codesOf(c, to, country)
		}
		dated, coded := columnAsks(v.Get("target"), to)
		var words []codeWord
		if ours != nil {
			words = s.words(v, at, to, country, column(sm.Rows, i))
			v.Del("word-" + at)
			v.Del("code-" + at)
			for _, w := range words {
				v.Add("word-"+at, w.word)
				v.Add("code-"+at, w.code)
			}
		}
		if dated && v.Get("formats-"+at) == "" {
			v.Set("formats-"+at, strings.Join(mapping.GuessDates(column(sm.Rows, i)), ", "))
		}
		d.columns = append(d.columns, draftColumn{at: at, title: cmp.Or(strings.TrimSpace(title), "#"+strconv.Itoa(i+1)), cells: firstCells(sm.Rows, i), targets: targets, to: to,
			formats: v.Get("formats-" + at), codes: v.Get("codes-" + at), help: codeHelp(c.Lang(), v.Get("target"), to), words: words, ours: ours, coded: coded, dated: dated})
	}
	d.kinds = []ui.Option{{Value: "", Label: c.T("report.choose")}}
	for _, k := range mapping.Kinds {
		d.kinds = append(d.kinds, ui.Option{Value: k, Label: locale.Code(c.Context(), "kind", k)})
	}
	d.units = append([]ui.Option{{Value: "", Label: c.T("report.not_stated")}}, listOptions(c, "unit")...)
	d.levels = append([]ui.Option{{Value: "", Label: c.T("report.not_stated")}}, listOptions(c, "identification-level")...)
	named := url.Values{}
	for k, vs := range v {
		named[k] = vs
	}
	if named.Get("name") == "" { // the preview needs none
		named.Set("name", u.name)
	}
	yaml, err := s.draftYAML(c, named, mode, sm.Header)
	d.yaml = string(yaml)
	d.preview = s.previewDraft(c, u, yaml, err)
	return d, nil
}

// firstCells is what a reader recognises a column by: its first different values.
func firstCells(rows [][]string, i int) string {
	var seen []string
	for _, r := range rows {
		if i < len(r) && strings.TrimSpace(r[i]) != "" && !slices.Contains(seen, r[i]) && len(seen) < 3 {
			seen = append(seen, r[i])
		}
	}
	for i := range seen {
		seen[i] = shorten(seen[i], 40)
	}
	return strings.Join(seen, " · ")
}

// previewDraft reads the beginning of the file by the mapping as it is now.
func (s *Service) previewDraft(c *web.Ctx, u *upload, yaml []byte, broken error) (p previewView) {
	fail := func(err error) previewView {
		p.lines = ui.FieldErrors(c.Context(), err)
		return p
	}
	if broken != nil {
		return fail(broken)
	}
	m, err := mapping.Parse(yaml)
	if err != nil {
		return fail(err)
	}
	f, err := os.Open(u.path)
	if err != nil {
		return fail(baqylau.E(baqylau.Unavailable, "error.disk").Because(err))
	}
	defer f.Close()
	today := change.Today(c.Now())
	src, ok := s.Shelf.Book().Source(m.Source)
	if !ok {
		src = &registry.Source{Country: s.Home, Domain: c.Actor.Domain}
	}
	var to *targeted
	if m.Target != "" {
		if to, err = s.target(m.Target); err != nil {
			return fail(err)
		}
		to.origin = mapping.Origin{SourceID: src.ID, Country: src.Country, Outside: src.Outside, OrgID: c.Actor.OrgID, AccountID: c.Actor.ID, Domain: src.Domain, Today: today}
	}
	rd, err := m.Open(f, u.name, mapping.Today(today), s.pseudonym(src.Country, src.Domain))
	if err != nil {
		return fail(err)
	}
	defer rd.Close()
	conv := &converter{target: to, book: s.Shelf.Book(), source: src, actor: c.Actor, today: today, seen: map[string]reading{}, regions: map[[3]string]*registry.Region{}}
	first, err := s.previewOf(c.Context(), rd, conv, previewRows)
	if err != nil {
		return fail(err)
	}
	p.ready, p.rows, p.faults, p.warned = true, first.table, groupFaults(c.Context(), first.bad, false), groupFaults(c.Context(), first.bad, true)
	return p
}

// column is the filled cells of one column of a sample.
func column(rows [][]string, i int) (cells []string) {
	for _, r := range rows {
		if i < len(r) && strings.TrimSpace(r[i]) != "" {
			cells = append(cells, strings.TrimSpace(r[i]))
		}
	}
	return cells
}

// codeHelp names the words a field's code table may lead to, for the help under it.
func codeHelp(l baqylau.Lang, room, target string) string {
	if t, ok := mapping.TargetNamed(room); ok {
		f, _ := t.Field(target)
		return strings.Join(f.List, ", ")
	}
	list := cmp.Or(codedLists[target], map[string]string{"unit": "unit", "sex": "sex"}[target])
	var out []string
	for _, v := range codelist.Values(list) {
		out = append(out, v.Code+" ("+v.Name.In(l)+")")
	}
	if target == "outcome" {
		out = mapping.Outcomes
	}
	return strings.Join(out, ", ")
}
