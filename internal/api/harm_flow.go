package api

import (
	"context"
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/infection"
)

// RegisterYear is what the dispensary register did in a year. start + entries − exits = end, but for moves between regions.
type RegisterYear struct {
	Year    int          `json:"year"`
	Start   Persons      `json:"stock_start"`
	Entries []CodedCount `json:"entries,omitempty" doc:"By reason; absent for a part of the register where small counts are hidden."`
	Exits   []CodedCount `json:"exits,omitempty" doc:"By reason."`
	End     Persons      `json:"stock_end"`
	NPS     *Persons     `json:"stock_end_nps,omitempty" doc:"Of the stock at the end: people whose main drug is a new psychoactive substance."`
}

// RegisterFlow is the dispensary register year by year. It is neither treatment nor prevalence.
type RegisterFlow struct {
	Place     string         `json:"place"`
	Sex       string         `json:"sex,omitempty"`
	Drug      string         `json:"drug,omitempty"`
	AsOf      string         `json:"as_of"`
	Synthetic bool           `json:"synthetic"`
	Years     []RegisterYear `json:"years"`
}

type flowQuery struct {
	countQuery
	Region string `query:"region" maxLength:"12" doc:"ISO 3166-2"`
	Sex    string `query:"sex" enum:"male,female,unknown"`
	Drug   string `query:"drug" maxLength:"3" doc:"Group of the TDI drug list: 1"`
}

func (s *server) registerFlow(ctx context.Context, a access.Actor, in *flowQuery) (out RegisterFlow, err error) {
	place, day, err := in.of(s, a)
	if err != nil {
		return out, err
	}
	n, err := s.Harm.CountRegister(ctx, a, harm.RegisterQuestion{Country: place, Region: in.Region, Sex: in.Sex, Drug: in.Drug, AsOf: day, Year: in.Year})
	if err != nil {
		return out, err
	}
	out = RegisterFlow{Place: place, Sex: n.Sex, Drug: n.Drug, AsOf: day.String(), Synthetic: n.Synthetic, Years: []RegisterYear{}}
	if n.Region != "" {
		out.Place = n.Region
	}
	reasons := func(list []harm.Reason) (out []CodedCount) {
		for _, r := range list {
			out = append(out, CodedCount{r.Reason, personsOf(r.N)})
		}
		return out
	}
	for _, y := range n.Years {
		if in.Year != 0 && y.Year != in.Year {
			continue
		}
		x := RegisterYear{Year: y.Year, Start: personsOf(y.Start), End: personsOf(y.End), Entries: reasons(y.Entries), Exits: reasons(y.Exits)}
		if !y.Part {
			nps := personsOf(y.NPS)
			x.NPS = &nps
		}
		out.Years = append(out.Years, x)
	}
	return out, nil
}

// StudyCount is a line of a study.
type StudyCount struct {
	Measure  string `json:"measure" maxLength:"40" doc:"Code list infection-measure, such as anti-HCV."`
	Group    string `json:"group,omitempty" maxLength:"60" doc:"Code list infection-group, such as sex=female; absent: everybody."`
	Tested   int    `json:"tested" minimum:"0" maximum:"10000000"`
	Positive int    `json:"positive" minimum:"0" maximum:"10000000"`
}

// StudyBody is a study of infections as a program sends it.
type StudyBody struct {
	Kind        string       `json:"kind" maxLength:"40" doc:"Code list study-kind."`
	Title       string       `json:"title,omitempty" maxLength:"300"`
	Citation    string       `json:"citation,omitempty" maxLength:"500"`
	Setting     string       `json:"setting,omitempty" maxLength:"40"`
	Place       string       `json:"place" maxLength:"12" doc:"Region, ISO 3166-2, or the country."`
	Area        string       `json:"area,omitempty" maxLength:"100"`
	Start       string       `json:"start" format:"date"`
	End         string       `json:"end" format:"date"`
	Recruitment string       `json:"recruitment,omitempty" maxLength:"40"`
	People      string       `json:"people,omitempty" maxLength:"40"`
	Specimen    string       `json:"specimen,omitempty" maxLength:"40"`
	Published   bool         `json:"published,omitempty" doc:"Taken from a publication, which the citation names: nothing is hidden."`
	Note        string       `json:"note,omitempty" maxLength:"2000"`
	Counts      []StudyCount `json:"counts" maxItems:"200"`
}

// Prevalence is a line of a study as the reader may see it.
type Prevalence struct {
	Study    string   `json:"study"`
	Title    string   `json:"title,omitempty"`
	Citation string   `json:"citation,omitempty"`
	Kind     string   `json:"kind"`
	Place    string   `json:"place"`
	Start    string   `json:"start"`
	End      string   `json:"end"`
	Measure  string   `json:"measure"`
	Group    string   `json:"group,omitempty"`
	Tested   Persons  `json:"tested"`
	Positive Persons  `json:"positive"`
	Share    *float64 `json:"share,omitempty" doc:"From 0 to 1."`
	Low      *float64 `json:"low,omitempty" doc:"Exact 95% interval of a simple random sample."`
	High     *float64 `json:"high,omitempty"`
}

// Prevalences are the lines of all studies of a country.
type Prevalences struct {
	Place     string       `json:"place"`
	AsOf      string       `json:"as_of"`
	Synthetic bool         `json:"synthetic"`
	Lines     []Prevalence `json:"lines"`
}

func (s *server) infections() {
	register(s, operation{id: "listPrevalences", method: http.MethodGet, path: "/infections", act: access.IndicatorRead, tag: "infections"},
		func(ctx context.Context, a access.Actor, in *countQuery) (out Prevalences, err error) {
			place, day, err := in.of(s, a)
			if err != nil {
				return out, err
			}
			rows, err := s.Harm.Prevalences(ctx, a, place, day)
			if err != nil {
				return out, err
			}
			out = Prevalences{Place: place, AsOf: day.String(), Lines: []Prevalence{}}
			for _, r := range rows {
				x := Prevalence{Study: r.Study.ID, Title: r.Study.Title, Citation: r.Study.Citation, Kind: r.Study.Kind, Place: r.Study.Place, Start: r.Study.Start.String(), End: r.Study.End.String(), Measure: r.Count.Measure, Group: r.Count.Breakdown,
					Tested: personsOf(r.Tested), Positive: personsOf(r.Positive)}
				if p := r.Share; p != nil {
					x.Share, x.Low, x.High = &p.Share, &p.Interval.Lower, &p.Interval.Upper
				}
				if in.Year != 0 && (r.Study.Start.Time().Year() > in.Year || r.Study.End.Time().Year() < in.Year) {
					continue
				}
				out.Synthetic = out.Synthetic || r.Study.Synthetic
				out.Lines = append(out.Lines, x)
			}
			return out, nil
		})
	registerOnce(s, operation{id: "sendStudy", method: http.MethodPost, path: "/infections/studies", act: access.IndicatorWrite, tag: "infections", status: http.StatusCreated},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			Once
			Body StudyBody
		}) (SentRecord, error) {
			b := in.Body
			x := &harm.Study{Published: b.Published, Note: b.Note}
			x.Study = infection.Study{Kind: b.Kind, Title: b.Title, Citation: b.Citation, Setting: b.Setting, Place: b.Place, Area: b.Area, Recruitment: b.Recruitment, People: b.People, Specimen: b.Specimen}
			for _, d := range []struct {
				field, text string
				to          *baqylau.Date
			}{{"start", b.Start, &x.Start}, {"end", b.End, &x.End}} {
				day, _, err := baqylau.ParseDate(d.text)
				if err != nil {
					return SentRecord{}, baqylau.E(baqylau.Invalid, "api.error.date").On(d.field)
				}
				*d.to = day
			}
			for _, c := range b.Counts {
				x.Counts = append(x.Counts, infection.Count{Measure: c.Measure, Breakdown: c.Group, Tested: c.Tested, Positive: c.Positive})
			}
			remember(ctx, func() any { return SentRecord{x.ID} })
			err := s.Harm.KeepStudy(ctx, a, "", x)
			return SentRecord{x.ID}, err
		}, nil)
}
