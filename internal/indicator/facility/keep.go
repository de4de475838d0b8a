package facility

import (
	"context"
	"database/sql"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

const columns = `f.id, f.facility_id, f.code, f.name, f.country, f.region, f.area, f.address, f.kind, f.ownership, f.services, f.beds, f.places, f.staff, f.opened_on, f.closed_on, f.note, f.published, f.synthetic, f.org_id,
	f.account_id, f.domain, f.known_on`

func scan(row interface{ Scan(...any) error }) (f Facility, err error) {
	var name, services, known string
	var opened, closed sql.NullString
	if err := row.Scan(&f.Version, &f.ID, &f.Code, &name, &f.Country, &f.Region, &f.Area, &f.Address, &f.Kind, &f.Owned, &services, &f.Beds, &f.Places, &f.Staff, &opened, &closed, &f.Note, &f.Published, &f.Synthetic, &f.OrgID,
		&f.AccountID, &f.Domain, &known); err != nil {
		return f, err
	}
	f.Name, f.Services = baqylau.ParseText(name), strings.Fields(services)
	for _, d := range []struct {
		to   *baqylau.Date
		text string
	}{{&f.Opened, opened.String}, {&f.Closed, closed.String}, {&f.Known, known}} {
		if d.text == "" {
			continue
		}
		if *d.to, _, err = baqylau.ParseDate(d.text); err != nil {
			return f, err
		}
	}
	return f, nil
}

// inForce is the condition that version f counts on a day.
func inForce(day baqylau.Date) (string, []any) { return held.InForce("facility", "f", day) }

// All are the facilities of a country as of a day, by region and code.
func All(ctx context.Context, db bun.IDB, country string, day baqylau.Date) (out []Facility, err error) {
	defer baqylau.Wrap(&err, "facility.All(%s)", country)
	where, args := inForce(day)
	rows, err := db.QueryContext(ctx, "SELECT "+columns+" FROM facility f WHERE f.country = ? AND "+where+" ORDER BY f.region, f.code, f.id", append([]any{country}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		f, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// Get is a facility as it is now. The register is no secret: it names services, not people. Code: NotFound.
func Get(ctx context.Context, db bun.IDB, id string) (f Facility, err error) {
	where, args := inForce(held.Ever)
	f, err = scan(db.QueryRowContext(ctx, "SELECT "+columns+" FROM facility f WHERE f.facility_id = ? AND "+where, append([]any{id}, args...)...))
	return f, store.One(err)
}

// Keep enters a facility, or with its identifier a new version of it from today on. Codes: Forbidden; Invalid with the field of each mistake; NotFound for what is not theirs; Conflict for a number that
// another facility of the organisation has.
func (s *Service) Keep(ctx context.Context, actor access.Actor, id string, f *Facility) (err error) {
	defer baqylau.Wrap(&err, "facility.Keep")
	if err := f.Check(s.home); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
		var before any
		if err := held.Lock(ctx, tx, "facility"); err != nil {
			return err
		}
		f.ID, f.Version, f.Country, f.OrgID, f.AccountID, f.Domain, f.Known = id, store.NewID(), s.Home, actor.OrgID, actor.ID, baqylau.NeutralDomain, tx.Today()
		if id != "" {
			old, err := Get(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := access.CheckRow(actor, access.IndicatorWrite, access.Row{OrgID: old.OrgID, Domain: old.Domain}); err != nil {
				return err
			}
			before, f.OrgID, f.Synthetic, f.Published = old.Version, old.OrgID, old.Synthetic, old.Published
		} else {
			f.ID = store.NewID()
		}
		where, args := inForce(held.Ever)
		var twin int
		if err := tx.NewRaw("SELECT count(*) FROM facility f WHERE f.org_id = ? AND f.code = ? AND f.facility_id <> ? AND "+where, append([]any{f.OrgID, f.Code, f.ID}, args...)...).Scan(ctx, &twin); err != nil {
			return err
		}
		if twin > 0 {
			return baqylau.E(baqylau.Conflict, "facility.error.code").On("code")
		}
		tx.Subject("facility", f.ID, f.OrgID, map[string]any{"code": f.Code, "new": id == ""})
		return tx.Insert(ctx, "facility", insertColumns, f.values(tx, before))
	})
}

var insertColumns = strings.Fields(`id facility_id code name country region area address kind ownership services beds places staff opened_on closed_on note published synthetic org_id account_id domain known_on
	recorded_at batch_id supersedes_id`)

// values are the version's row; before is the identifier of the version that it supersedes, or nil.
func (f *Facility) values(tx *change.Tx, before any) []any {
	return []any{f.Version, f.ID, f.Code, f.Name.JSON(), f.Country, f.Region, f.Area, f.Address, f.Kind, f.Owned, strings.Join(f.Services, " "), count(f.Beds), count(f.Places), count(f.Staff),
		store.NullDate(f.Opened), store.NullDate(f.Closed), f.Note, f.Published, f.Synthetic, f.OrgID, f.AccountID, string(f.Domain), f.Known.String(), store.Micros(tx.Now), store.Null(f.batch), before}
}

func count(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

// Now are the facilities of the centre's own country as they are today.
func (s *Service) Now(ctx context.Context) ([]Facility, error) {
	return All(ctx, s.W.DB.Read, s.Home, s.today())
}
