package estimate

import (
	"context"
	"io"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// mostBytes bounds a file of rows.
const mostBytes = 1 << 20

type formView struct {
	head      ui.Head
	set       fields.Set
	method    *compute.Method
	from      string // the estimate that this one takes the place of
	histories []string
	ways      []ui.NavItem // how the histories can be entered
	targets   []ui.Option
	places    []ui.Option
}

type methodChoice struct{ Href, Name, Needs, Fails string }

// newPage offers the methods and, once one is chosen, its form: empty, or filled from an estimate (from) or an example.
func (s *Service) newPage(c *web.Ctx) error {
	stored := map[string][]string{"place": {s.Home}, "target": {""}}
	method := c.Query("method")
	switch {
	case c.Query("from") != "":
		e, err := load(c.Context(), s.W.DB.Read, c.Query("from"))
		if err != nil {
			return err
		}
		method, stored = e.Method, e.stored()
	case c.Query("example") != "":
		for _, x := range examples() {
			if x.Code == c.Query("example") {
				e, err := x.estimate(c.T("estimate.example." + x.Code))
				if err != nil {
					return err
				}
				method, stored = x.Method, e.stored()
			}
		}
	}
	m, ok := compute.Of(method)
	if !ok {
		head := ui.Head{Title: c.T("estimate.new"), Sub: []string{c.T("estimate.choose_method")}}
		var choices []methodChoice
		for _, m := range compute.Methods() {
			choices = append(choices, methodChoice{room + "/new?method=" + m.Code, methodName(c.Context(), m.Code), c.T("estimate.needs." + m.Code), c.T("estimate.fails." + m.Code)})
		}
		return c.Render(web.Page{Title: head.Title, Room: room, Body: methodsPage(head, choices, exampleItems(c))})
	}
	for _, f := range m.Fields {
		if stored[f.Name] == nil && f.Default != "" {
			stored[f.Name] = []string{f.Default}
		}
	}
	return s.showForm(c, m, c.Query("from"), nil, nil, stored)
}

// stored is an estimate as the form shows it.
func (e *Estimate) stored() map[string][]string {
	out := map[string][]string{"title": {e.Title}, "target": {e.Target}, "place": {e.Place}, "area": {e.Area}, "from": {strconv.Itoa(e.Start.Time().Year())}, "to": {strconv.Itoa(e.End.Time().Year())}, "citation": {e.Citation}, "note": {e.Note}}
	if e.Age != define.AllAges {
		out["age"] = []string{e.Age}
	}
	if e.Base != nil {
		out["base"] = []string{strconv.FormatFloat(*e.Base, 'f', -1, 64)}
	}
	for name, yes := range map[string]bool{"published": e.Published, "synthetic": e.Synthetic} {
		if yes {
			out[name] = []string{"1"}
		}
	}
	for name, v := range e.Inputs {
		out[name] = []string{v}
	}
	return out
}

func (s *Service) showForm(c *web.Ctx, m *compute.Method, from string, sent *web.Form, failed error, stored map[string][]string) error {
	v := formView{head: ui.Head{Title: methodName(c.Context(), m.Code), Sub: []string{c.T("estimate.needs." + m.Code)}}, set: fields.New(c, sent, failed, stored), method: m, from: from, targets: targetOptions(c), places: s.placeOptions(c)}
	v.targets = append([]ui.Option{{Label: c.T("estimate.choose")}}, v.targets...)
	if m.Code == "log_linear" {
		n := historiesOf(sent)
		if sent == nil {
			n, _ = strconv.Atoi(c.Query("lists"))
		}
		v.histories = histories(n)
		v.ways = append(v.ways, ui.NavItem{Label: c.T("estimate.way.paste"), Href: room + "/new?method=log_linear", Current: v.histories == nil})
		for k := 2; k <= 5; k++ {
			v.ways = append(v.ways, ui.NavItem{Label: c.T("estimate.way.lists", "Lists", k), Href: room + "/new?method=log_linear&lists=" + strconv.Itoa(k), Current: len(v.histories) == 1<<k-1})
		}
	}
	return c.Render(web.Page{Title: v.head.Title, Room: room, Kind: ui.Narrow, Body: estimateForm(v), Status: v.set.Status()})
}

// histories are those of so many lists, on most lists first: 11, 10, 01.
func histories(lists int) (out []string) {
	if lists < 2 || lists > 5 {
		return nil
	}
	for i := 1; i < 1<<lists; i++ {
		h := strconv.FormatInt(int64(i), 2)
		out = append(out, strings.Repeat("0", lists-len(h))+h)
	}
	slices.SortStableFunc(out, func(a, b string) int {
		if d := strings.Count(b, "1") - strings.Count(a, "1"); d != 0 {
			return d
		}
		return strings.Compare(b, a)
	})
	return out
}

// historiesOf is of how many lists the fields of histories are that were sent; 0 without them.
func historiesOf(f *web.Form) int {
	if f == nil {
		return 0
	}
	n := 0
	for name := range f.Values {
		if strings.HasPrefix(name, "h_") {
			n++
		}
	}
	if n == 0 || n&(n+1) != 0 {
		return 0
	}
	return bits.Len(uint(n))
}

// doRun reads the form, computes and keeps the estimate; mistakes come back at the form.
func (s *Service) doRun(c *web.Ctx) error {
	f, err := c.ReadForm(mostBytes)
	if err != nil {
		return err
	}
	m, ok := compute.Of(f.Get("method"))
	if !ok {
		return baqylau.E(baqylau.Invalid, "error.choose").On("method")
	}
	e := &Estimate{Method: m.Code, SupersedesID: f.Get("supersedes"), Title: f.Text("title", true, 200), Target: f.Get("target"), Place: f.Get("place"), Area: f.Text("area", false, 200), Age: f.Text("age", false, 20),
		Citation: f.Text("citation", true, 2000), Note: f.Text("note", false, 4000), Published: f.Bool("published"), Synthetic: f.Bool("synthetic"), Inputs: compute.Inputs{}}
	e.Start = year(f.Int("from", true, 1900, 2200), false)
	e.End = e.Start
	if f.Get("to") == "" {
		e.End = year(e.Start.Time().Year(), true)
	} else {
		e.End = year(f.Int("to", false, 1900, 2200), true)
	}
	if e.Age == "" {
		e.Age = define.AllAges
	}
	if base := f.Decimal("base", false); base != "" {
		v, err := strconv.ParseFloat(base, 64)
		if err == nil {
			e.Base = &v
		}
	}
	for _, field := range m.Fields {
		e.Inputs[field.Name] = f.Get(field.Name)
		if field.Kind == compute.Rows {
			if e.Inputs[field.Name], err = rowsOf(c, f, field.Name); err != nil {
				return err
			}
		}
	}
	run := f.Err()
	if run == nil {
		run = s.Run(c.Context(), c.Actor, e)
	} else if err := s.compute(e); baqylau.CodeOf(err) == baqylau.Invalid {
		run = joined(run, err)
	}
	switch baqylau.CodeOf(run) {
	case "":
		return c.Done(room+"/"+e.ID, "estimate.done.run", "")
	case baqylau.Invalid:
		return s.showForm(c, m, e.SupersedesID, f, run, nil)
	}
	return run
}

// rowsOf is a field of rows: its file if one was sent, else what was pasted, else the single fields of histories. A file's text goes into the field, so that a form that comes back with
// mistakes has it still.
func rowsOf(c *web.Ctx, f *web.Form, name string) (string, error) {
	if c.R.MultipartForm != nil {
		for _, h := range c.R.MultipartForm.File[name+"_file"] {
			file, err := h.Open()
			if err != nil {
				return "", err
			}
			b, err := io.ReadAll(io.LimitReader(file, mostBytes+1))
			_ = file.Close()
			if err != nil {
				return "", err
			}
			if !utf8.Valid(b) || slices.Contains(b, 0) || len(b) > mostBytes {
				f.Bad(name, "estimate.error.file")
				return "", nil
			}
			if len(b) > 0 {
				f.Values[name] = []string{string(b)}
			}
		}
	}
	if n := historiesOf(f); n > 0 && name == "histories" {
		var lines []string
		for _, h := range histories(n) {
			if v := f.Get("h_" + h); v != "" {
				lines = append(lines, h+" "+v)
			}
		}
		f.Values[name] = []string{strings.Join(lines, "\n")}
	}
	return f.Get(name), nil
}

// joined puts the mistakes of the form and of the inputs together, one for each field.
func joined(a, b error) error {
	var out baqylau.Errors
	seen := map[string]bool{}
	for _, err := range []error{a, b} {
		for _, e := range mistakes(err) {
			if !seen[e.Field] {
				out = append(out, e)
			}
			seen[e.Field] = true
		}
	}
	return out.OrNil()
}

// field is one field of the method as the form shows it.
func (v formView) field(f compute.Field) ui.Field {
	help := "estimate.field." + f.Name + ".help"
	if !locale.Has(help) {
		help = ""
	}
	out := v.set.Of(f.Name, "estimate.field."+f.Name, help)
	out.Optional = f.Optional
	if f.Kind == compute.Percent {
		out.Unit = "%"
	}
	return out
}

// rows is a field of many lines.
func (v formView) rows(f compute.Field) ui.Field {
	out := v.field(f)
	out.Rows = 8
	return out
}

// history is the field of one history: on which lists, and how many persons.
func (v formView) history(h string) ui.Field {
	f := v.set.Optional("h_"+h, "estimate.history", "")
	f.Label += " " + h
	return f
}

func (v formView) choices(ctx context.Context, f compute.Field) (out []ui.Option) {
	if f.Default == "" {
		out = []ui.Option{{Label: locale.T(ctx, "estimate.choose")}}
	}
	for _, value := range f.Choices {
		out = append(out, ui.Option{Value: value, Label: choiceName(ctx, f.Name, value)})
	}
	return out
}
