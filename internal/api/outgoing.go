package api

import (
	"context"
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/outgoing"
)

// OutgoingTemplate is a template of tables that others ask for.
type OutgoingTemplate struct {
	Code     string `json:"code"`
	Title    string `json:"title"`
	Body     string `json:"body" doc:"Who asks."`
	Version  string `json:"version"`
	Verified bool   `json:"verified" doc:"Compared with the primary document."`
	Cells    int    `json:"cells"`
}

// OutgoingCell is a cell of such a table as it may leave the centre.
type OutgoingCell struct {
	Sheet     string   `json:"sheet"`
	Table     string   `json:"table"`
	Cell      string   `json:"cell,omitempty" doc:"Address in the workbook; absent for a text."`
	Row       string   `json:"row,omitempty"`
	Column    string   `json:"column,omitempty"`
	Value     *float64 `json:"value,omitempty"`
	Text      string   `json:"text,omitempty" doc:"Instead of a number: a year, a method, a source."`
	Absence   string   `json:"absence,omitempty" enum:"missing,not_collected,suppressed,not_known,not_applicable" doc:"Why there is neither."`
	Note      string   `json:"note,omitempty"`
	Source    string   `json:"source,omitempty"`
	Synthetic bool     `json:"synthetic,omitempty"`
}

// OutgoingFile is a template filled for a year, as the workbook has it.
type OutgoingFile struct {
	Template  string         `json:"template"`
	Version   string         `json:"version"`
	Country   string         `json:"country"`
	Year      int            `json:"year"`
	AsOf      string         `json:"as_of"`
	Synthetic bool           `json:"synthetic"`
	Cells     []OutgoingCell `json:"cells"`
}

type outgoingQuery struct {
	Common
	Template string `path:"template" maxLength:"40"`
	Year     int    `path:"year" minimum:"1970" maximum:"2200"`
	AsOf     string `query:"as_of" maxLength:"10" doc:"What was known on this day."`
}

func (s *server) outgoing() {
	if s.Outgoing == nil {
		return
	}
	register(s, operation{id: "listOutgoing", method: http.MethodGet, path: "/outgoing", act: access.IndicatorRead, tag: "outgoing"},
		func(_ context.Context, a access.Actor, in *struct{ Listing }) (Page[OutgoingTemplate], error) {
			var all []OutgoingTemplate
			for _, t := range s.Outgoing.Templates {
				all = append(all, OutgoingTemplate{t.Code, t.Title.In(a.Lang), t.Body.In(a.Lang), t.Version, t.Verified, t.Cells()})
			}
			return cut(all, in.Listing, func(t OutgoingTemplate) string { return t.Code + t.Version }, func(t OutgoingTemplate) OutgoingTemplate { return t })
		})
	register(s, operation{id: "getOutgoing", method: http.MethodGet, path: "/outgoing/{template}/{year}", act: access.ExportRun, tag: "outgoing"},
		func(ctx context.Context, a access.Actor, in *outgoingQuery) (out OutgoingFile, err error) {
			asked, err := s.askedOutgoing(in)
			if err != nil {
				return out, err
			}
			o, err := s.Outgoing.Send(ctx, a, asked, "json")
			if err != nil {
				return out, err
			}
			return s.outgoingOf(ctx, a, o, func(outgoing.Place) bool { return true }), nil
		})
	register(s, operation{id: "listOutgoingGaps", method: http.MethodGet, path: "/outgoing/{template}/{year}/gaps", act: access.IndicatorRead, tag: "outgoing"},
		func(ctx context.Context, a access.Actor, in *outgoingQuery) (out OutgoingFile, err error) {
			asked, err := s.askedOutgoing(in)
			if err != nil {
				return out, err
			}
			o, err := s.Outgoing.Fill(ctx, a, asked)
			if err != nil {
				return out, err
			}
			return s.outgoingOf(ctx, a, o, func(p outgoing.Place) bool { return p.Gap != outgoing.Filled }), nil
		})
}

func (s *server) askedOutgoing(in *outgoingQuery) (a outgoing.Asked, err error) {
	today := change.Today(s.W.Now())
	if in.Year > today.Time().Year() {
		return a, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	a = outgoing.Asked{Template: in.Template, Year: in.Year, AsOf: today}
	if in.AsOf != "" {
		day, p, err := baqylau.ParseDate(in.AsOf)
		if err != nil || p != baqylau.Day || day.After(today) {
			return a, baqylau.E(baqylau.Invalid, "api.error.date").On("as_of")
		}
		a.AsOf = day
	}
	return a, nil
}

func (s *server) outgoingOf(ctx context.Context, a access.Actor, o *outgoing.Obligation, wanted func(outgoing.Place) bool) OutgoingFile {
	out := OutgoingFile{Template: o.Template.Code, Version: o.Template.Version, Country: o.Country, Year: o.Year, AsOf: o.AsOf.String(), Synthetic: o.Synthetic, Cells: []OutgoingCell{}}
	for p := range o.Each {
		if !wanted(p) {
			continue
		}
		x := OutgoingCell{Sheet: p.Sheet.Name, Table: p.Table.ID, Absence: string(p.Gap), Note: outgoing.Remark(ctx, p.Notes), Source: p.Source, Synthetic: p.Synthetic}
		if !p.Table.Text {
			x.Cell, x.Row, x.Column = p.Table.Address(p.Row, p.Col), p.Table.Rows[p.Row].Label(a.Lang, o.Year), p.Table.Columns[p.Col].Label(a.Lang, o.Year)
		}
		if p.Gap == outgoing.Filled {
			x.Value, x.Text = p.Number, p.Text
		}
		out.Cells = append(out.Cells, x)
	}
	return out
}
