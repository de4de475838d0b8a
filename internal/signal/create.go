package signal

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
)

// PersonTypes are the types of signal that a person may raise, code list signal_type.
var PersonTypes = []string{"sae_cluster", "death", "high_potency", "adulteration", "mis_selling", "new_combination", "new_form", "new_route", "online_offer",
	"seizure_rise", "precursor", "foreign_alert", "other"}

// Draft is a signal that a person raises, or another room for them.
type Draft struct {
	Type        string // one of PersonTypes
	Title       string
	Explanation string
	Country     string // "" is not allowed
	Region      string
	SubstanceID string
	Confidence  baqylau.Confidence
	TLP         baqylau.TLP // "" is AMBER
	Outside     bool
	// Key makes the signal one of a kind: raising a draft with the same key again gives the signal that is there. "" is always new.
	Key string
}

// Create raises a signal by hand; its author owns it. Who may enter foreign alerts may make a signal of one. Codes: from the policy,
// Invalid with fields.
func (s *Service) Create(ctx context.Context, actor access.Actor, d Draft) (sig Signal, err error) {
	defer baqylau.Wrap(&err, "signal.Create")
	act := access.SignalHandle
	if d.Type == "foreign_alert" {
		act = access.ForeignEnter
	}
	err = s.W.Do(ctx, actor, act, func(ctx context.Context, tx *change.Tx) error {
		sig, err = s.Raise(ctx, tx, d)
		tx.Subject("signal", sig.ID, "", map[string]any{"ref": sig.Ref, "act": "create", "type": d.Type})
		return err
	})
	return sig, err
}

// Raise writes a signal inside another room's act, for example of a foreign alert that concerns us. The caller has authorised it and
// names the audit subject.
func (s *Service) Raise(ctx context.Context, tx *change.Tx, d Draft) (sig Signal, err error) {
	defer baqylau.Wrap(&err, "signal.Raise")
	if d.TLP == "" {
		d.TLP = baqylau.TLPAmber
	}
	if err := s.checkDraft(d); err != nil {
		return sig, err
	}
	if d.Key != "" {
		var id string
		err := tx.NewRaw("SELECT id FROM signal WHERE dedup_key = ?", keyOf(d, "")).Scan(ctx, &id)
		if err == nil {
			return read(ctx, tx, id)
		}
		if baqylau.CodeOf(store.One(err)) != baqylau.NotFound {
			return sig, err
		}
	}
	sig = Signal{ID: store.NewID(), Type: d.Type, Rule: Person, Country: d.Country, Region: d.Region, SubstanceID: d.SubstanceID, RaisedOn: tx.Today(),
		Title: Sentence{Text: d.Title}, Explanation: []Sentence{{Text: d.Explanation}}, Confidence: d.Confidence, TLP: d.TLP, Outside: d.Outside,
		Persons: true, State: state.Detected, Priority: baqylau.Yellow, OwnerID: tx.Actor.ID}
	if !access.May(tx.Actor, access.SignalHandle) || tx.Actor.Has(access.System) { // a liaison officer hands it on
		sig.OwnerID = ""
	}
	certainty := d.Confidence.Rank()
	if d.Outside {
		certainty = min(certainty, 1)
	}
	sig.Scores.Marks = map[score.Dimension]Mark{score.Certainty: {Value: certainty, Ground: Sentence{Key: "signal.ground.certainty_" + string(d.Confidence)}}}
	sig.DueAt = deadline(sig.Priority, tx.Now)
	if sig.Ref, err = tx.Ref(ctx, "S", 4); err != nil {
		return sig, err
	}
	if err := s.insert(ctx, tx, &sig, keyOf(d, sig.ID)); err != nil {
		return sig, err
	}
	if err := note(ctx, tx, sig.ID, Event{Act: "create", To: sig.State}); err != nil {
		return sig, err
	}
	return sig, s.alarm(ctx, tx, &sig, "")
}

// keyOf is the dedup key of a draft; id stands in for a missing key.
func keyOf(d Draft, id string) string {
	if d.Key == "" {
		return id
	}
	return d.Country + "|" + d.Type + "|" + d.Key
}

func (s *Service) checkDraft(d Draft) error {
	var errs baqylau.Errors
	bad := func(field, key string) { errs = append(errs, baqylau.E(baqylau.Invalid, key).On(field)) }
	book := s.Shelf.Book()
	if !slices.Contains(PersonTypes, d.Type) {
		bad("type", "error.choose")
	}
	if d.Title == "" {
		bad("title", "error.required")
	}
	if d.Explanation == "" {
		bad("explanation", "error.required")
	}
	if _, ok := book.Country(d.Country); !ok {
		bad("country", "error.choose")
	}
	if r, ok := book.Region(d.Region); d.Region != "" && (!ok || r.Country != d.Country) {
		bad("region", "error.choose")
	}
	if _, ok := book.Substance(d.SubstanceID); d.SubstanceID != "" && !ok {
		bad("substance", "signal.error.substance")
	}
	if !slices.Contains(baqylau.Confidences, d.Confidence) {
		bad("confidence", "error.choose")
	}
	if !slices.Contains(baqylau.TLPs, d.TLP) {
		bad("tlp", "error.choose")
	}
	return errs.OrNil()
}
