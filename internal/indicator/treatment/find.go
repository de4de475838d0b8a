package treatment

import (
	"context"
	"database/sql"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// revealed is the condition that a row does not belong to an import that is still being written or was taken back.
func revealed(a string) string {
	return "(" + a + ".batch_id IS NULL OR " + a + ".batch_id IN (SELECT id FROM batch WHERE state = 'applied'))"
}

// inForce is the condition that row a counts on a day, with its arguments: it was known, and nothing that was known by then takes its place. The superseded ones are few and
// looked up as a list.
func inForce(a string, day baqylau.Date) (string, []any) {
	d := day.String()
	return revealed(a) + " AND " + a + ".known_on <= ? AND (" + a + ".withdrawn_on IS NULL OR " + a + ".withdrawn_on > ?) AND " + a +
		".id NOT IN (SELECT later.supersedes_id FROM episode later WHERE later.supersedes_id IS NOT NULL AND later.known_on <= ? AND " + revealed("later") + ")", []any{d, d, d}
}

// caseSelect are the columns that scanCase reads, of the alias e.
const caseSelect = `e.id, COALESCE(e.person,''), e.country, e.answers, e.confirmed, e.ref, e.slot, e.synthetic, e.org_id, e.account_id, e.known_on, e.recorded_at, COALESCE(e.batch_id,''),
	COALESCE(e.supersedes_id,''), COALESCE(e.withdrawn_on,'')`

func scanCase(scan func(...any) error) (c Case, err error) {
	var answers, known, withdrawn string
	var recorded int64
	if err := scan(&c.ID, &c.Pseudonym, &c.Country, &answers, &c.Confirmed, &c.Ref, &c.Slot, &c.Synthetic, &c.OrgID, &c.AccountID, &known, &recorded, &c.BatchID, &c.SupersedesID, &withdrawn); err != nil {
		return c, err
	}
	if err := c.read(answers); err != nil {
		return c, err
	}
	c.Recorded = store.Time(recorded)
	for _, d := range []struct {
		to   *baqylau.Date
		text string
	}{{&c.Known, known}, {&c.Withdrawn, withdrawn}} {
		if *d.to, _, err = baqylau.ParseDate(d.text); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Get is a case that the actor may see, in force or not. Code: NotFound.
func (s *Service) Get(ctx context.Context, actor access.Actor, id string) (c Case, err error) {
	defer baqylau.Wrap(&err, "treatment.Get(%s)", id)
	return get(ctx, s.W.DB.Read, actor, access.EpisodeRead, id)
}

func get(ctx context.Context, db bun.IDB, actor access.Actor, act access.Act, id string) (Case, error) {
	scope, args := access.Where(actor, act, "e")
	row := db.QueryRowContext(ctx, "SELECT "+caseSelect+" FROM episode e WHERE e.id = ? AND "+revealed("e")+" AND "+scope, append([]any{id}, args...)...)
	c, err := scanCase(row.Scan)
	return c, store.One(err)
}

// current is the row that stands in the place of id today: itself, or what superseded it.
func current(ctx context.Context, db bun.IDB, id string) (string, error) {
	for range 1000 {
		var later string
		err := db.QueryRowContext(ctx, "SELECT n.id FROM episode n WHERE n.supersedes_id = ? AND "+revealed("n")+" ORDER BY n.id DESC LIMIT 1", id).Scan(&later)
		if err == sql.ErrNoRows {
			return id, nil
		}
		if err != nil {
			return "", err
		}
		id = later
	}
	return id, nil
}

// earlier are the rows that a case superseded, newest first.
func (s *Service) earlier(ctx context.Context, c Case) (out []Case, err error) {
	for id := c.SupersedesID; id != "" && len(out) < 100; {
		row := s.W.DB.Read.QueryRowContext(ctx, "SELECT "+caseSelect+" FROM episode e WHERE e.id = ?", id)
		b, err := scanCase(row.Scan)
		if err != nil {
			return out, err
		}
		out = append(out, b)
		id = b.SupersedesID
	}
	return out, nil
}
