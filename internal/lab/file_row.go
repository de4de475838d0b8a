package lab

import (
	"cmp"
	"context"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
)

// rowReader turns rows into results, gathering every fault with its row.
type rowReader struct {
	ctx     context.Context // language of the faults
	s       *Service
	heads   map[string]string // column → header as the file has it
	open    map[string]string // sample number → analysis
	today   baqylau.Date
	actor   string
	seen    map[string]bool
	errs    baqylau.Errors
	order   []string // analyses in the order of the file
	results map[string][]Result
	days    map[string]baqylau.Date
}

func (rd *rowReader) bad(l line, column, key string) {
	rd.errs = append(rd.errs, baqylau.E(baqylau.Invalid, "lab.file.row", "Row", l.row, "Column", cmp.Or(rd.heads[column], column), "Value", l.cells[column],
		"Fault", locale.T(rd.ctx, key)))
}

// columnOf is the column in which a fault of a result is mended.
var columnOf = map[string]string{"techniques": "technique"}

func (rd *rowReader) read(l line) {
	before := len(rd.errs)
	id := rd.open[numberKey(l.cells["sample"])]
	if id == "" {
		rd.bad(l, "sample", "lab.file.sample")
	}
	r := Result{Level: baqylau.Level(rd.code(l, "level", "identification-level", l.cells["level"])), Role: "main", Standard: "none", By: rd.actor,
		Purity: strings.ReplaceAll(strings.TrimSpace(strings.TrimSuffix(l.cells["purity"], "%")), ",", ".")}
	if v := l.cells["role"]; v != "" {
		r.Role = rd.code(l, "role", "finding-role", v)
	}
	if v := l.cells["standard"]; v != "" {
		r.Standard = rd.code(l, "standard", "reference-standard", v)
	}
	for _, t := range strings.FieldsFunc(l.cells["technique"], func(c rune) bool { return c == ';' || c == ',' || c == '+' }) {
		if code := rd.code(l, "technique", "technique", strings.TrimSpace(t)); code != "" {
			r.Techniques = append(r.Techniques, code)
		}
	}
	rd.substance(l, &r)
	day := l.analysed
	if day.IsZero() {
		day = rd.today
	}
	if len(rd.errs) == before {
		for _, e := range r.Check(rd.s.Shelf.Book()) {
			rd.bad(l, cmp.Or(columnOf[e.Field], e.Field), e.Key)
		}
	}
	key := id + "\x00" + r.SubstanceID + "\x00" + r.Unidentified
	if len(rd.errs) == before && rd.seen[key] {
		rd.bad(l, "substance", "lab.file.twice")
	}
	if len(rd.errs) > before {
		return
	}
	rd.seen[key] = true
	if rd.results == nil {
		rd.results, rd.days = map[string][]Result{}, map[string]baqylau.Date{}
	}
	if _, ok := rd.results[id]; !ok {
		rd.order = append(rd.order, id)
	}
	rd.results[id] = append(rd.results[id], r)
	if day.After(rd.days[id]) {
		rd.days[id] = day
	}
}

// substance takes the name as a substance of the registry; where nothing was identified it is the laboratory's own label.
func (rd *rowReader) substance(l line, r *Result) {
	name := l.cells["substance"]
	if r.Level == baqylau.NotIdentified {
		r.Unidentified = name
		return
	}
	sub, ok := rd.s.Shelf.Book().ByName(name)
	if !ok {
		rd.bad(l, "substance", "lab.file.substance")
		return
	}
	r.SubstanceID = sub.ID
}

// code finds a value of a code list by its code or its name in any language.
func (rd *rowReader) code(l line, column, list, value string) string {
	want := codeKey(value)
	for _, c := range codelist.Values(list) {
		for _, name := range []string{c.Code, c.Name.KK, c.Name.RU, c.Name.EN} {
			if want != "" && codeKey(name) == want {
				return c.Code
			}
		}
	}
	rd.bad(l, column, "lab.file.code")
	return ""
}

var plain = strings.NewReplacer("_", "", "-", "", "/", "", " ", "")

func codeKey(s string) string { return plain.Replace(locale.Fold(s)) }
