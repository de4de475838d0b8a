package api

import (
	"context"
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/indicator/treatment"
	"github.com/baqylau/baqylau/internal/locale"
)

// EpisodeBody is a start of treatment as a program sends it.
type EpisodeBody struct {
	Answers        map[string]string `json:"answers" doc:"Items of TDI protocol 3.0 by their field, as the protocol writes the answers; drugs may be national leaves. A field that is absent is not known."`
	Ref            string            `json:"ref,omitempty" maxLength:"200" doc:"The sender's own number of the case, unique within the organisation."`
	PersonalNumber string            `json:"personal_number,omitempty" maxLength:"40" doc:"Becomes a pseudonym and is not kept; absent: anonymous, or in a correction the same person."`
	Confirmed      string            `json:"confirmed,omitempty" maxLength:"200" doc:"Why what the logic checks ask about is so."`
}

// SentEpisode is the identifier of a case that was taken.
type SentEpisode struct {
	ID string `json:"id"`
}

// Episode is a case of treatment without the person.
type Episode struct {
	ID         string            `json:"id"`
	Ref        string            `json:"ref,omitempty"`
	Answers    map[string]string `json:"answers"`
	Leaf       string            `json:"primary_leaf,omitempty" doc:"National leaf of the primary drug."`
	Confirmed  string            `json:"confirmed,omitempty"`
	Synthetic  bool              `json:"synthetic" doc:"Made up for a demonstration."`
	KnownOn    string            `json:"known_on"`
	Supersedes string            `json:"supersedes,omitempty"`
}

// TableTitle names one of the 70 tables.
type TableTitle struct {
	ID    string `json:"id" doc:"Number in the collection template of 2022, 11.1.4"`
	Title string `json:"title"`
}

// TreatmentTable is one of the 70 tables.
type TreatmentTable struct {
	TableTitle
	From      int         `json:"from"`
	To        int         `json:"to"`
	AsOf      string      `json:"as_of"`
	Rule      tdi.Rule    `json:"rule" doc:"How a person counts once a year."`
	Synthetic bool        `json:"synthetic" doc:"Some of the episodes are made up for a demonstration."`
	Columns   []TableLine `json:"columns"`
	Rows      []TableRow  `json:"rows"`
}

// TableLine is a row or column of a table.
type TableLine struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Group string `json:"group,omitempty" doc:"Code of the line that this one is a part of."`
}

// TableRow is a row with its figures in the order of the columns.
type TableRow struct {
	TableLine
	Figures []TableFigure `json:"figures"`
}

// TableFigure is a count, a mean or a deviation; neither value nor hidden: there is none.
type TableFigure struct {
	Value  string `json:"value,omitempty" doc:"A decimal number; means and deviations have two decimals."`
	Hidden bool   `json:"hidden,omitempty" doc:"A count of 1 to 4 persons, or one from which such a count could be computed."`
}

type tableQuery struct {
	Common
	ID     string `path:"id" maxLength:"8"`
	From   int    `query:"from" minimum:"1970" maximum:"2200" doc:"First year of treatment; the present one when absent."`
	To     int    `query:"to" minimum:"1970" maximum:"2200" doc:"Last year; the first when absent."`
	AsOf   string `query:"as_of" maxLength:"10" doc:"Count only what was known on this day."`
	Centre string `query:"centre" maxLength:"20" doc:"One kind of treatment centre."`
	Region string `query:"region" maxLength:"12" doc:"ISO 3166-2"`
	Own    bool   `query:"own" doc:"Cases of the own organisation, shown as they are."`
}

func (s *server) treatment() {
	if s.Treatment == nil {
		return
	}
	registerOnce(s, operation{id: "sendEpisode", method: http.MethodPost, path: "/treatment/episodes", act: access.EpisodeWrite, tag: "treatment", status: http.StatusCreated}, s.sendEpisode, nil)
	register(s, operation{id: "getEpisode", method: http.MethodGet, path: "/treatment/episodes/{id}", act: access.EpisodeRead, tag: "treatment"},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			ID string `path:"id" maxLength:"64"`
		}) (Episode, error) {
			c, err := s.Treatment.Get(ctx, a, in.ID)
			if err != nil {
				return Episode{}, err
			}
			return episodeOf(c), nil
		})
	registerOnce(s, operation{id: "correctEpisode", method: http.MethodPut, path: "/treatment/episodes/{id}", act: access.EpisodeWrite, tag: "treatment"}, s.correctEpisode, nil)
	register(s, operation{id: "listTreatmentTables", method: http.MethodGet, path: "/treatment/tables", act: access.IndicatorRead, tag: "treatment"},
		func(ctx context.Context, _ access.Actor, in *struct{ Listing }) (Page[TableTitle], error) {
			return cut(tdi.Specs, in.Listing, (*tdi.Spec).ID, func(x *tdi.Spec) TableTitle { return TableTitle{x.ID(), treatment.Title(ctx, x)} })
		})
	register(s, operation{id: "getTreatmentTable", method: http.MethodGet, path: "/treatment/tables/{id}", act: access.IndicatorRead, tag: "treatment"}, s.treatmentTable)
}

func episodeOf(c treatment.Case) Episode {
	out := Episode{ID: c.ID, Ref: c.Ref, Answers: map[string]string{}, Leaf: c.Leaf, Confirmed: c.Confirmed, Synthetic: c.Synthetic, KnownOn: c.Known.String(), Supersedes: c.SupersedesID}
	for _, f := range tdi.Fields() {
		if v := c.Said(f); v != "" {
			out.Answers[f] = v
		}
	}
	return out
}

func entryOf(b EpisodeBody) (treatment.Entry, error) {
	e, err := treatment.Answers(b.Answers)
	e.Ref, e.Number, e.Confirmed = b.Ref, b.PersonalNumber, b.Confirmed
	return e, err
}

func (s *server) sendEpisode(ctx context.Context, a access.Actor, in *struct {
	Common
	Once
	Body EpisodeBody
}) (out SentEpisode, err error) {
	e, err := entryOf(in.Body)
	if err != nil {
		return out, err
	}
	e.Then = func(id string) { out.ID = id }
	remember(ctx, func() any { return out })
	_, err = s.Treatment.Enter(ctx, a, e)
	return out, err
}

func (s *server) correctEpisode(ctx context.Context, a access.Actor, in *struct {
	Common
	Once
	ID   string `path:"id" maxLength:"64"`
	Body EpisodeBody
}) (out SentEpisode, err error) {
	e, err := entryOf(in.Body)
	if err != nil {
		return out, err
	}
	e.Then = func(id string) { out.ID = id }
	remember(ctx, func() any { return out })
	_, err = s.Treatment.Amend(ctx, a, in.ID, e)
	return out, err
}

func (s *server) treatmentTable(ctx context.Context, a access.Actor, in *tableQuery) (out TreatmentTable, err error) {
	q := treatment.Set{From: in.From, To: in.To, AsOf: change.Today(s.W.Now()), Centre: in.Centre, Region: in.Region, Own: in.Own}
	if q.From == 0 {
		q.From = q.AsOf.Time().Year()
	}
	if q.To == 0 {
		q.To = q.From
	}
	if in.AsOf != "" {
		if q.AsOf, _, err = baqylau.ParseDate(in.AsOf); err != nil {
			return out, baqylau.E(baqylau.Invalid, "api.error.date").On("as_of")
		}
	}
	t, err := s.Treatment.TablesOf(ctx, a, q)
	if err != nil {
		return out, err
	}
	spec, figures, err := t.Table(in.ID)
	if err != nil {
		return out, err
	}
	out = TreatmentTable{TableTitle: TableTitle{spec.ID(), treatment.Title(ctx, spec)}, From: q.From, To: q.To, AsOf: q.AsOf.String(), Rule: t.Rule, Synthetic: t.Synthetic}
	line := func(l tdi.Line) TableLine { return TableLine{l.Code, l.In(locale.Lang(ctx)), l.Group} }
	for _, l := range spec.Cols.Lines {
		out.Columns = append(out.Columns, line(l))
	}
	for i, l := range spec.Rows.Lines {
		row := TableRow{TableLine: line(l)}
		for _, f := range figures[i] {
			row.Figures = append(row.Figures, TableFigure{f.Text, f.Hidden})
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}
