package indicator

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Entered is what became of figures that somebody entered.
type Entered struct {
	IDs      []string
	Outcomes []Outcome
}

// Enter records figures of the actor's organisation: a new one, or one that supersedes what the organisation said before of the same thing. All are taken or none. Codes: Invalid with
// every field that is wrong, as items[17].start; Forbidden, NotFound for who is on the other side of the wall.
func (s *Service) Enter(ctx context.Context, actor access.Actor, all []Observation, then func(Entered)) (out Entered, err error) {
	defer baqylau.Wrap(&err, "indicator.Enter")
	return s.enter(ctx, actor, all, func(i int, field string) string { return "items[" + strconv.Itoa(i) + "]." + field }, then)
}

// plainly names a mistake by its field alone, where there is one figure.
func plainly(_ int, field string) string { return field }

// enter is Enter, with name as the name of a field of figure i.
func (s *Service) enter(ctx context.Context, actor access.Actor, all []Observation, name func(i int, field string) string, then func(Entered)) (out Entered, err error) {
	var errs baqylau.Errors
	for i := range all {
		for _, e := range mistakes(s.prepare(&all[i], change.Today(s.W.Now()))) {
			errs = append(errs, e.On(name(i, e.Field)))
		}
	}
	if err := errs.OrNil(); err != nil {
		return out, err
	}
	err = s.W.Do(ctx, actor, access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
		source, err := s.OwnSource(ctx, tx, actor.OrgID)
		if err != nil {
			return err
		}
		for i := range all {
			o := &all[i]
			if o.SourceID == "" {
				o.OrgID, o.Domain, o.SourceID = actor.OrgID, actor.Domain, source
			}
			o.AccountID = actor.ID
			if err := tx.Authorise(access.Row{OrgID: o.OrgID, OwnerID: o.AccountID, Domain: o.Domain}); err != nil {
				return err
			}
		}
		return s.write(ctx, tx, all, &out, then)
	})
	return out, err
}

// write records, names the act's subject and asks for the checks.
func (s *Service) write(ctx context.Context, tx *change.Tx, all []Observation, out *Entered, then func(Entered)) (err error) {
	if out.Outcomes, err = Record(ctx, tx, all); err != nil {
		return err
	}
	for i := range all {
		out.IDs = append(out.IDs, all[i].ID)
	}
	tx.Subject("observation", all[0].ID, all[0].OrgID, map[string]any{"figures": len(all), "indicator": all[0].Indicator})
	if err := AskChecks(ctx, tx, all); err != nil {
		return err
	}
	if then != nil {
		then(*out)
	}
	return nil
}

// AskChecks lets the rules look at figures that were written within the act, once it is done.
func AskChecks(ctx context.Context, tx *change.Tx, all []Observation) error {
	if tx.Writer().Queue == nil { // a command line without workers
		return nil
	}
	codes := map[string][]string{}
	for i := range all {
		if c := all[i].Country; !slices.Contains(codes[c], all[i].Indicator) {
			codes[c] = append(codes[c], all[i].Indicator)
		}
	}
	for country, list := range codes {
		if err := tx.Enqueue(ctx, ExamineArgs{Country: country, Indicators: list}, nil); err != nil {
			return err
		}
	}
	return nil
}

// prepare fills what follows from the catalogue and the registry, and checks the figure. Code: Invalid.
func (s *Service) prepare(o *Observation, today baqylau.Date) error {
	o.Age = age(o.Age)
	if i, ok := define.Current().Indicator(o.Indicator); ok && o.Unit == "" {
		o.Unit = i.Unit
	}
	if o.Country == "" {
		o.Country = s.Home
	}
	o.located(s)
	o.Fill()
	var errs baqylau.Errors
	errs = append(errs, mistakes(o.Check())...)
	for field, key := range wrong(o) {
		errs = append(errs, baqylau.E(baqylau.Invalid, key, "Value", o.Breakdown.String()).On(field))
	}
	book := s.Shelf.Book()
	_, region := book.Region(o.Place)
	if _, country := book.Country(o.Place); !region && !country {
		errs = append(errs, baqylau.E(baqylau.Invalid, "error.choice").On("place"))
	}
	if o.End.After(today) {
		errs = append(errs, baqylau.E(baqylau.Invalid, "indicator.error.future").On("end"))
	}
	return errs.OrNil()
}

// Correct puts another value in the place of a figure's, as whoever stated it: the earlier one stays behind it. Codes: Invalid, NotFound, Forbidden.
func (s *Service) Correct(ctx context.Context, actor access.Actor, id string, put func(*Observation)) (out Entered, err error) {
	defer baqylau.Wrap(&err, "indicator.Correct(%s)", id)
	o, err := Get(ctx, s.W.DB.Read, id)
	if err != nil {
		return out, err
	}
	if err := access.CheckRow(actor, access.IndicatorWrite, access.Row{OrgID: o.OrgID, Domain: o.Domain}); err != nil {
		return out, err
	}
	slot := o.Slot()
	put(&o)
	if o.Slot() != slot { // another cell is another figure
		return out, baqylau.E(baqylau.Invalid, "indicator.error.other_cell")
	}
	o.ID, o.BatchID, o.SupersedesID, o.Known = "", "", "", baqylau.Date{}
	return s.enter(ctx, actor, []Observation{o}, plainly, nil)
}

// Get reads one visible figure. Code: NotFound.
func Get(ctx context.Context, db bun.IDB, id string) (o Observation, err error) {
	defer baqylau.Wrap(&err, "indicator.Get(%s)", id)
	rows, err := db.QueryContext(ctx, "SELECT "+columnsOf("o")+" FROM observation o WHERE o.id = ? AND "+revealed("o"), id)
	if err != nil {
		return o, err
	}
	found, err := scanAll(rows)
	if err == nil && len(found) == 0 {
		err = store.One(sql.ErrNoRows)
	}
	if err != nil {
		return o, err
	}
	return found[0], nil
}

// Asked is what the rules ask about figures that are about to be or have just been entered.
func (s *Service) Asked(ctx context.Context, ids []string, o *Observation) (out []check.Finding, err error) {
	defer baqylau.Wrap(&err, "indicator.Asked")
	today := change.Today(s.W.Now())
	all, err := Find(ctx, s.W.DB.Read, Question{Indicators: related([]string{o.Indicator}), Country: o.Country, AsOf: today, EndFrom: o.End.AddDays(-800), To: o.End.AddDays(400)})
	if err != nil {
		return nil, err
	}
	for _, f := range check.All(Figures(all), s.Facts(today)) {
		if slices.Contains(ids, f.SubjectID) {
			out = append(out, f)
		}
	}
	return out, nil
}
