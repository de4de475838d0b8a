package intake

import (
	"context"
	"errors"
	"io"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// previewed is the beginning of a file as it will be written, and the faults on the way.
type previewed struct {
	table ui.Table
	bad   []RowProblem
}

// previewOf reads the first records of an open file by a converter.
func (s *Service) previewOf(ctx context.Context, rd *mapping.Reader, conv *converter, n int) (p previewed, err error) {
	if conv.target == nil {
		in, bad, err := firstReports(rd, conv, n)
		return previewed{s.previewTable(ctx, in), bad}, err
	}
	rows, bad, err := firstRows(ctx, rd, conv, n)
	return previewed{s.rowTable(ctx, conv.target.about, rows), bad}, err
}

// firstRows reads up to n rows for a target, and gathers the faulty records on the way.
func firstRows(ctx context.Context, rd *mapping.Reader, conv *converter, n int) (rows []mapping.Row, bad []RowProblem, err error) {
	for len(rows) < n && len(bad) < n {
		rec, err := conv.next(rd)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return rows, bad, err
		}
		one := []mapping.Record{rec}
		if err := conv.target.checked(ctx, one); err != nil {
			return rows, bad, err
		}
		if rec = one[0]; len(rec.Problems) > 0 {
			bad = append(bad, RowProblem{Row: rec.Row, Faults: rec.Problems, Warning: !rec.Faulty()})
		}
		if !rec.Faulty() {
			rows = append(rows, rec.Rows[:min(len(rec.Rows), n-len(rows))]...)
		}
	}
	return rows, bad, nil
}

// rowTable shows rows for a target: the fields that have values, in the order of its description.
func (s *Service) rowTable(ctx context.Context, t mapping.Target, rows []mapping.Row) ui.Table {
	out := ui.Table{Caption: locale.T(ctx, "import.preview"), Empty: ui.Empty{Title: locale.T(ctx, "import.preview.none"), Text: locale.T(ctx, "import.preview.none.text")}}
	fields := t.Filled(rows)
	for i, f := range fields {
		number := f.Kind == mapping.KindNumber || f.Kind == mapping.KindCount
		out.Columns = append(out.Columns, ui.Column{Label: fieldName(ctx, t.Name, f.Name), Main: i == 0, Number: number, NoWrap: f.Kind == mapping.KindPeriod || f.Kind == mapping.KindDate})
	}
	for i := range rows {
		var cells []templ.Component
		for _, f := range fields {
			cells = append(cells, ui.Text(s.fieldValue(ctx, t.Name, f, rows[i].Values[f.Name])))
		}
		out.Rows = append(out.Rows, ui.Row{Label: rows[i].Key, Cells: cells})
	}
	return out
}

// fieldName is what people call a field of a target.
func fieldName(ctx context.Context, target, field string) string {
	if key := "target." + target + "." + field; locale.Has(key) {
		return locale.T(ctx, key)
	}
	for i := range field { // breakdown.article: the family's name and the one of the mapping
		if field[i] == '.' {
			if key := "target." + target + "." + field[:i]; locale.Has(key) {
				return locale.T(ctx, key) + ": " + field[i+1:]
			}
		}
	}
	return field
}

// fieldValue is a value as people read it. A pseudonym is never shown.
func (s *Service) fieldValue(ctx context.Context, target string, f mapping.TargetField, v string) string {
	switch {
	case v == "":
		return ""
	case f.Kind == mapping.KindPerson:
		return "***"
	case f.Kind == mapping.KindNumber || f.Kind == mapping.KindCount:
		return localDecimal(ctx, v)
	case f.Kind == mapping.KindPlace:
		return s.placeName(ctx, v, regionOf(s, v))
	case f.Kind == mapping.KindSubstance:
		if _, ok := s.Shelf.Book().Substance(v); ok {
			return s.nameOf(locale.Lang(ctx), v)
		}
	case f.Kind == mapping.KindYes:
		return locale.T(ctx, "answer."+v)
	case f.List != nil && locale.Has("target."+target+"."+f.Name+"."+v):
		return locale.T(ctx, "target."+target+"."+f.Name+"."+v)
	}
	return shorten(v, 60)
}

// regionOf is the code when it is one of a region, "" for a country.
func regionOf(s *Service, code string) string {
	if _, ok := s.Shelf.Book().Region(code); ok {
		return code
	}
	return ""
}
