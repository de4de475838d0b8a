package admin

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/due"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const breachPath = "/breaches"

// noticeDays is the term for telling the authority of a breach: one working day from its discovery (Law of the Republic of Kazakhstan
// of 21 May 2013 No. 94-V on personal data and their protection; order 481/НҚ of 9 August 2024 on breach notices).
const noticeDays = 1

// Breach is an entry of the register of data breaches.
type Breach struct {
	ID, Ref       string
	Found         time.Time
	Happened      baqylau.Date // unknown when zero
	What          string
	Classes       string // kinds of data concerned
	Persons       int    // people concerned, 0 when unknown
	Measures      string
	AuthorityTold time.Time
	PersonsTold   time.Time
	State         string // open, closed
	due           time.Time
}

const breachColumns = "id, ref, found_at, COALESCE(happened_on, ''), what, data_classes, persons, measures, authority_notified_at, persons_notified_at, state"

func scanBreach(scan func(dest ...any) error) (b Breach, err error) {
	var found, authority, persons int64
	var happened string
	if err = scan(&b.ID, &b.Ref, &found, &happened, &b.What, &b.Classes, &b.Persons, &b.Measures, &authority, &persons, &b.State); err != nil {
		return b, store.One(err)
	}
	b.Found, b.AuthorityTold, b.PersonsTold = store.Time(found), store.Time(authority), store.Time(persons)
	b.Happened, _, err = baqylau.ParseDate(happened)
	return b, err
}

// Breaches lists the register, newest first.
func (s *Service) Breaches(ctx context.Context) (list []Breach, err error) {
	defer baqylau.Wrap(&err, "admin.Breaches")
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT "+breachColumns+" FROM breach ORDER BY found_at DESC, ref DESC LIMIT 500")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		b, err := scanBreach(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, rows.Err()
}

func (s *Service) breach(ctx context.Context, id string) (Breach, error) {
	return scanBreach(s.W.DB.Read.QueryRowContext(ctx, "SELECT "+breachColumns+" FROM breach WHERE id = ?", id).Scan)
}

// ReportBreach enters a breach and starts the clock for telling the authority.
func (s *Service) ReportBreach(ctx context.Context, actor access.Actor, b Breach) (id string, err error) {
	cal, err := due.LoadCalendar(ctx, s.W.DB.Read)
	if err != nil {
		return "", err
	}
	err = s.W.Do(ctx, actor, access.BreachEdit, func(ctx context.Context, tx *change.Tx) error {
		id = store.NewID()
		if b.Ref, err = tx.Ref(ctx, "B", 3); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`INSERT INTO breach (id, ref, found_at, happened_on, what, data_classes, persons, measures, state, account_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
			id, b.Ref, b.Found.UnixMicro(), store.NullDate(b.Happened), b.What, b.Classes, b.Persons, b.Measures, actor.ID).Exec(ctx); err != nil {
			return err
		}
		until := cal.Deadline(b.Found, noticeDays)
		tx.Subject("breach", id, actor.OrgID, map[string]any{"ref": b.Ref, "persons": b.Persons})
		return due.Open(ctx, tx, due.Item{ObjectType: "breach", ObjectID: id, Kind: "notify", Title: breachTitle(b.Ref), Path: breachPath + "/" + id, Role: access.DataProtector,
			DueAt: until, RemindAt: tx.Now.Add(time.Hour), EscalateAt: until.Add(-3 * time.Hour)})
	})
	return id, err
}

func breachTitle(ref string) baqylau.Text {
	in := func(l baqylau.Lang) string { return locale.TIn(l, "admin.breach.due", "Ref", ref) }
	return baqylau.Text{KK: in(baqylau.Kazakh), RU: in(baqylau.Russian), EN: in(baqylau.English)}
}

// The steps of a breach.
const (
	stepMeasures  = "measures"
	stepAuthority = "authority"
	stepPersons   = "persons"
	stepClose     = "close"
)

// StepBreach moves a breach: notes measures, records that the authority or the people concerned were told, or closes it. Only a breach
// of which the authority was told can be closed. Codes: NotFound, Conflict, Invalid.
func (s *Service) StepBreach(ctx context.Context, actor access.Actor, id, step, measures string) error {
	return s.W.Do(ctx, actor, access.BreachEdit, func(ctx context.Context, tx *change.Tx) error {
		b, err := scanBreach(tx.QueryRowContext(ctx, "SELECT "+breachColumns+" FROM breach WHERE id = ?", id).Scan)
		if err != nil {
			return err
		}
		tx.Subject("breach", id, actor.OrgID, map[string]any{"step": step})
		if b.State != "open" {
			return baqylau.E(baqylau.Conflict, "admin.error.breach_closed")
		}
		now := tx.Now.UnixMicro()
		var q string
		var args []any
		switch step {
		case stepMeasures:
			q, args = "measures = ?", []any{measures}
		case stepAuthority:
			q, args = "authority_notified_at = CASE WHEN authority_notified_at = 0 THEN ? ELSE authority_notified_at END", []any{now}
			if err := due.Close(ctx, tx, "breach", id, "notify"); err != nil {
				return err
			}
		case stepPersons:
			q, args = "persons_notified_at = CASE WHEN persons_notified_at = 0 THEN ? ELSE persons_notified_at END", []any{now}
		case stepClose:
			if b.AuthorityTold.IsZero() {
				return baqylau.E(baqylau.Conflict, "admin.error.breach_untold")
			}
			q = "state = 'closed'"
		default:
			return baqylau.E(baqylau.Invalid, "error.choice").On("step")
		}
		_, err = tx.NewRaw("UPDATE breach SET "+q+" WHERE id = ?", append(args, id)...).Exec(ctx)
		return err
	})
}

func (s *Service) showBreaches(c *web.Ctx) error {
	list, err := s.Breaches(c.Context())
	if err != nil {
		return err
	}
	return c.Render(web.Page{Title: c.T("nav.breaches"), Room: breachPath, Body: breachesPage(breachTable(c.Context(), list))})
}

func breachTable(ctx context.Context, list []Breach) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "nav.breaches"), Empty: ui.Empty{Title: locale.T(ctx, "admin.breach.none"), Text: locale.T(ctx, "admin.breach.none.text")},
		Columns: []ui.Column{{Label: locale.T(ctx, "admin.breach.ref"), Main: true}, {Label: locale.T(ctx, "admin.breach.found"), NoWrap: true},
			{Label: locale.T(ctx, "admin.breach.persons"), Number: true}, {Label: locale.T(ctx, "admin.breach.authority"), NoWrap: true}, {Label: locale.T(ctx, "admin.breach.state"), Bare: true}}}
	for _, b := range list {
		t.Rows = append(t.Rows, ui.Row{ID: b.ID, Cells: []templ.Component{ui.Link(breachPath+"/"+b.ID, b.Ref, b.Classes), ui.Text(locale.Date(ctx, change.Today(b.Found))),
			ui.Figure(itoa(b.Persons), locale.Int(ctx, b.Persons)), ui.Text(locale.DateTime(ctx, b.AuthorityTold)), b.badge(ctx)}})
	}
	return t
}

func (b Breach) badge(ctx context.Context) templ.Component {
	p := ui.Done
	if b.State == "open" {
		p = ui.Waiting
	}
	return ui.State(p, locale.Code(ctx, "breach_state", b.State))
}

func (s *Service) showNewBreach(c *web.Ctx, sent *web.Form, err error) error {
	f := fields.New(c, sent, err, map[string][]string{"found": {change.Today(c.Now()).String()}})
	return page(c, "admin.breach.new", breachPath, f, web.Page{Body: newBreachPage(f)})
}

func (s *Service) postNewBreach(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	today := change.Today(c.Now())
	found, _ := f.Date("found", true, today)
	happened, _ := f.Date("happened", false, today)
	b := Breach{Happened: happened, What: f.Text("what", true, 4000), Classes: f.Text("classes", true, 500), Measures: f.Text("measures", false, 4000)}
	if n := f.Int("persons", false, 0, 100_000_000); n > 0 {
		b.Persons = n
	}
	if !happened.IsZero() && happened.After(found) {
		f.Bad("happened", "admin.error.breach_order")
	}
	if err := f.Err(); err != nil {
		return s.showNewBreach(c, f, err)
	}
	y, m, d := found.Time().Date()
	if b.Found = time.Date(y, m, d, 0, 0, 0, 0, change.Zone); found == today {
		b.Found = c.Now()
	}
	id, err := s.ReportBreach(c.Context(), c.Actor, b)
	if err != nil {
		return err
	}
	return c.Done(breachPath+"/"+id, "admin.done.breach", "")
}

// breachView is the page of one breach.
type breachView struct {
	fields.Set
	Breach
	now time.Time
}

func (s *Service) showBreach(c *web.Ctx, sent *web.Form, err error) error {
	b, rerr := s.breach(c.Context(), c.Path("id"))
	if rerr != nil {
		return rerr
	}
	cal, rerr := due.LoadCalendar(c.Context(), s.W.DB.Read)
	if rerr != nil {
		return rerr
	}
	b.due = cal.Deadline(b.Found, noticeDays)
	v := breachView{fields.New(c, sent, err, map[string][]string{"measures": {b.Measures}}), b, c.Now()}
	return page(c, "admin.breach.one", breachPath, v.Set, web.Page{Body: v.page()})
}

func (s *Service) postBreach(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	measures := f.Text("measures", false, 4000)
	if err = f.Err(); err == nil {
		err = s.StepBreach(c.Context(), c.Actor, c.Path("id"), f.Get("step"), measures)
	}
	if code := baqylau.CodeOf(err); code == baqylau.Invalid || code == baqylau.Conflict {
		return s.showBreach(c, nil, err)
	}
	if err != nil {
		return err
	}
	return c.Done(breachPath+"/"+c.Path("id"), "admin.done.breach", "")
}

func (v breachView) facts(ctx context.Context) []ui.Fact {
	persons := locale.T(ctx, "admin.breach.unknown")
	if v.Persons > 0 {
		persons = locale.Int(ctx, v.Persons)
	}
	fs := []ui.Fact{
		{Name: locale.T(ctx, "admin.breach.found"), Value: ui.Text(locale.DateTime(ctx, v.Found))},
		{Name: locale.T(ctx, "admin.breach.happened"), Value: ui.Text(locale.Date(ctx, v.Happened))},
		{Name: locale.T(ctx, "admin.breach.classes"), Value: ui.Text(v.Classes)},
		{Name: locale.T(ctx, "admin.breach.persons"), Value: ui.Text(persons)},
		{Name: locale.T(ctx, "admin.breach.authority"), Value: ui.Text(locale.DateTime(ctx, v.AuthorityTold))},
		{Name: locale.T(ctx, "admin.breach.persons_told"), Value: ui.Text(locale.DateTime(ctx, v.PersonsTold))},
	}
	if v.AuthorityTold.IsZero() && v.State == "open" {
		fs = append(fs, ui.Fact{Name: locale.T(ctx, "admin.breach.deadline"), Value: ui.Text(locale.DateTime(ctx, v.due) + " (" + locale.Left(ctx, v.due, v.now) + ")")})
	}
	return fs
}

func itoa(n int) string { return strconv.Itoa(n) }
