package estimate

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

var columns = strings.Fields(`id method title target country place area start_on end_on age base inputs output central low high interval_kind unit engine exposure published synthetic citation note
	org_id account_id domain known_on recorded_at supersedes_id`)

// Run computes an estimate and keeps it; SupersedesID names the one that it takes the place of. Codes: Forbidden, Invalid with every mistake and its field, NotFound, Conflict when
// another has taken that one's place meanwhile.
func (s *Service) Run(ctx context.Context, actor access.Actor, e *Estimate) (err error) {
	defer baqylau.Wrap(&err, "estimate.Run(%s)", e.Method)
	if err := access.Check(actor, access.EstimateRun); err != nil {
		return err // before the work
	}
	if err := s.compute(e); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.EstimateRun, func(ctx context.Context, tx *change.Tx) error {
		if e.SupersedesID != "" {
			before, err := load(ctx, tx, e.SupersedesID)
			if err != nil {
				return err
			}
			if before.Later != "" || !before.Withdrawn.IsZero() {
				return baqylau.E(baqylau.Conflict, "estimate.error.superseded")
			}
		}
		if err := e.stand(ctx, tx); err != nil {
			return err
		}
		e.ID, e.Recorded, e.Known, e.OrgID, e.AccountID, e.Domain = store.NewID(), tx.Now, tx.Today(), actor.OrgID, actor.ID, actor.Domain
		if e.Domain == "" {
			e.Domain = baqylau.NeutralDomain
		}
		tx.Subject("estimate", e.ID, e.OrgID, map[string]any{"method": e.Method, "engine": e.Engine, "supersedes": e.SupersedesID})
		return tx.Insert(ctx, "estimate", columns, []any{e.ID, e.Method, e.Title, e.Target, e.Country, e.Place, e.Area, e.Start.String(), e.End.String(), e.Age, null(e.Base), asJSON(e.Inputs), asJSON(e.Output),
			null(e.Central), null(e.Low), null(e.High), e.Interval, e.Unit, e.Engine, string(e.Exposure), e.Published, e.Synthetic, e.Citation, e.Note, e.OrgID, e.AccountID, string(e.Domain), e.Known.String(),
			store.Micros(e.Recorded), store.Null(e.SupersedesID)})
	})
}

// compute checks an estimate and runs its method: all mistakes of both come together.
func (s *Service) compute(e *Estimate) error {
	m, ok := compute.Of(e.Method)
	if !ok {
		return baqylau.E(baqylau.Invalid, "error.choose").On("method")
	}
	e.Inputs = m.Clean(e.Inputs)
	var all baqylau.Errors
	out, err := m.Run(e.Inputs)
	for _, err := range []error{e.Check(s.Shelf.Book(), change.Today(s.W.Now())), err} {
		found := mistakes(err)
		if err != nil && found == nil {
			return err
		}
		all = append(all, found...)
	}
	if err := all.OrNil(); err != nil {
		return err
	}
	e.fill(out)
	return nil
}

// mistakes are the parts of an error of the vocabulary; nil for any other.
func mistakes(err error) []*baqylau.Error {
	var one *baqylau.Error
	var many baqylau.Errors
	switch {
	case errors.As(err, &many):
		return many
	case errors.As(err, &one):
		return []*baqylau.Error{one}
	}
	return nil
}

// Again runs an estimate once more from what is kept of it and reports whether every figure is the same. It leaves an entry in the journal. Codes: Forbidden, NotFound.
func (s *Service) Again(ctx context.Context, actor access.Actor, id string) (equal bool, err error) {
	defer baqylau.Wrap(&err, "estimate.Again(%s)", id)
	if err := access.Check(actor, access.EstimateRun); err != nil {
		return false, err
	}
	e, err := load(ctx, s.W.DB.Read, id)
	if err != nil {
		return false, err
	}
	m, ok := compute.Of(e.Method)
	if !ok {
		return false, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	out, err := m.Run(e.Inputs)
	if err != nil && baqylau.CodeOf(err) != baqylau.Invalid { // a later engine may refuse what an earlier one took
		return false, err
	}
	equal = err == nil && e.same(out)
	return equal, s.W.Do(ctx, actor, access.EstimateRun, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("estimate", id, e.OrgID, map[string]any{"again": true, "equal": equal, "engine": compute.Engine})
		return nil
	})
}

// Withdraw ends an estimate that should not be there; it stays readable under its address. Codes: Forbidden, NotFound, Conflict when it is withdrawn already.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "estimate.Withdraw(%s)", id)
	return s.W.Do(ctx, actor, access.EstimateRun, func(ctx context.Context, tx *change.Tx) error {
		e, err := load(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Subject("estimate", id, e.OrgID, map[string]any{"withdrawn": true})
		if !e.Withdrawn.IsZero() {
			return baqylau.E(baqylau.Conflict, "estimate.error.superseded")
		}
		_, err = tx.NewRaw("UPDATE estimate SET withdrawn_on = ? WHERE id = ?", tx.Today().String(), id).Exec(ctx)
		return err
	})
}

// Get is one estimate as the actor may see it. Codes: Forbidden, NotFound.
func (s *Service) Get(ctx context.Context, actor access.Actor, id string) (e Estimate, err error) {
	defer baqylau.Wrap(&err, "estimate.Get(%s)", id)
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return e, err
	}
	if e, err = load(ctx, s.W.DB.Read, id); err != nil {
		return e, err
	}
	return e.For(disclosure.AudienceOf(actor)), nil
}

const later = "(SELECT n.id FROM estimate n WHERE n.supersedes_id = e.id)"

// selected are the columns that scan reads, of the alias e.
var selected = "e." + strings.Join(columns, ", e.") + ", e.withdrawn_on, e.observation_id, " + later

// inForce leaves out what was withdrawn or superseded.
const inForce = "e.withdrawn_on IS NULL AND NOT EXISTS (SELECT 1 FROM estimate n WHERE n.supersedes_id = e.id)"

func load(ctx context.Context, db bun.IDB, id string) (Estimate, error) {
	e, err := scan(db.QueryRowContext(ctx, "SELECT "+selected+" FROM estimate e WHERE e.id = ?", id))
	return e, store.One(err)
}

// About lists the estimates in force of a target group and a place as the actor may see them, by period; empty asks for all. Code: Forbidden.
func (s *Service) About(ctx context.Context, actor access.Actor, target, place string) (out []Estimate, err error) {
	defer baqylau.Wrap(&err, "estimate.About")
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return nil, err
	}
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT "+selected+" FROM estimate e WHERE "+inForce+" AND (? = '' OR e.target = ?) AND (? = '' OR e.place = ?) ORDER BY e.start_on, e.end_on, e.method, e.id",
		target, target, place, place)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, e.For(disclosure.AudienceOf(actor)))
	}
	return out, rows.Err()
}

func scan(row interface{ Scan(...any) error }) (e Estimate, err error) {
	var start, end, inputs, output, known string
	var recorded int64
	var supersedes, withdrawn, observation, next sql.NullString
	if err := row.Scan(&e.ID, &e.Method, &e.Title, &e.Target, &e.Country, &e.Place, &e.Area, &start, &end, &e.Age, &e.Base, &inputs, &output, &e.Central, &e.Low, &e.High, &e.Interval, &e.Unit, &e.Engine, &e.Exposure,
		&e.Published, &e.Synthetic, &e.Citation, &e.Note, &e.OrgID, &e.AccountID, &e.Domain, &known, &recorded, &supersedes, &withdrawn, &observation, &next); err != nil {
		return e, err
	}
	e.Recorded, e.SupersedesID, e.ObservationID, e.Later = store.Time(recorded), supersedes.String, observation.String, next.String
	for text, to := range map[*string]*baqylau.Date{&start: &e.Start, &end: &e.End, &known: &e.Known, &withdrawn.String: &e.Withdrawn} {
		if *text == "" {
			continue
		}
		if *to, _, err = baqylau.ParseDate(*text); err != nil {
			return e, err
		}
	}
	return e, errors.Join(json.Unmarshal([]byte(inputs), &e.Inputs), json.Unmarshal([]byte(output), &e.Output))
}

func null(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}
