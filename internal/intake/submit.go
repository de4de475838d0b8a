package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
)

// Service is the intake room.
type Service struct {
	W     *change.Writer
	Shelf *registry.Shelf
	Home  string // the centre's own country, ISO 3166-1 alpha-2
	// Pseudonym turns a personal number into a keyed pseudonym of a domain; the number itself is never stored.
	Pseudonym func(domain baqylau.Domain, number string) string
	Panels    []Panel // parts of the report page that other rooms bring
	ImportDir string  // uploaded files wait here until their batch is applied
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
	err = s.W.Do(ctx, actor, act, func(ctx context.Context, tx *change.Tx) error {
		rec, err = s.SubmitIn(ctx, tx, sub)
		return err
	})
	return rec, err
}

// SubmitIn is Submit inside an act that does more with the report; the act's subject is the report, unless the caller sets another.
func (s *Service) SubmitIn(ctx context.Context, tx *change.Tx, sub Submission) (rec Recorded, err error) {
	if err := s.complete(ctx, tx, tx.Actor, &sub); err != nil {
		return rec, err
	}
	if err := sub.check(tx.Today(), s.Home); err != nil {
		return rec, err
	}
	recs, err := Record(ctx, tx, s.Shelf.Book(), []Incoming{sub.Incoming})
	if err != nil {
		return rec, err
	}
	rec = recs[0]
	if sub.Then != nil {
		sub.Then(rec)
	}
	if rec.Outcome == Same { // the report has its files and its person already
		tx.Subject("report", rec.ReportID, sub.OrgID, map[string]any{"kind": string(sub.Kind), "channel": sub.Channel, "outcome": string(rec.Outcome)})
		return rec, nil
	}
	if err := addFiles(ctx, tx, rec.ReportID, sub.Files); err != nil {
		return rec, err
	}
	if err := s.linkPerson(ctx, tx, tx.Actor, rec.ReportID, sub); err != nil {
		return rec, err
	}
	if rec.OccurrenceID != "" {
		if err := tx.Enqueue(ctx, MatchArgs{OccurrenceID: rec.OccurrenceID}, nil); err != nil {
			return rec, err
		}
	}
	tx.Subject("report", rec.ReportID, sub.OrgID, map[string]any{"kind": string(sub.Kind), "channel": sub.Channel, "outcome": string(rec.Outcome),
		"findings": len(sub.Findings), "questions": len(sub.Questions), "files": len(sub.Files)})
	return rec, nil
}

// complete fills in what follows from who sends: organisation, source, side of the wall, day of knowledge, findings in the text.
func (s *Service) complete(ctx context.Context, tx *change.Tx, actor access.Actor, sub *Submission) error {
	sub.OrgID, sub.AccountID, sub.Lang = actor.OrgID, actor.ID, actor.Lang
	sub.Domain = sub.Kind.DomainFor(actor.Domain)
	if sub.Country == "" {
		sub.Country = s.Home
	}
	if sub.Known.IsZero() {
		sub.Known = tx.Today()
	}
	sub.Level = StatedLevel(sub.Level, sub.Detail.Exposure)
	sub.Fatal = sub.Fatal || sub.Kind == Death
	book := s.Shelf.Book()
	for _, f := range sub.Substances {
		sub.Findings = AddFinding(sub.Findings, f)
	}
	sub.Findings, sub.Questions = Recognise(book, sub.Text, sub.Level, sub.Findings, sub.Questions)
	sub.Findings = asStated(sub.Findings)
	var err error
	sub.SourceID, err = sourceOf(ctx, tx, actor, s.Home)
	return err
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
	if len(sub.Findings) == 0 && sub.Text == "" && len(sub.Questions) == 0 {
		bad("text", "error.required")
	}
	return es.OrNil()
}

// sourceOf returns the source row of the actor's organisation, made at its first report; tips share one.
func sourceOf(ctx context.Context, tx *change.Tx, actor access.Actor, home string) (id string, err error) {
	if actor.OrgID != "" {
		return sourceOfOrg(ctx, tx, actor.OrgID, home)
	}
	return addSource(ctx, tx, "tips", nil, baqylau.Text{KK: "Ашық хабарламалар", RU: "Сообщения без учётной записи", EN: "Tips without an account"}.JSON(), "neutral", home)
}

// orgSource begins the code of an organisation's source; the organisation's own code follows.
const orgSource = "org:"

func sourceOfOrg(ctx context.Context, tx *change.Tx, orgID, home string) (id string, err error) {
	var code, name, domain string
	if err := tx.NewRaw("SELECT code, name, domain FROM organisation WHERE id = ?", orgID).Scan(ctx, &code, &name, &domain); err != nil {
		return "", store.One(err)
	}
	return addSource(ctx, tx, orgSource+code, orgID, name, domain, home)
}

func addSource(ctx context.Context, tx *change.Tx, code string, org any, name, domain, home string) (id string, err error) {
	if _, err := tx.NewRaw("INSERT INTO source (id, code, name, org_id, country, domain) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING",
		store.NewID(), code, name, org, home, domain).Exec(ctx); err != nil { // of two first reports at once the second waits here for the first
		return "", err
	}
	err = tx.NewRaw("SELECT id FROM source WHERE code = ?", code).Scan(ctx, &id)
	return id, err
}

func addFiles(ctx context.Context, tx *change.Tx, reportID string, files []File) error {
	for _, f := range files {
		if _, err := tx.NewRaw("INSERT INTO attachment (id, report_id, name, mime, size, sha256, content, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			store.NewID(), reportID, f.Name, f.MIME, len(f.Content), f.SHA256, f.Content, tx.Now.UnixMicro()).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// defaultRetention is how long a personal link is kept when the retention page has no rule for it, in days.
const defaultRetention = 365

func (s *Service) linkPerson(ctx context.Context, tx *change.Tx, actor access.Actor, reportID string, sub Submission) error {
	if sub.PersonID == "" || sub.Domain == baqylau.NeutralDomain || s.Pseudonym == nil {
		return nil
	}
	days := defaultRetention
	err := tx.NewRaw("SELECT keep_days FROM retention_rule WHERE class = 'personal_link'").Scan(ctx, &days)
	if err != nil && baqylau.CodeOf(store.One(err)) != baqylau.NotFound {
		return err
	}
	_, err = tx.NewRaw(`INSERT INTO personal_link (id, report_id, domain, org_id, pseudonym, erase_on) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (report_id) DO UPDATE SET domain = excluded.domain, org_id = excluded.org_id, pseudonym = excluded.pseudonym, erase_on = excluded.erase_on`,
		store.NewID(), reportID, string(sub.Domain), actor.OrgID, s.Pseudonym(sub.Domain, sub.PersonID), tx.Today().AddDays(days).String()).Exec(ctx)
	return err
}
