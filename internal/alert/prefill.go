package alert

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
)

// Facts is what a draft takes from a signal.
type Facts struct {
	ID, Ref     string
	Title       baqylau.Text
	SubstanceID string
	Family      string
	Country     string
	Regions     []string
	Severity    baqylau.Severity
	Confidence  baqylau.Confidence
	TLP         baqylau.TLP
	Events      int
	First, Last baqylau.Date // of the events; zero: unknown
	Fatal       bool
	Public      bool // a public warning was decided
	Named       bool // a report says under which name it was sold
	Measured    bool // a laboratory measured how strong it is
}

// SignalSource tells what a signal says, as the actor may see it; package signal does, through the process. Codes: NotFound.
type SignalSource interface {
	Facts(ctx context.Context, a access.Actor, signalID string) (Facts, error)
	// Ground tells what has become of the cases behind a signal since they were counted. Codes: NotFound, Forbidden.
	Ground(ctx context.Context, a access.Actor, signalID string) (Ground, error)
}

// Ground is what has become of the cases behind a signal, in words of the reader's language; "" for what does not apply.
type Ground struct {
	Lost       string // cases have been withdrawn
	Duplicates string // cases may be the same event
	Decide     string // the page on which the reader decides about duplicates
}

// ground is what an author, a reviewer and who answers for a communication in force must know of the cases behind it; nothing for who may not read the signal.
func (s *Service) ground(ctx context.Context, actor access.Actor, m Draft) (Ground, error) {
	if m.SignalID == "" || s.Signals == nil {
		return Ground{}, nil
	}
	g, err := s.Signals.Ground(ctx, actor, m.SignalID)
	if code := baqylau.CodeOf(err); code == baqylau.NotFound || code == baqylau.Forbidden {
		return Ground{}, nil
	}
	return g, err
}

// groups are the effect groups for which there is standard advice, the gravest first: a substance may have several.
var groups = []string{"opioid", "sedative_hypnotic", "cannabinoid", "stimulant", "empathogen", "dissociative", "hallucinogen", "deliriant"}

// group is the effect group whose advice fits a substance or family; "general" when none does.
func (s *Service) group(substanceID, family string) string {
	book := s.Shelf.Book()
	codes := book.Families(substanceID)
	if substanceID == "" {
		codes = append(book.Ancestors(family), family)
	}
	for _, g := range groups {
		if slices.Contains(codes, "effect."+g) || slices.Contains(codes, g+"s") || g == "sedative_hypnotic" && slices.Contains(codes, "sedatives") {
			return g
		}
	}
	return "general"
}

// Prefill drafts from a signal in three languages: substance, place, period, what is confirmed, and the standard advice of the effect
// group. It states facts of the signal only; a person writes the rest. Codes: NotFound.
func (s *Service) Prefill(ctx context.Context, actor access.Actor, signalID string) (d Draft, err error) {
	defer baqylau.Wrap(&err, "alert.Prefill(%s)", signalID)
	f, err := s.Signals.Facts(ctx, actor, signalID)
	if err != nil {
		return d, err
	}
	home, err := Country(ctx, s.W.DB.Read)
	if err != nil {
		return d, err
	}
	if len(f.Regions) == 0 && f.Country != "" && f.Country != home {
		f.Regions = []string{f.Country} // no place would mean the centre's own country
	}
	contact, err := s.setting(ctx, "alert.contact")
	if err != nil {
		return d, err
	}
	d = Draft{Type: Alert, SignalID: f.ID, SubstanceID: f.SubstanceID, TLP: f.TLP, Severity: f.Severity, Confidence: f.Confidence, Regions: f.Regions, Content: Content{}}
	if f.Public {
		d.Type, d.TLP, d.Public = PublicWarning, baqylau.TLPClear, true
	}
	for _, b := range Blocks {
		in := func(l baqylau.Lang) string {
			if b == Contact && contact.Exact(l) != "" {
				return contact.Exact(l)
			}
			return s.prefilled(locale.With(ctx, l), b, f)
		}
		d.Content[b] = baqylau.Text{KK: in(baqylau.Kazakh), RU: in(baqylau.Russian), EN: in(baqylau.English)}
	}
	return d, nil
}

func (s *Service) prefilled(ctx context.Context, b Block, f Facts) string {
	l, book, group := locale.Lang(ctx), s.Shelf.Book(), s.group(f.SubstanceID, f.Family)
	name := f.Title.In(l)
	if sub, ok := book.Substance(f.SubstanceID); ok {
		name = sub.Label.In(l)
	} else if fam, ok := book.Family(f.Family); ok {
		name = fam.Name.In(l)
	}
	args := []any{"Substance", name, "Place", s.places(ctx, f.Regions, f.Country)}
	doubt := "" // what is only suspected was not found
	if f.Confidence == baqylau.Suspected {
		doubt = "_suspected"
	}
	switch b {
	case Title:
		return locale.Capital(locale.T(ctx, "alert.prefill.title"+doubt, args...))
	case Summary:
		parts := []string{locale.Capital(locale.T(ctx, "alert.prefill.summary"+doubt, args...))}
		if p := period(ctx, f.First, f.Last); p != "" {
			parts = append(parts, locale.T(ctx, "alert.prefill.period", "Period", p))
		}
		return strings.Join(append(parts, locale.T(ctx, "alert.effect."+group)), " ")
	case Confirmed:
		parts := []string{locale.T(ctx, "alert.prefill.confirmed_"+string(f.Confidence), args...)}
		if f.Events > 0 {
			parts = append(parts, locale.T(ctx, "alert.prefill.events", "Count", locale.Int(ctx, f.Events)))
		}
		if f.Fatal {
			parts = append(parts, locale.T(ctx, "alert.prefill.fatal"))
		}
		return strings.Join(parts, " ")
	case Signs:
		return locale.T(ctx, "alert.signs."+group)
	case Advice:
		return locale.T(ctx, "alert.advice."+group)
	case Response:
		return locale.T(ctx, "alert.response."+group)
	case Uncertain:
		return locale.T(ctx, "alert.prefill.uncertain", "What", strings.Join(unknowns(ctx, f), ", "))
	case Sources:
		return locale.T(ctx, "alert.prefill.sources") // the public text names no number of ours
	}
	return locale.T(ctx, "alert.prefill."+string(b))
}

// unknowns lists what nothing behind the signal tells.
func unknowns(ctx context.Context, f Facts) []string {
	list := []string{locale.T(ctx, "alert.prefill.uncertain.spread")}
	if !f.Named {
		list = append(list, locale.T(ctx, "alert.prefill.uncertain.names"))
	}
	if !f.Measured {
		list = append(list, locale.T(ctx, "alert.prefill.uncertain.strength"))
	}
	return list
}

func period(ctx context.Context, first, last baqylau.Date) string {
	switch {
	case first.IsZero() && last.IsZero():
		return ""
	case first.IsZero() || last.IsZero() || first == last:
		if first.IsZero() {
			first = last
		}
		return locale.Date(ctx, first)
	}
	return locale.Date(ctx, first) + " – " + locale.Date(ctx, last)
}

// setting reads a text of the centre; the zero Text when it is not set.
func (s *Service) setting(ctx context.Context, key string) (baqylau.Text, error) {
	var v string
	err := s.W.DB.Read.NewRaw("SELECT value FROM setting WHERE key = ?", key).Scan(ctx, &v)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return baqylau.ParseText(v), err
}
