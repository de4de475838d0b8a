// Package estimate is the room of estimates: how many people there are whom no register counts, shares, rates and loads. Every estimate keeps what was entered with its settings and
// its seed, so that anybody can run it again and get the same; its page shows how much the answer depends on the method before the interval of any one answer.
package estimate

import (
	"context"
	"encoding/json"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the room.
type Service struct {
	W     *change.Writer
	Shelf *registry.Shelf
	Home  string // the centre's own country, ISO 3166-1 alpha-2
	// OwnSource is the source of what an organisation states itself, for estimates that become figures.
	OwnSource func(ctx context.Context, tx *change.Tx, orgID string) (id string, err error)
}

// targets is the list of who is estimated.
const targets = "estimate_target"

// Estimate is one estimate: of whom, where and when, from what, by which method, and what came out. Low and High are nil where the data put no limit.
type Estimate struct {
	ID      string
	Method  string // compute.Method
	Title   string
	Target  string // code of the list estimate_target
	Country string // ISO 3166-1 alpha-2
	Place   string // region code, or the country's
	Area    string // a narrower place in words
	Start   baqylau.Date
	End     baqylau.Date
	Age     string   // band such as 15-64, or all
	Base    *float64 // inhabitants of the same place and ages

	Inputs compute.Inputs
	Output compute.Output

	Central, Low, High *float64
	Interval           string // kind of Low and High
	Unit               string
	Engine             string
	Exposure           Exposure

	Published bool // the data are published: nothing is left to hide
	Synthetic bool
	Citation  string // where the data come from
	Note      string

	OrgID, AccountID string
	Domain           baqylau.Domain
	Known            baqylau.Date
	Recorded         time.Time
	SupersedesID     string
	Withdrawn        baqylau.Date
	ObservationID    string

	// Full says that the reader may see what went in; see For.
	Full bool
	// Later is the estimate that supersedes this one, if any.
	Later string
}

// Check says what is wrong with what an estimate is about. Code: Invalid.
func (e *Estimate) Check(book *registry.Book, today baqylau.Date) error {
	var errs baqylau.Errors
	bad := func(field, key string) { errs = append(errs, baqylau.E(baqylau.Invalid, key).On(field)) }
	if e.Title == "" {
		bad("title", "error.required")
	}
	if e.Citation == "" {
		bad("citation", "error.required")
	}
	if _, ok := define.Current().Code(targets, e.Target); !ok {
		bad("target", "error.choose")
	}
	if r, ok := book.Region(e.Place); ok {
		e.Country = r.Country
	} else if _, ok := book.Country(e.Place); ok {
		e.Country = e.Place
	} else {
		bad("place", "error.choose")
	}
	switch {
	case e.Start.IsZero():
		bad("from", "error.required")
	case e.End.Before(e.Start):
		bad("to", "estimate.error.years")
	case e.End.Time().Year() > today.Time().Year():
		bad("to", "error.date_future")
	}
	if _, ok := define.ParseAge(e.Age); e.Age != define.AllAges && !ok {
		bad("age", "estimate.error.age")
	}
	if e.Base != nil && !(*e.Base > 0) {
		bad("base", "estimate.reason.not_positive")
	}
	return errs.OrNil()
}

// fill takes what is asked of an estimate first from what came out.
func (e *Estimate) fill(out compute.Output) {
	e.Output, e.Unit, e.Engine, e.Exposure = out, out.Unit, compute.Engine, exposure(out, e.Published)
	e.Central, e.Low, e.High, e.Interval = nil, nil, nil, ""
	l, ok := out.Estimate()
	if !ok {
		return
	}
	i := l.Interval()
	e.Central, e.Low, e.High, e.Interval = number(l.Value), number(i.Low), number(i.High), i.Kind
}

// number is a figure that the data determine, nil for one that they do not.
func number(v compute.Value) *float64 {
	if !compute.Defined(v) {
		return nil
	}
	f := float64(v)
	return &f
}

// Rate is the estimate per 1,000 inhabitants of the same place and ages, where it counts persons and they are known.
func (e *Estimate) Rate() (central, low, high *float64) {
	if e.Base == nil || e.Unit != "persons" {
		return nil, nil, nil
	}
	per := func(v *float64) *float64 {
		if v == nil {
			return nil
		}
		r := *v / *e.Base * 1000
		return &r
	}
	return per(e.Central), per(e.Low), per(e.High)
}

// same reports whether an output is, figure by figure, the one that is kept.
func (e *Estimate) same(out compute.Output) bool { return asJSON(e.Output) == asJSON(out) }

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers that write themselves
	}
	return string(b)
}
