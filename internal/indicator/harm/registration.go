package harm

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/indicator/register"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Registration is one stay on the dispensary register with where it comes from.
type Registration struct {
	register.Registration
	Country   string
	Synthetic bool
	Note      string
	Held
}

func (r Registration) said() string {
	r.Held = Held{}
	return digest(r)
}

var registrationColumns = append(strings.Fields(`person country region entered_on entry_reason exit_on exit_reason drug nps sex born synthetic note`), heldColumns...)

// RecordRegistrations writes registrations within an act, as RecordDeaths does deaths: an exit amends the registration.
func RecordRegistrations(ctx context.Context, tx *change.Tx, all []*Registration) (outcomes []Outcome, err error) {
	defer baqylau.Wrap(&err, "harm.RecordRegistrations")
	refs := make([]slot, len(all))
	batch := ""
	for i, r := range all {
		if refs[i], batch = (slot{r.SourceID, r.SourceRef}), r.BatchID; r.SourceRef == "" {
			refs[i].ref = r.said()
		}
	}
	found, err := readRegistrations(ctx, tx, standingIn("registration", refs, batch))
	if err != nil {
		return nil, err
	}
	standing := map[slot]standingRow{}
	for _, r := range found {
		standing[slot{r.SourceID, r.SourceRef}] = standingRow{r.ID, r.said()}
	}
	outcomes = make([]Outcome, len(all))
	var rows []any
	var asked []check.Finding
	for i, r := range all {
		if outcomes[i] = r.begin(tx, r.said(), standing); outcomes[i] == Same {
			continue
		}
		var born any
		if r.Born != 0 {
			born = r.Born
		}
		rows = append(rows, r.Person, r.Country, r.Region, r.Entered.String(), r.EntryReason, store.NullDate(r.Exit), r.ExitReason, r.Drug, r.NPS, r.Sex, born, r.Synthetic, r.Note)
		rows = append(rows, r.values(tx)...)
		for _, x := range r.Doubts() {
			asked = append(asked, r.finding("registration", x.Rule, x.Grave, check.Value{Label: "register.field.born", Text: x.First}, check.Value{Label: "register.field.entered_on", Text: x.Second}, r.Region, r.Entered.Truncated(baqylau.Month)))
		}
	}
	if err := tx.Insert(ctx, "registration", registrationColumns, rows); err != nil {
		return nil, err
	}
	twice, err := onTwo(ctx, tx, all, outcomes, batch)
	if err != nil {
		return nil, err
	}
	return outcomes, check.Keep(ctx, tx, append(asked, twice...))
}

// onTwo asks about persons who are on two registers at once, as far as one of the two was written now.
func onTwo(ctx context.Context, tx *change.Tx, all []*Registration, outcomes []Outcome, batch string) (out []check.Finding, err error) {
	written := map[string]bool{}
	var persons []string
	for i, r := range all {
		if outcomes[i] != Same && r.Person != "" {
			written[r.ID], persons = true, append(persons, r.Person)
		}
	}
	slices.Sort(persons)
	for part := range slices.Chunk(slices.Compact(persons), 500) {
		in, args := store.In(part)
		found, err := readRegistrations(ctx, tx, []condition{{"r.person IN (" + in + ") AND " + held.Standing("registration", "r"), append(args, batch, batch)}})
		if err != nil {
			return nil, err
		}
		plain := make([]register.Registration, len(found))
		for i, r := range found {
			plain[i] = r.Registration
		}
		for _, pair := range register.Twice(plain) {
			before, r := &found[pair[0]], &found[pair[1]]
			if written[before.ID] || written[r.ID] {
				out = append(out, r.finding("registration", "register_twice", false, before.stay(), r.stay(), r.Region, r.Entered.Truncated(baqylau.Month)))
			}
		}
	}
	return out, nil
}

// stay is a registration as one of the two values of a finding.
func (r *Registration) stay() check.Value {
	return check.Value{Label: "register.field.entered_on", Text: strings.TrimSpace(r.Entered.String() + " " + r.Region)}
}

// Registrations lists the registrations of a country that were in force on a day. It hides nothing: whoever shows them sees to access and disclosure.
func Registrations(ctx context.Context, db bun.IDB, country string, day baqylau.Date) (_ []Registration, err error) {
	defer baqylau.Wrap(&err, "harm.Registrations(%s)", country)
	where, args := held.InForce("registration", "r", day)
	return readRegistrations(ctx, db, []condition{{"r.country = ? AND " + where, append([]any{country}, args...)}})
}

const registrationSelect = `r.id, r.source_id, r.source_ref, r.org_id, r.account_id, r.domain, r.known_on, r.recorded_at, r.batch_id, r.supersedes_id, r.person, r.country, r.region, r.entered_on, r.entry_reason, r.exit_on, r.exit_reason,
	r.drug, r.nps, r.sex, r.born, r.synthetic, r.note`

func readRegistrations(ctx context.Context, db bun.IDB, conditions []condition) (out []Registration, err error) {
	for _, c := range conditions {
		rows, err := db.QueryContext(ctx, "SELECT "+registrationSelect+" FROM registration r WHERE "+c.sql+" ORDER BY r.entered_on, r.id", c.args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			r, err := scanRegistration(rows)
			if err != nil {
				_ = rows.Close()
				return nil, err
			}
			out = append(out, r)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func scanRegistration(row interface{ Scan(...any) error }) (r Registration, err error) {
	var known, entered string
	var exit, batch, supersedes sql.NullString
	var recorded int64
	var born sql.NullInt64
	if err := row.Scan(&r.ID, &r.SourceID, &r.SourceRef, &r.OrgID, &r.AccountID, &r.Domain, &known, &recorded, &batch, &supersedes, &r.Person, &r.Country, &r.Region, &entered, &r.EntryReason, &exit, &r.ExitReason, &r.Drug,
		&r.NPS, &r.Sex, &born, &r.Synthetic, &r.Note); err != nil {
		return r, err
	}
	r.BatchID, r.SupersedesID, r.Recorded, r.Born = batch.String, supersedes.String, store.Time(recorded), int(born.Int64)
	for to, s := range map[*baqylau.Date]string{&r.Known: known, &r.Entered: entered, &r.Exit: exit.String} {
		if *to, _, err = baqylau.ParseDate(s); err != nil {
			return r, err
		}
	}
	return r, nil
}

// loadRegistration reads one record in force that the actor may do act on. Code: NotFound, also for what is not theirs.
func loadRegistration(ctx context.Context, db bun.IDB, actor access.Actor, act access.Act, id string) (r Registration, err error) {
	where, args := held.InForce("registration", "r", held.Ever)
	found, err := readRegistrations(ctx, db, []condition{{"r.id = ? AND " + where, append([]any{id}, args...)}})
	if err != nil {
		return r, err
	}
	if len(found) == 0 {
		return r, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	r = found[0]
	return r, access.CheckRow(actor, act, access.Row{OrgID: r.OrgID, OwnerID: r.AccountID, Domain: r.Domain})
}

// KeepRegistration records one registration that a person enters, or amends the one with the identifier id. Codes: Forbidden, Invalid with the field of each mistake, NotFound.
func (s *Service) KeepRegistration(ctx context.Context, actor access.Actor, id string, r *Registration) (err error) {
	defer baqylau.Wrap(&err, "harm.KeepRegistration")
	if err := mayKeep(actor); err != nil {
		return err
	}
	if err := r.Check(s.today(), codelist.Codes("register-entry"), codelist.Codes("register-exit")); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
		if id != "" {
			if err := held.Lock(ctx, tx, "registration"); err != nil {
				return err
			}
			before, err := loadRegistration(ctx, tx, actor, access.EpisodeWrite, id)
			if err != nil {
				return err
			}
			r.SourceID, r.SourceRef, r.Country, r.Synthetic, r.OrgID, r.Domain = before.SourceID, before.SourceRef, before.Country, before.Synthetic, before.OrgID, before.Domain
			if r.Person == "" {
				r.Person = before.Person
			}
		} else {
			r.Country, r.OrgID, r.Domain, r.SourceRef = s.Home, actor.OrgID, baqylau.HealthDomain, store.NewID()
			if r.SourceID, err = s.OwnSource(ctx, tx, actor.OrgID); err != nil {
				return err
			}
		}
		r.AccountID = actor.ID
		outcomes, err := RecordRegistrations(ctx, tx, []*Registration{r})
		if err != nil {
			return err
		}
		tx.Subject("registration", r.ID, r.OrgID, map[string]any{"outcome": string(outcomes[0])})
		return nil
	})
}

// WithdrawRegistration ends a registration that should not be there. Codes: Forbidden, NotFound.
func (s *Service) WithdrawRegistration(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "harm.WithdrawRegistration(%s)", id)
	return s.W.Do(ctx, actor, access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
		if err := held.Lock(ctx, tx, "registration"); err != nil {
			return err
		}
		r, err := loadRegistration(ctx, tx, actor, access.EpisodeWrite, id)
		if err != nil {
			return err
		}
		tx.Subject("registration", id, r.OrgID, map[string]any{"withdrawn": true})
		return held.Withdraw(ctx, tx, "registration", id)
	})
}
