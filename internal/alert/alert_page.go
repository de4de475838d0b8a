package alert

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

type alertView struct {
	c          Communication
	country    string
	head       ui.Head
	lines      []ui.FieldError
	missing    []ui.FieldError
	steps      []string
	edit       bool
	to         int  // addresses that an issue would reach
	recipients bool // the reader may say who receives letters
	facts      []ui.Fact
	timeline   []ui.Event
	deliveries ui.Table
	versions   []Communication
	retract    []string // who may retract it, for a reader who may not
	all        bool     // the reader answers for the words: every language is shown
	waiting    bool     // letters wait and no mail server is set up
	ground     Ground
}

// turn says what comes next before a communication goes out, and whose act it is.
func (v alertView) turn(ctx context.Context) string {
	switch {
	case v.c.State == Drafted:
		return locale.T(ctx, "alert.turn.draft")
	case v.c.State == InReview && v.c.ReviewedBy == "":
		return locale.T(ctx, "alert.turn.review")
	case v.c.State == InReview:
		return locale.T(ctx, "alert.turn.clear")
	case v.c.State == Cleared:
		return locale.T(ctx, "alert.turn.issue")
	}
	return ""
}

// alertPage shows one version with all that belongs to it; failed is what was wrong with an act on it.
func (s *Service) alertPage(c *web.Ctx, id string, failed error) error {
	ctx, db := c.Context(), s.W.DB.Read
	m, err := Get(ctx, db, c.Actor, id)
	if err != nil {
		return err
	}
	country, err := Country(ctx, db)
	if err != nil {
		return err
	}
	if err := withPhotos(ctx, db, &m); err != nil {
		return err
	}
	v := alertView{c: m, country: country, lines: ui.FieldErrors(ctx, failed), steps: StepsFor(c.Actor, m)}
	v.head = s.head(ctx, m, country)
	v.all = access.May(c.Actor, access.AlertReview) || access.May(c.Actor, access.AlertClear) || access.May(c.Actor, access.AlertIssue)
	v.edit = (m.State == Drafted || m.State == Refused) && access.May(c.Actor, access.AlertDraft)
	switch {
	case v.edit:
		v.head.Act = ui.Submit(ui.Button{Label: c.T("alert.edit"), Href: "/alerts/" + m.ID + "/edit", Look: ui.Quiet, Key: "e"})
	case m.Open():
		v.head.Act = ui.Submit(ui.Button{Label: c.T("alert.public_page"), Href: "/public/" + m.Ref, Look: ui.Quiet})
	}
	if m.IssuedAt.IsZero() {
		v.missing = ui.FieldErrors(ctx, Missing(m.Draft).OrNil())
		to, err := Recipients(ctx, db, m.Draft)
		if err != nil {
			return err
		}
		v.to, v.recipients = len(to), access.May(c.Actor, access.AlertIssue)
	}
	if v.timeline, err = s.timeline(ctx, m.RootID); err != nil {
		return err
	}
	ds, err := Deliveries(ctx, db, m.RootID)
	if err != nil {
		return err
	}
	v.deliveries = deliveryTable(ctx, ds)
	for _, d := range ds {
		v.waiting = v.waiting || d.State == "queued" && s.Mail == nil
	}
	if v.versions, err = Versions(ctx, db, c.Actor, m.RootID); err != nil {
		return err
	}
	if v.retract, err = s.mayRetract(c, m); err != nil {
		return err
	}
	v.facts = s.facts(ctx, m, country)
	if m.live() {
		if v.ground, err = s.ground(ctx, c.Actor, m.Draft); err != nil {
			return err
		}
	}
	return c.Render(web.Page{Title: v.head.Title, Room: "/alerts", Body: alertBody(v), Status: status(failed), AsOf: asOf(ctx, c.Now())})
}

// mayRetract says who may take back an issued communication, to a reader who may not: the roles, and who of them is on duty. nil when there
// is nothing to say.
func (s *Service) mayRetract(c *web.Ctx, m Communication) ([]string, error) {
	ctx := c.Context()
	i := slices.IndexFunc(steps, func(st step) bool { return st.name == Retract })
	if access.May(c.Actor, steps[i].act) || !slices.Contains(steps[i].from, m.State) {
		return nil, nil
	}
	var roles []access.Role
	var names []string
	for _, g := range access.Grants(steps[i].act) {
		roles, names = append(roles, g.Role), append(names, locale.Code(ctx, "role", string(g.Role)))
	}
	out := []string{c.T("alert.retract.who", "Roles", strings.Join(names, ", "))}
	if s.OnDuty == nil {
		return out, nil
	}
	people, err := s.OnDuty(ctx, c.Now(), roles)
	if len(people) == 0 {
		return append(out, c.T("alert.retract.nobody")), err
	}
	return append(out, c.T("alert.retract.on_duty", "People", strings.Join(people, ", "))), err
}

func asOf(ctx context.Context, now time.Time) string {
	return locale.T(ctx, "alert.as_of", "Time", now)
}

// head is the top of every page of a communication.
func (s *Service) head(ctx context.Context, m Communication, country string) ui.Head {
	h := ui.Head{Title: m.Content[Title].In(locale.Lang(ctx)), Tags: []templ.Component{ui.Severity(m.Severity), ui.Confidence(m.Confidence), ui.TLP(m.TLP), stateOf(ctx, m)}}
	if m.Open() || m.Public && m.IssuedAt.IsZero() {
		h.Tags = append(h.Tags, ui.Tag(locale.T(ctx, "alert.public")))
	}
	if m.Ref != "" {
		h.Sub = append(h.Sub, m.Ref)
	}
	h.Sub = append(h.Sub, locale.Code(ctx, "communication", string(m.Type)), s.places(ctx, m.Regions, country))
	if !m.IssuedAt.IsZero() {
		h.Sub = append(h.Sub, locale.DateTime(ctx, m.IssuedAt))
	}
	if m.Version > 1 {
		h.Sub = append(h.Sub, locale.T(ctx, "alert.version", "Version", m.Version))
	}
	return h
}

func (s *Service) facts(ctx context.Context, m Communication, country string) []ui.Fact {
	f := []ui.Fact{{Name: locale.T(ctx, "alert.regions"), Value: ui.Text(s.places(ctx, m.Regions, country))}}
	if sub, ok := s.Shelf.Book().Substance(m.SubstanceID); ok {
		f = append(f, ui.Fact{Name: locale.T(ctx, "alert.substance"), Value: ui.Link("/substances/"+sub.ID, sub.Label.In(locale.Lang(ctx)), "")})
	}
	if m.SignalID != "" {
		f = append(f, ui.Fact{Name: locale.T(ctx, "alert.signal"), Value: ui.Link("/signals/"+m.SignalID, locale.T(ctx, "alert.signal.open"), "")})
	}
	if !m.ExpiresAt.IsZero() {
		f = append(f, ui.Fact{Name: locale.T(ctx, "alert.expires"), Value: ui.Moment(m.Expires.String(), locale.Date(ctx, m.Expires))})
	}
	if m.Emergency {
		f = append(f, ui.Fact{Name: locale.T(ctx, "alert.emergency"), Value: ui.Text(locale.T(ctx, "alert.emergency.yes"))})
	}
	return f
}

func (s *Service) timeline(ctx context.Context, rootID string) ([]ui.Event, error) {
	events, err := Events(ctx, s.W.DB.Read, rootID)
	out := make([]ui.Event, len(events))
	for i, e := range events {
		by := e.By
		if by == "" {
			by = locale.T(ctx, "alert.by_system")
		}
		out[i] = ui.Event{ISO: e.At.Format("2006-01-02T15:04:05Z"), When: locale.DateTime(ctx, e.At), Act: locale.T(ctx, "alert.event."+e.Act), Reason: e.Reason,
			By: by + " · " + locale.T(ctx, "alert.version", "Version", e.Version)}
	}
	return out, err
}

func deliveryTable(ctx context.Context, ds []Delivery) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "alert.deliveries"), Empty: ui.Empty{Title: locale.T(ctx, "alert.deliveries.none"), Text: locale.T(ctx, "alert.deliveries.none.text")},
		Columns: []ui.Column{{Label: locale.T(ctx, "alert.address"), Main: true}, {Label: locale.T(ctx, "alert.delivery.purpose")}, {Label: locale.T(ctx, "alert.col.state"), Bare: true},
			{Label: locale.T(ctx, "alert.delivery.when"), NoWrap: true}, {Label: locale.T(ctx, "alert.delivery.read"), NoWrap: true}}}
	for _, d := range ds {
		p := map[string]ui.Progress{"queued": ui.Waiting, "accepted": ui.Done, "failed": ui.Failed}[d.State]
		state := ui.State(p, locale.T(ctx, "alert.delivery."+d.State))
		if d.LastError != "" && d.State != "accepted" {
			state = stateNote(p, locale.T(ctx, "alert.delivery."+d.State), locale.T(ctx, d.LastError))
		}
		read := ui.Text("")
		switch {
		case !d.AcknowledgedAt.IsZero():
			read = ui.Moment(d.AcknowledgedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, d.AcknowledgedAt))
		case d.AckRequired:
			read = ui.Text(locale.T(ctx, "alert.delivery.unread"))
		}
		accepted := ui.Text("")
		if !d.AcceptedAt.IsZero() {
			accepted = ui.Moment(d.AcceptedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, d.AcceptedAt))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Lines(d.Address, d.OrgName.In(locale.Lang(ctx))),
			ui.Lines(locale.T(ctx, "alert.purpose."+d.Purpose), locale.T(ctx, "alert.version", "Version", d.Version)), state, accepted, read}})
	}
	return t
}

// doStep performs an act of the review and clearance panel; what was wrong comes back at the page.
func (s *Service) doStep(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	id, name := c.Path("id"), c.Path("step")
	reason := baqylau.Same(f.Text(name+"_reason", false, 2000))
	if name == Cancel || name == Retract {
		reason = baqylau.Text{KK: f.Text(name+"_kk", false, 2000), RU: f.Text(name+"_ru", false, 2000), EN: f.Text(name+"_en", false, 2000)}
	}
	if f.Err() != nil {
		return s.alertPage(c, id, f.Err())
	}
	token, err := strconv.ParseInt(f.Get("token"), 10, 64)
	if err != nil {
		return baqylau.E(baqylau.Invalid, "error.form").Because(err)
	}
	next, err := s.Step(c.Context(), c.Actor, id, token, name, reason)
	switch {
	case baqylau.CodeOf(err) == baqylau.Invalid || baqylau.CodeOf(err) == baqylau.Conflict:
		return s.alertPage(c, id, err)
	case err != nil:
		return err
	case name == Revise:
		return c.Done("/alerts/"+next+"/edit", "alert.event."+name, "")
	}
	return c.Done("/alerts/"+next, "alert.event."+name, "")
}

// inOrder lists the languages, the reader's own first.
func inOrder(own baqylau.Lang) []baqylau.Lang {
	out := []baqylau.Lang{own}
	for _, l := range baqylau.Langs {
		if l != own {
			out = append(out, l)
		}
	}
	return out
}

// altFacts are the descriptions of a photo, by language.
func altFacts(ctx context.Context, n int, p Photo) (facts []ui.Fact) {
	for _, l := range baqylau.Langs {
		facts = append(facts, ui.Fact{Name: locale.T(ctx, "alert.photo.alt", "Language", locale.Code(ctx, "lang", string(l))) + " (" + strconv.Itoa(n) + ")", Value: ui.Text(p.Alt.Exact(l))})
	}
	return facts
}

// issueText says before the issue how many mailboxes it reaches; to none no letter goes.
func issueText(ctx context.Context, to int) string {
	if to == 0 {
		return locale.T(ctx, "alert.confirm.issue.nobody")
	}
	return locale.N(ctx, "alert.confirm.issue", to)
}
