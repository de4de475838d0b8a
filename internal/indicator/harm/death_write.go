package harm

import (
	"context"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

var (
	heldColumns = strings.Fields(`id source_id source_ref org_id account_id domain known_on recorded_at batch_id supersedes_id`)

	deathColumns = append(strings.Fields(`register country region place died_on died_precision sex age age_band underlying causes manner autopsy toxicology person published synthetic note poisons`), heldColumns...)

	substanceColumns = strings.Fields(`death_id position substance_id name drug nps role`)
)

func (h *Held) values(tx *change.Tx) []any {
	return []any{h.ID, h.SourceID, h.SourceRef, h.OrgID, h.AccountID, string(h.Domain), h.Known.String(), store.Micros(tx.Now), store.Null(h.BatchID), store.Null(h.SupersedesID)}
}

// begin gives a record its identifier and dates, unless the slot holds the same already.
func (h *Held) begin(tx *change.Tx, said string, standing map[slot]standingRow) Outcome {
	if h.Known.IsZero() {
		h.Known = tx.Today()
	}
	if h.SourceRef == "" {
		h.SourceRef = said
	}
	at := slot{h.SourceID, h.SourceRef}
	before, known := standing[at]
	if known && before.said == said {
		h.ID = before.id
		return Same
	}
	outcome := New
	if known {
		h.SupersedesID, outcome = before.id, Amended
	}
	h.ID, h.Recorded = store.NewID(), tx.Now
	standing[at] = standingRow{h.ID, said}
	return outcome
}

// standingRow is a row in force: its identifier and what it says.
type standingRow struct{ id, said string }

// RecordDeaths writes deaths within an act: new ones, and those that say something else than the record in force of their slot, which they supersede. Sent again unchanged they change nothing. All
// must have passed Check. The caller says the act's subject.
func RecordDeaths(ctx context.Context, tx *change.Tx, all []*Death) (outcomes []Outcome, err error) {
	defer baqylau.Wrap(&err, "harm.RecordDeaths")
	refs := make([]slot, len(all))
	batch := ""
	for i, d := range all {
		refs[i], batch = slot{d.SourceID, d.SourceRef}, d.BatchID
		if d.SourceRef == "" {
			refs[i].ref = d.said()
		}
	}
	standing, err := standingDeaths(ctx, tx, refs, batch)
	if err != nil {
		return nil, err
	}
	outcomes = make([]Outcome, len(all))
	var rows, substances []any
	for i, d := range all {
		if outcomes[i] = d.begin(tx, d.said(), standing); outcomes[i] == Same {
			continue
		}
		var age any
		if d.Age >= 0 {
			age = d.Age
		}
		rows = append(rows, string(d.Register), d.Country, d.Residence, d.Place, d.Died.String(), string(d.Precision), d.Sex, age, d.Band, string(d.Underlying), death.Join(d.Causes), string(d.Manner), string(d.Autopsy),
			string(d.Toxicology), d.Person, d.Published, d.Synthetic, d.Note, poisons(d.Record))
		rows = append(rows, d.values(tx)...)
		for n, s := range d.Substances {
			substances = append(substances, d.ID, n, store.Null(s.ID), s.Name, s.Drug, s.NPS, string(s.Role))
		}
	}
	if err := tx.Insert(ctx, "death", deathColumns, rows); err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, "death_substance", substanceColumns, substances); err != nil {
		return nil, err
	}
	twice, err := diedTwice(ctx, tx, all, outcomes, batch)
	if err != nil {
		return nil, err
	}
	return outcomes, check.Keep(ctx, tx, append(doubtsOf(all, outcomes), twice...))
}

// diedTwice asks about persons whom one kind of register has as dead more than once, as far as one of the records was written now. They count once.
func diedTwice(ctx context.Context, tx *change.Tx, all []*Death, outcomes []Outcome, batch string) (out []check.Finding, err error) {
	written := map[string]bool{}
	var persons []string
	for i, d := range all {
		if outcomes[i] != Same && d.Person != "" {
			written[d.ID], persons = true, append(persons, d.Person)
		}
	}
	slices.Sort(persons)
	type body struct {
		person, country string
		register        death.Register
	}
	for part := range slices.Chunk(slices.Compact(persons), 500) {
		in, args := store.In(part)
		found, err := readDeaths(ctx, tx, []condition{{"r.person <> '' AND r.person IN (" + in + ") AND " + held.Standing("death", "r"), append(args, batch, batch)}})
		if err != nil {
			return nil, err
		}
		slices.SortFunc(found, func(a, b Death) int { return strings.Compare(a.ID, b.ID) })
		first := map[body]*Death{}
		for i := range found {
			d := &found[i]
			k := body{d.Person, d.Country, d.Register}
			before, known := first[k]
			switch {
			case !known:
				first[k] = d
			case written[before.ID] || written[d.ID]:
				died := func(x *Death) check.Value { return check.Value{Label: "death.field.died_on", Text: x.Died.String()} }
				out = append(out, d.finding("death", "death_twice", false, died(before), died(d), d.Residence, d.Died.Truncated(baqylau.Month)))
			}
		}
	}
	return out, nil
}

// doubtsOf are what the checks ask of records that are new or amended.
func doubtsOf(all []*Death, outcomes []Outcome) (out []check.Finding) {
	for i, d := range all {
		if outcomes[i] == Same {
			continue
		}
		for _, x := range d.Doubts() {
			about := deathValues[x.Rule]
			out = append(out, d.finding("death", x.Rule, x.Grave, check.Value{Label: about[0], Text: x.First}, check.Value{Label: about[1], Text: x.Second}, d.Residence, d.Died.Truncated(baqylau.Month)))
		}
	}
	return out
}

// deathValues say what the two values of each rule are.
var deathValues = map[string][2]string{
	"death_nature_underlying": {"death.field.underlying", "death.field.causes"}, "death_manner": {"death.field.underlying", "death.field.manner"}, "death_toxicology": {"death.field.toxicology", "death.substances"},
	"death_no_poison": {"death.field.register", "death.substances"}, "death_unspecified_drug": {"death.field.underlying", "death.field.causes"}, "death_age": {"death.field.age", "death.field.age"},
}

// finding is a finding about this record; corrected, it is about the same thing.
func (h *Held) finding(subject, rule string, grave bool, first, second check.Value, place, period string) check.Finding {
	severity := check.Question
	if grave {
		severity = check.Error
	}
	return check.Finding{Rule: rule, Severity: severity, Subject: subject, SubjectID: h.ID, Mark: h.SourceID + "/" + h.SourceRef, First: first, Second: second, Place: place, Period: period, OrgID: h.OrgID, Domain: h.Domain, BatchID: h.BatchID}
}

// standingDeaths are the records in force today of some slots, those of the same import among them, so that an import which is resumed after a crash finds its own.
func standingDeaths(ctx context.Context, db bun.IDB, refs []slot, batch string) (map[slot]standingRow, error) {
	out := map[slot]standingRow{}
	found, err := readDeaths(ctx, db, standingIn("death", refs, batch))
	for _, d := range found {
		out[slot{d.SourceID, d.SourceRef}] = standingRow{d.ID, d.said()}
	}
	return out, err
}

// standingIn makes the conditions by which the rows in force of some slots are found, a few hundred slots a question.
func standingIn(table string, refs []slot, batch string) (out []condition) {
	const most = 500
	bySource := map[string][]string{}
	var sources []string
	for _, r := range refs {
		if bySource[r.source] == nil {
			sources = append(sources, r.source)
		}
		bySource[r.source] = append(bySource[r.source], r.ref)
	}
	for _, source := range sources {
		list := bySource[source]
		for at := 0; at < len(list); at += most {
			in, args := store.In(list[at:min(at+most, len(list))])
			args = append([]any{source}, args...)
			out = append(out, condition{"r.source_id = ? AND r.source_ref IN (" + in + ") AND " + held.Standing(table, "r"), append(args, batch, batch)})
		}
	}
	return out
}

// condition is SQL over the alias r.
type condition struct {
	sql  string
	args []any
}

// KeepDeath records one death that a person enters, or corrects the one with the identifier id. Codes: Forbidden, Invalid with the field of each mistake, NotFound.
func (s *Service) KeepDeath(ctx context.Context, actor access.Actor, id string, d *Death) (err error) {
	defer baqylau.Wrap(&err, "harm.KeepDeath")
	if err := mayKeep(actor); err != nil {
		return err
	}
	if err := d.Check(change.Today(s.W.Now())); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
		if id != "" {
			if err := held.Lock(ctx, tx, "death"); err != nil {
				return err
			}
			before, err := loadDeath(ctx, tx, actor, access.EpisodeWrite, id)
			if err != nil {
				return err
			}
			d.SourceID, d.SourceRef, d.Country, d.Published, d.Synthetic, d.OrgID, d.Domain = before.SourceID, before.SourceRef, before.Country, before.Published, before.Synthetic, before.OrgID, before.Domain
			if d.Person == "" {
				d.Person = before.Person
			}
		} else {
			d.Country, d.OrgID, d.Domain, d.SourceRef = s.Home, actor.OrgID, baqylau.HealthDomain, store.NewID()
			if d.SourceID, err = s.OwnSource(ctx, tx, actor.OrgID); err != nil {
				return err
			}
		}
		d.AccountID = actor.ID
		outcomes, err := RecordDeaths(ctx, tx, []*Death{d})
		if err != nil {
			return err
		}
		tx.Subject("death", d.ID, d.OrgID, map[string]any{"outcome": string(outcomes[0])})
		return nil
	})
}

// WithdrawDeath ends a record that should not be there. Codes: Forbidden, NotFound.
func (s *Service) WithdrawDeath(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "harm.WithdrawDeath(%s)", id)
	return s.W.Do(ctx, actor, access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
		if err := held.Lock(ctx, tx, "death"); err != nil {
			return err
		}
		d, err := loadDeath(ctx, tx, actor, access.EpisodeWrite, id)
		if err != nil {
			return err
		}
		tx.Subject("death", id, d.OrgID, map[string]any{"withdrawn": true})
		return held.Withdraw(ctx, tx, "death", id)
	})
}
