package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the intake room.
type Service struct {
	W     *change.Writer
	Shelf *registry.Shelf
	Home  string // the centre's own country, ISO 3166-1 alpha-2
	// Pseudonym turns a personal number into a keyed pseudonym of a domain; the number itself is never stored.
	Pseudonym func(domain baqylau.Domain, number string) string
	Panels    []Panel           // parts of the report page that other rooms bring
	Targets   map[string]Target // where rows of imports go that are no reports, by the name that mappings give
	ImportDir string            // uploaded files wait here until their batch is applied

	group    change.Together[*sending]
	searches searches
}

// Submission is a report as a person or a program sends it; the form and the API fill the same fields.
type Submission struct {
	Incoming
	Level      baqylau.Level // how the substances named in the text were identified
	Substances []Finding     // chosen by name, besides those in the text
	PersonID   string        // personal number; becomes a pseudonym and is forgotten
	Files      []File
	Then       func(Recorded) // told the receipt before the act commits; may be nil
}

// File is a photo or document whose metadata has been stripped. Its name is ours: the sender's own may say who sent it.
type File struct {
	Name, MIME, SHA256 string
	Content            []byte
}

// Submit records one report of the actor's organisation and returns its receipt. Codes: Unauthentic and Forbidden from the policy,
// Invalid for wrong fields (Errors with Field set), Unavailable.
func (s *Service) Submit(ctx context.Context, actor access.Actor, sub Submission) (rec Recorded, err error) {
	defer baqylau.Wrap(&err, "intake.Submit(%s)", sub.Kind)
	act := access.ReportCreate
	if sub.Kind == Tip {
		act = access.TipCreate
	}
	if err := access.Check(actor, act); err != nil {
		return rec, err
	}
	source, err := s.knownSource(ctx, actor)
	if err != nil {
		return rec, err
	}
	sent := sending{Submission: sub}
	if err := s.complete(&sent, actor, source, change.Today(s.W.Now())); err != nil {
		return rec, err
	}
	err = s.group.Do(ctx, s.W, actor, act, &sent, func(ctx context.Context, parts []*change.Part[*sending]) error {
		list := make([]*sending, len(parts))
		for i, p := range parts {
			list[i], p.In.tx = p.In, p.Tx
		}
		err := s.write(ctx, list)
		for _, p := range parts {
			if p.In.refused != nil {
				p.Refuse(p.In.refused)
			}
		}
		return err
	})
	if err != nil {
		return rec, err
	}
	return sent.rec, nil
}

// SubmitIn is Submit inside an act that does more with the report; the act's subject is the report, unless the caller sets another.
func (s *Service) SubmitIn(ctx context.Context, tx *change.Tx, sub Submission) (rec Recorded, err error) {
	sent := sending{Submission: sub, tx: tx}
	if err := s.complete(&sent, tx.Actor, "", tx.Today()); err != nil {
		return rec, err
	}
	if err := s.write(ctx, []*sending{&sent}); err != nil {
		return rec, err
	}
	return sent.rec, sent.refused
}

// complete fills in what follows from who sends: organisation, source, side of the wall, day of knowledge, findings in the text. It refuses what cannot be.
func (s *Service) complete(sub *sending, actor access.Actor, source string, today baqylau.Date) error {
	sub.OrgID, sub.AccountID, sub.Lang, sub.SourceID = actor.OrgID, actor.ID, actor.Lang, source
	sub.Domain = sub.Kind.DomainFor(actor.Domain)
	if sub.Country == "" {
		sub.Country = s.Home
	}
	if sub.Known.IsZero() {
		sub.Known = today
	}
	sub.Level = StatedLevel(sub.Level, sub.Detail.Exposure)
	sub.Fatal = sub.Fatal || sub.Kind == Death
	book := s.Shelf.Book()
	for _, f := range sub.Substances {
		sub.Findings = AddFinding(sub.Findings, f)
	}
	sub.Findings, sub.Questions = Recognise(book, sub.Text, sub.Level, sub.Findings, sub.Questions)
	sub.Findings = asStated(sub.Findings)
	if err := sub.check(today, s.Home); err != nil {
		return err
	}
	if source != "" {
		sub.prepare(book)
	}
	return nil
}

// check refuses what cannot be; the form's own checks are friendlier and come first, the API has only these.
func (sub *Submission) check(today baqylau.Date, home string) error {
	var es baqylau.Errors
	bad := func(field, key string) { es = append(es, baqylau.E(baqylau.Invalid, key).On(field)) }
	if sub.Kind != Tip && sub.Occurred.IsZero() {
		bad("occurred_on", "error.required")
	}
	if sub.Occurred.After(today) {
		bad("occurred_on", "error.date_future")
	}
	if !sub.Occurred.IsZero() && sub.Occurred.Before(baqylau.NewDate(1900, 1, 1)) {
		bad("occurred_on", "error.date_old")
	}
	if sub.Known.After(today) {
		bad("known_on", "error.date_future")
	}
	if sub.Detail.Exposure == string(baqylau.Confirmed) {
		bad("exposure", "report.exposure.laboratory")
	}
	if !possiblePerson(sub.PersonID, home, today) {
		bad("person_id", "report.person_id.impossible")
	}
	sub.persons(home, today, bad)
	if len(sub.Findings) == 0 && sub.Text == "" && len(sub.Questions) == 0 {
		bad("text", "error.required")
	}
	return es.OrNil()
}
