package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal"
)

// Signal is a possible event that somebody has to judge. Nothing in it decides by itself.
type Signal struct {
	ID             string             `json:"id"`
	Ref            string             `json:"ref"`
	Type           string             `json:"type"`
	Rule           string             `json:"rule" doc:"What found it; person when somebody raised it."`
	Country        string             `json:"country"`
	Region         string             `json:"region,omitempty"`
	SubstanceID    string             `json:"substance_id,omitempty"`
	Family         string             `json:"family,omitempty"`
	RaisedOn       string             `json:"raised_on"`
	FirstEventOn   string             `json:"first_event_on,omitempty"`
	Events         *int               `json:"events,omitempty" doc:"Occurrences behind it; absent when hidden."`
	EventsHidden   bool               `json:"events_hidden,omitempty" doc:"A count of 1 to 4 persons, or one from which such a count could be computed."`
	Title          baqylau.Text       `json:"title"`
	Explanation    baqylau.Text       `json:"explanation"`
	Evidence       SignalEvidence     `json:"evidence"`
	Scores         map[string]int     `json:"scores" doc:"Criteria of the matrix that were looked at, 0 to 3 each."`
	Priority       baqylau.Severity   `json:"priority"`
	PriorityReason string             `json:"priority_reason,omitempty"`
	Confidence     baqylau.Confidence `json:"confidence"`
	State          string             `json:"state"`
	Outside        bool               `json:"outside" doc:"Rests on another country's published records."`
	TLP            baqylau.TLP        `json:"tlp"`
	Decision       string             `json:"decision,omitempty"`
	DueAt          *time.Time         `json:"due_at,omitempty" doc:"By when the panel should have looked."`
	OwnerID        string             `json:"owner_id,omitempty"`
	CreatedAt      time.Time          `json:"created_at"`
}

// SignalEvidence is what a signal rests on.
type SignalEvidence struct {
	Occurrences []string `json:"occurrences" doc:"Identifiers, for those who work on the cases or judge them; empty for others."`
	Observed    float64  `json:"observed,omitempty" doc:"Figures of a rise: count in the last weeks; absent when a figure of it is hidden."`
	Expected    float64  `json:"expected,omitempty"`
	Bound       float64  `json:"bound,omitempty"`
	PValue      float64  `json:"p_value,omitempty"`
	Weeks       int      `json:"weeks,omitempty"`
	Fatal       bool     `json:"fatal,omitempty"`
}

type signalQuery struct {
	Listing
	State     string `query:"state" enum:"detected,validating,validated,refuted,prioritised,assessing,decided,following_up,closed"`
	Priority  string `query:"priority" enum:"red,amber,yellow,green"`
	Region    string `query:"region" maxLength:"12" doc:"ISO 3166-2"`
	Substance string `query:"substance" maxLength:"64" doc:"Identifier."`
	Span
}

func (s *server) signals() {
	register(s, operation{id: "listSignals", method: http.MethodGet, path: "/signals", act: access.SignalRead, tag: "signals"},
		func(ctx context.Context, a access.Actor, in *signalQuery) (p Page[Signal], err error) {
			var f filter
			scope, args := signal.Scope(a)
			f.and(scope, args...)
			f.when(in.State, "s.state = ?")
			f.when(in.Priority, "s.priority = ?")
			f.when(in.Region, "s.region = ?")
			f.when(in.Substance, "s.substance_id = ?")
			if err := in.narrow(&f, "s.raised_on"); err != nil {
				return p, err
			}
			found, err := ids(ctx, s.W.DB.Read, "signal s", "s.id", f, in.Listing)
			if err != nil {
				return p, err
			}
			return each(found, func(id string) (Signal, error) { return s.signal(ctx, a, id) })
		})
	register(s, operation{id: "getSignal", method: http.MethodGet, path: "/signals/{id}", act: access.SignalRead, tag: "signals"},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			ID string `path:"id" maxLength:"64"`
		}) (Signal, error) {
			return s.signal(ctx, a, in.ID)
		})
}

func (s *server) signal(ctx context.Context, a access.Actor, id string) (Signal, error) {
	x, err := signal.Get(ctx, s.W.DB.Read, a, id)
	if err != nil {
		return Signal{}, err
	}
	book, e := s.Shelf.Book(), x.Evidence
	if disclosure.AudienceOf(a) != disclosure.Working { // what lies behind the wall, and how much of it, is not told by identifiers either
		e.Occurrences = nil
	}
	out := Signal{ID: x.ID, Ref: x.Ref, Type: x.Type, Rule: x.Rule, Country: x.Country, Region: x.Region, SubstanceID: x.SubstanceID, Family: x.Family, RaisedOn: x.RaisedOn.String(),
		FirstEventOn: x.FirstEvent.String(), EventsHidden: x.Hidden, Title: said(book, x.Title), Explanation: said(book, x.Explanation...),
		Evidence: SignalEvidence{orEmpty(e.Occurrences), e.Observed, e.Expected, e.Bound, e.PValue, e.Weeks, e.Fatal}, Scores: map[string]int{}, Priority: x.Priority,
		PriorityReason: x.PriorityReason, Confidence: x.Confidence, State: string(x.State), Outside: x.Outside, TLP: x.TLP, Decision: string(x.Decision), DueAt: instant(x.DueAt),
		OwnerID: x.OwnerID, CreatedAt: x.CreatedAt}
	if !x.Hidden {
		out.Events = &x.Events
	}
	for d, m := range x.Scores.Marks {
		out.Scores[string(d)] = m.Value
	}
	return out, nil
}

// said is what sentences say in the three languages.
func said(book *registry.Book, list ...signal.Sentence) baqylau.Text {
	in := func(l baqylau.Lang) string {
		return strings.TrimSpace(signal.SayAll(locale.With(context.Background(), l), book, list))
	}
	return baqylau.Text{KK: in(baqylau.Kazakh), RU: in(baqylau.Russian), EN: in(baqylau.English)}
}
