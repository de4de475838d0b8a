package template

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// Bounds of a template, so that no file makes the process work without end.
const (
	maxYears = 30
	maxCells = 50_000
)

// reader turns a file into a template and refuses what the catalogue does not know.
type reader struct {
	name  string
	cells int
}

func (r *reader) bad(where, value string) error {
	return baqylau.E(baqylau.Invalid, "outgoing.template.bad", "File", path.Join(folder, r.name), "Where", where, "Value", value)
}

func (r *reader) template(f *file) (*Template, error) {
	t := &Template{Code: f.Code, Version: f.Version, From: f.From, To: f.To, Body: f.Body.text(), Title: f.Title.text(), Source: f.Source, Verified: f.Verified}
	switch {
	case t.Version == "":
		return nil, r.bad("version", "")
	case t.To != 0 && t.To < t.From:
		return nil, r.bad("to", strconv.Itoa(t.To))
	case !t.Title.Complete():
		return nil, r.bad("title", t.Title.EN)
	case !t.Body.Complete():
		return nil, r.bad("body", t.Body.EN)
	case len(f.Sheets) == 0:
		return nil, r.bad("sheets", "")
	}
	sheets, tables := map[string]bool{}, map[string]bool{}
	for _, p := range f.Sheets {
		name := strings.ToLower(p.Name)
		if name == "" || utf8.RuneCountInString(name) > 31 || strings.ContainsAny(name, `[]:*?/\'`) || sheets[name] {
			return nil, r.bad("sheet", p.Name)
		}
		sheets[name] = true
		s, err := r.sheet(&p)
		if err != nil {
			return nil, err
		}
		for _, x := range s.Tables {
			if x.ID == "" || tables[x.ID] {
				return nil, r.bad(p.Name, x.ID)
			}
			tables[x.ID] = true
		}
		t.Sheets = append(t.Sheets, s)
	}
	return t, nil
}

func (r *reader) sheet(p *rawPage) (s Sheet, err error) {
	s = Sheet{Name: p.Name, Title: p.Title.text()}
	if !s.Title.Complete() {
		return s, r.bad(p.Name+": title", s.Title.EN)
	}
	for _, x := range p.Tables {
		t, err := r.table(&x)
		if err != nil {
			return s, err
		}
		s.Tables = append(s.Tables, t)
	}
	for _, section := range p.Treatment {
		found := false
		for _, spec := range tdi.Specs {
			if spec.Section == section {
				s.Tables, found = append(s.Tables, treatment(spec)), true
			}
		}
		if !found {
			return s, r.bad(p.Name+": treatment", strconv.Itoa(section))
		}
	}
	if len(s.Tables) == 0 {
		return s, r.bad(p.Name+": tables", "")
	}
	top := 3 // a line for the sheet's title, one for what must be known of it
	for i := range s.Tables {
		s.Tables[i].Top = top
		top += s.Tables[i].Height() + gapRows
	}
	return s, nil
}

// treatment is a table of the treatment demand indicator. Its title is the indicator's own.
func treatment(spec *tdi.Spec) Table {
	t := Table{ID: spec.ID(), Treatment: spec, Verified: true}
	line := func(l tdi.Line) Line {
		return Line{Code: l.Code, Title: baqylau.Text{KK: l.In(baqylau.Kazakh), RU: l.In(baqylau.Russian), EN: l.In(baqylau.English)}}
	}
	for _, l := range spec.Cols.Lines {
		t.Columns = append(t.Columns, line(l))
	}
	for _, l := range spec.Rows.Lines {
		t.Rows = append(t.Rows, line(l))
		var cells []Question
		for _, c := range t.Columns {
			cells = append(cells, Question{Fact: Treatment, Table: t.ID, Row: l.Code, Column: c.Code, Measure: Measures[0]})
		}
		t.Cells = append(t.Cells, cells)
	}
	return t
}

func (r *reader) table(x *rawTable) (t Table, err error) {
	t = Table{ID: x.ID, Title: x.Title.text(), Note: x.Note.text(), Verified: x.Verified, Text: x.Text}
	switch {
	case !t.Title.Complete():
		return t, r.bad(x.ID+": title", t.Title.EN)
	case t.Note != baqylau.Text{} && !t.Note.Complete():
		return t, r.bad(x.ID+": note", t.Note.EN)
	case x.Text && len(x.Rows)+len(x.Columns)+len(x.Ask) > 0:
		return t, r.bad(x.ID+": text", "")
	case x.Text:
		return t, nil
	}
	rows, asksOfRows, err := r.lines(x.ID+": rows", x.Rows)
	if err != nil {
		return t, err
	}
	columns, asksOfColumns, err := r.lines(x.ID+": columns", x.Columns)
	if err != nil {
		return t, err
	}
	if r.cells += len(rows) * len(columns); r.cells > maxCells {
		return t, r.bad(x.ID, strconv.Itoa(r.cells))
	}
	t.Rows, t.Columns = rows, columns
	seen := map[Question]bool{}
	for i, row := range rows {
		var cells []Question
		for j, col := range columns {
			where := x.ID + ": " + row.Code + " × " + col.Code
			q, err := r.question(where, x.Ask, asksOfRows[i], asksOfColumns[j])
			if err != nil {
				return t, err
			}
			if seen[q] {
				return t, r.bad(where, "=")
			}
			seen[q] = true
			cells = append(cells, q)
		}
		t.Cells = append(t.Cells, cells)
	}
	return t, nil
}

// lines writes the lines of an axis out, with what each asks.
func (r *reader) lines(where string, axes []axis) (out []Line, asks []ask, err error) {
	if len(axes) == 0 {
		return nil, nil, r.bad(where, "")
	}
	seen := map[string]bool{}
	add := func(l Line, a ask) error {
		if l.Code == "" || seen[l.Code] {
			return r.bad(where, l.Code)
		}
		seen[l.Code] = true
		out, asks = append(out, l), append(asks, a)
		return nil
	}
	for _, a := range axes {
		lines, each, err := r.expand(where, a)
		if err != nil {
			return nil, nil, err
		}
		for i, l := range lines {
			with := maps.Clone(a.Ask)
			if with == nil {
				with = ask{}
			}
			maps.Copy(with, each[i])
			if err := add(l, with); err != nil {
				return nil, nil, err
			}
		}
	}
	return out, asks, nil
}

// expand is the lines of one entry of an axis.
func (r *reader) expand(where string, a axis) (lines []Line, asks []ask, err error) {
	forms := 0
	for _, given := range []bool{a.Code != "", len(a.Drugs) > 0, len(a.Sexes) > 0, len(a.Ages) > 0, a.Years != 0} {
		if given {
			forms++
		}
	}
	if forms != 1 || a.Years < 0 || a.Years > maxYears {
		return nil, nil, r.bad(where, a.Code)
	}
	switch {
	case a.Code != "":
		if !a.Title.text().Complete() {
			return nil, nil, r.bad(where+" "+a.Code+": title", a.Title.EN)
		}
		return []Line{{Code: a.Code, Title: a.Title.text()}}, []ask{{}}, nil
	case a.Years > 0:
		for back := a.Years - 1; back >= 0; back-- {
			lines, asks = append(lines, Line{Code: "-" + strconv.Itoa(back), Year: &back}), append(asks, ask{"back": strconv.Itoa(back)})
		}
		return lines, asks, nil
	}
	for key, codes := range map[string][]string{"drug": a.Drugs, "sex": a.Sexes, "age": a.Ages} {
		for _, c := range codes {
			lines, asks = append(lines, Line{Code: c, Title: named(key, c)}), append(asks, ask{key: c})
		}
	}
	return lines, asks, nil
}

// named is what the code of a dimension is called.
func named(dimension, code string) (t baqylau.Text) {
	name := func(l baqylau.Lang) string {
		c := define.Current()
		switch {
		case dimension == "drug":
			return c.Label(l, "drug", code)
		case code == "total" || code == define.AllAges:
			return tdi.Label(l, "tdi_line", "total")
		case dimension == "sex":
			return tdi.Label(l, tdi.Sexes.Name, code)
		}
		return strings.ReplaceAll(code, "-", "–")
	}
	return baqylau.Text{KK: name(baqylau.Kazakh), RU: name(baqylau.Russian), EN: name(baqylau.English)}
}

// keys are what an ask may say.
var keys = []string{"age", "back", "breakdown", "column", "drug", "indicator", "latest", "measure", "row", "selection", "sex", "table", "unit"}

// question joins what table, row and column ask. None may say something else than another.
func (r *reader) question(where string, parts ...ask) (q Question, err error) {
	all := ask{}
	for _, part := range parts {
		for k, v := range part {
			if before, twice := all[k]; twice && before != v || !slices.Contains(keys, k) {
				return q, r.bad(where, k+"="+v)
			}
			all[k] = v
		}
	}
	q = Question{Indicator: all["indicator"], Unit: all["unit"], Drug: all["drug"], Sex: all["sex"], Age: all["age"], Breakdown: all["breakdown"], Measure: all["measure"], Table: all["table"],
		Row: all["row"], Column: all["column"], Selection: all["selection"]}
	if q.Measure == "" {
		q.Measure = Measures[0]
	}
	if !slices.Contains(Measures, q.Measure) {
		return q, r.bad(where, q.Measure)
	}
	switch all["latest"] {
	case "", "no":
	case "yes":
		q.Latest = true
	default:
		return q, r.bad(where, all["latest"])
	}
	if b := all["back"]; b != "" {
		if q.Back, err = strconv.Atoi(b); err != nil || q.Back < 0 || q.Back >= maxYears {
			return q, r.bad(where, b)
		}
	}
	return r.known(where, q)
}
