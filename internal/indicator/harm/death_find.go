package harm

import (
	"context"
	"database/sql"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/uptrace/bun"
)

// Deaths lists the deaths of a country that count on a day, by date of death: a person whom two sources have in one kind of register is there once. It hides nothing: whoever shows them sees to access and disclosure.
func Deaths(ctx context.Context, db bun.IDB, country string, day baqylau.Date) (_ []Death, err error) {
	defer baqylau.Wrap(&err, "harm.Deaths(%s)", country)
	where, args := counts(day)
	return readDeaths(ctx, db, []condition{{"r.country = ? AND " + where, append([]any{country}, args...)}})
}

const deathSelect = `r.id, r.source_id, r.source_ref, r.org_id, r.account_id, r.domain, r.known_on, r.recorded_at, r.batch_id, r.supersedes_id, r.register, r.country, r.region, r.place, r.died_on, r.died_precision, r.sex, r.age,
	r.age_band, r.underlying, r.causes, r.manner, r.autopsy, r.toxicology, r.person, r.published, r.synthetic, r.note`

// readDeaths reads the deaths that fulfil any of some conditions which exclude one another.
func readDeaths(ctx context.Context, db bun.IDB, conditions []condition) (out []Death, err error) {
	for _, c := range conditions {
		from := len(out)
		rows, err := db.QueryContext(ctx, "SELECT "+deathSelect+" FROM death r WHERE "+c.sql+" ORDER BY r.died_on, r.id", c.args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			d, err := scanDeath(rows)
			if err != nil {
				_ = rows.Close()
				return nil, err
			}
			out = append(out, d)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		if err := substancesOf(ctx, db, c, out[from:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func scanDeath(row interface{ Scan(...any) error }) (d Death, err error) {
	var known, died, underlying, causes string
	var recorded int64
	var age sql.NullInt64
	var batch, supersedes sql.NullString
	if err := row.Scan(&d.ID, &d.SourceID, &d.SourceRef, &d.OrgID, &d.AccountID, &d.Domain, &known, &recorded, &batch, &supersedes, &d.Register, &d.Country, &d.Residence, &d.Place, &died, &d.Precision, &d.Sex,
		&age, &d.Band, &underlying, &causes, &d.Manner, &d.Autopsy, &d.Toxicology, &d.Person, &d.Published, &d.Synthetic, &d.Note); err != nil {
		return d, err
	}
	d.BatchID, d.SupersedesID, d.Recorded, d.Underlying, d.Age = batch.String, supersedes.String, store.Time(recorded), death.Code(underlying), -1
	if age.Valid {
		d.Age = int(age.Int64)
	}
	if d.Causes, err = death.ParseCodes(causes); err != nil {
		return d, err
	}
	if d.Died, _, err = baqylau.ParseDate(died); err != nil {
		return d, err
	}
	d.Known, _, err = baqylau.ParseDate(known)
	return d, err
}

// substancesOf adds to deaths that fulfil a condition what was found in each.
func substancesOf(ctx context.Context, db bun.IDB, c condition, deaths []Death) error {
	if len(deaths) == 0 {
		return nil
	}
	at := make(map[string]*Death, len(deaths))
	for i := range deaths {
		at[deaths[i].ID] = &deaths[i]
	}
	rows, err := db.QueryContext(ctx, "SELECT s.death_id, s.substance_id, s.name, s.drug, s.nps, s.role FROM death r JOIN death_substance s ON s.death_id = r.id WHERE "+c.sql+" ORDER BY s.death_id, s.position", c.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var substance sql.NullString
		var s death.Substance
		if err := rows.Scan(&id, &substance, &s.Name, &s.Drug, &s.NPS, &s.Role); err != nil {
			return err
		}
		s.ID = substance.String
		if d := at[id]; d != nil {
			d.Substances = append(d.Substances, s)
		}
	}
	return rows.Err()
}

// loadDeath reads one record in force that the actor may do act on. Code: NotFound, also for what is not theirs.
func loadDeath(ctx context.Context, db bun.IDB, actor access.Actor, act access.Act, id string) (d Death, err error) {
	where, args := held.InForce("death", "r", held.Ever)
	found, err := readDeaths(ctx, db, []condition{{"r.id = ? AND " + where, append([]any{id}, args...)}})
	if err != nil {
		return d, err
	}
	if len(found) == 0 {
		return d, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	d = found[0]
	return d, access.CheckRow(actor, act, access.Row{OrgID: d.OrgID, OwnerID: d.AccountID, Domain: d.Domain})
}

// Death is one record for whoever may see it. Codes: Forbidden, NotFound.
func (s *Service) Death(ctx context.Context, actor access.Actor, id string) (d Death, err error) {
	defer baqylau.Wrap(&err, "harm.Death(%s)", id)
	return loadDeath(ctx, s.W.DB.Read, actor, access.EpisodeRead, id)
}

// today is the centre's day.
func (s *Service) today() baqylau.Date { return change.Today(s.W.Now()) }

// fillSubstances adds to the rows of a list what was found in each.
func (s *Service) fillSubstances(c *web.Ctx, db bun.IDB, rows []*Death) error {
	ids := make([]string, len(rows))
	deaths := make([]Death, len(rows))
	for i, d := range rows {
		ids[i], deaths[i] = d.ID, *d
	}
	in, args := store.In(ids)
	if err := substancesOf(c.Context(), db, condition{"r.id IN (" + in + ")", args}, deaths); err != nil {
		return err
	}
	for i := range rows {
		*rows[i] = deaths[i]
	}
	return nil
}
