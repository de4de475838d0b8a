package indicator

import (
	"context"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/export"
)

func itoa(n int) string { return strconv.Itoa(n) }

// drawnCode reports whether a value of the split is among the lines drawn.
func (v exploreView) drawnCode(code string) bool {
	return slices.ContainsFunc(v.drawn(), func(l Line) bool { return l.Code == code })
}

// exportColumns are the columns of a file of figures, as the importer names its fields.
var exportColumns = []string{"indicator", "place", "start", "end", "cumulative", "sex", "age", "drug", "breakdown", "coverage", "definition", "value", "low", "high", "n", "unit", "absence", "qualifier",
	"provisional", "synthetic", "issuer", "citation", "note", "known"}

// export writes every statement of a picture as a file, as an audited act. What is hidden on the page is hidden in the file.
func (s *Service) export(c *web.Ctx, p *Picture, format string) error {
	err := s.W.Do(c.Context(), c.Actor, access.ExportRun, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("export", "indicator", c.Actor.OrgID, map[string]any{"format": format, "indicator": p.Indicator.Code, "country": p.Country})
		return nil
	})
	if err == nil {
		err = s.Leave(c.Context(), c.Actor, p.Country, p.Indicator.Code)
	}
	if err != nil {
		return err
	}
	name := p.Indicator.Code + "-" + p.Country + "-" + p.Day.String() + "." + format
	rows := func(yield func([]any, error) bool) {
		for i := range p.Periods {
			for _, l := range p.Lines {
				for j := range l.Points[i].Stated {
					if !yield(exportRow(&l.Points[i].Stated[j], p.hidden), nil) {
						return
					}
				}
			}
		}
	}
	if format == "csv" {
		c.Download("text/csv; charset=utf-8", name)
		_, err = export.CSV(c.Context(), c.W, exportColumns, rows, export.Options{BOM: true, Semicolon: c.Lang() != baqylau.English, DecimalComma: c.Lang() != baqylau.English})
	} else {
		c.Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name)
		_, err = export.XLSX(c.Context(), c.W, p.Indicator.Code[:min(31, len(p.Indicator.Code))], exportColumns, rows)
	}
	if err != nil {
		c.Abort(err)
	}
	return nil
}

func exportRow(o *Observation, hidden map[string]bool) []any {
	number := func(v *float64) any {
		if v == nil || hidden[o.ID] {
			return ""
		}
		return *v
	}
	sample, absence := any(""), string(o.Absence)
	if hidden[o.ID] {
		absence = string(Suppressed)
	} else if o.Sample != nil {
		sample = *o.Sample
	}
	return []any{o.Indicator, o.Place, o.Start, o.End, o.Cumulative, o.Sex, o.Age, o.Drug, o.Breakdown.String(), o.Coverage, o.Definition, number(o.Value), number(o.Low), number(o.High), sample, o.Unit,
		absence, string(o.Qualifier), o.Provisional, o.Synthetic, o.Issuer, o.Citation, o.Note, o.Known}
}
