package alert

import (
	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// warningPage shows a communication to those who receive it: the newest version that they may see.
func (s *Service) warningPage(c *web.Ctx) error {
	ctx := c.Context()
	m, err := ByRef(ctx, s.W.DB.Read, c.Actor, c.Path("ref"))
	if err != nil {
		return err
	}
	country, err := Country(ctx, s.W.DB.Read)
	if err != nil {
		return err
	}
	if m.State != Retracted {
		if err := withPhotos(ctx, s.W.DB.Read, &m); err != nil {
			return err
		}
	}
	h := s.head(ctx, m, country)
	if access.May(c.Actor, access.AlertRead) {
		h.Act = ui.Submit(ui.Button{Label: c.T("alert.work_page"), Href: "/alerts/" + m.ID, Look: ui.Quiet})
	}
	return c.Render(web.Page{Title: h.Title, Room: "/warnings", Kind: ui.Narrow, Body: warningBody(m, h, s.facts(ctx, m, country)), AsOf: asOf(ctx, c.Now())})
}

// mailPage lets a person choose what they receive by mail.
func (s *Service) mailPage(c *web.Ctx, sub *Subscription, failed error) error {
	ctx := c.Context()
	subs, err := Subscriptions(ctx, s.W.DB.Read, c.Actor.ID)
	if err != nil {
		return err
	}
	v := mailView{most: c.Actor.MaxTLP, lines: ui.FieldErrors(ctx, failed)}
	switch {
	case sub != nil:
		v.sub = *sub
	case len(subs) > 0:
		v.sub = subs[0]
	default:
		v.sub = Subscription{Lang: c.Lang(), MaxTLP: c.Actor.MaxTLP, MinSeverity: baqylau.Yellow}
	}
	v.on = len(subs) > 0
	if v.on {
		v.sub.ID = subs[0].ID
	}
	if v.regions, err = s.regionOptions(ctx); err != nil {
		return err
	}
	return c.Render(web.Page{Title: c.T("alert.mail"), Room: "/warnings", Kind: ui.Narrow, Body: mailBody(v), Status: status(failed)})
}

type mailView struct {
	sub     Subscription
	on      bool
	most    baqylau.TLP
	regions []ui.Option
	lines   []ui.FieldError
}

func (v mailView) mistake(field string) string { return ui.MistakeOf(v.lines, field) }

// labels are the handling labels up to the most that an organisation is trusted with.
func labels(most baqylau.TLP) []baqylau.TLP {
	var out []baqylau.TLP
	for _, t := range baqylau.TLPs {
		if t.Allows(most) {
			out = append(out, t)
		}
	}
	return out
}

func (s *Service) saveMail(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	if id := f.Get("end"); id != "" {
		if err := s.Unsubscribe(c.Context(), c.Actor, id); err != nil {
			return err
		}
		return c.Done("/warnings/mail", "alert.mail.ended", "")
	}
	sub, err := s.subscriptionOf(c, f)
	if err == nil {
		err = s.Subscribe(c.Context(), c.Actor, sub)
	}
	switch {
	case baqylau.CodeOf(err) == baqylau.Invalid:
		return s.mailPage(c, &sub, err)
	case err != nil:
		return err
	}
	return c.Done("/warnings/mail", "alert.mail.saved", "")
}

// subscriptionOf reads the fields that every subscription has.
func (s *Service) subscriptionOf(c *web.Ctx, f *web.Form) (Subscription, error) {
	regions, err := s.regionOptions(c.Context())
	if err != nil {
		return Subscription{}, err
	}
	sub := Subscription{Lang: baqylau.Lang(f.Choice("lang", true, codes(baqylau.Langs)...)), MaxTLP: baqylau.TLP(f.Choice("max_tlp", true, codes(baqylau.TLPs)...)),
		MinSeverity: baqylau.Severity(f.Choice("min_severity", true, codes(baqylau.Severities)...)), Regions: f.Choices("regions", values(regions)...)}
	return sub, f.Err()
}

// recipientsPage lists every subscription and adds addresses without an account.
func (s *Service) recipientsPage(c *web.Ctx, sub Subscription, failed error) error {
	ctx := c.Context()
	subs, err := Subscriptions(ctx, s.W.DB.Read, "")
	if err != nil {
		return err
	}
	if sub.Lang == "" {
		sub.Lang, sub.MaxTLP, sub.MinSeverity = c.Lang(), baqylau.TLPGreen, baqylau.Yellow
	}
	v := recipientsView{sub: sub, lines: ui.FieldErrors(ctx, failed), noMail: s.Mail == nil}
	if v.regions, err = s.regionOptions(ctx); err != nil {
		return err
	}
	var orgs []struct{ ID, Name, MaxTLP string }
	if err := s.W.DB.Read.NewRaw("SELECT id, name, max_tlp FROM organisation WHERE active ORDER BY code").Scan(ctx, &orgs); err != nil {
		return err
	}
	v.orgs = []ui.Option{{Value: "", Label: c.T("alert.recipients.choose")}}
	for _, o := range orgs {
		v.orgs = append(v.orgs, ui.Option{Value: o.ID, Label: baqylau.ParseText(o.Name).In(c.Lang()) + " · TLP:" + o.MaxTLP})
	}
	ui.ByName(ctx, v.orgs[1:])
	v.table = ui.Table{Caption: c.T("alert.recipients"), Empty: ui.Empty{Title: c.T("alert.recipients.none"), Text: c.T("alert.recipients.none.text")},
		Columns: []ui.Column{{Label: c.T("alert.address"), Main: true}, {Label: c.T("alert.mail.lang")}, {Label: c.T("alert.mail.max_tlp")}, {Label: c.T("alert.mail.min_severity")},
			{Label: c.T("alert.regions")}, {Label: c.T("alert.col.state"), Bare: true}, {Label: c.T("alert.act"), Bare: true}}}
	for _, x := range subs {
		state := ui.State(ui.Done, c.T("alert.recipients.verified"))
		if x.VerifiedAt.IsZero() {
			state = ui.State(ui.Waiting, c.T("alert.recipients.waits"))
		}
		kind := x.OrgName.In(c.Lang())
		if x.AccountID != "" {
			kind += " · " + c.T("alert.recipients.account")
		}
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []templ.Component{ui.Lines(x.Address, kind), ui.Text(locale.Code(ctx, "lang", string(x.Lang))), ui.TLP(x.MaxTLP),
			ui.Severity(x.MinSeverity), ui.Text(s.places(ctx, x.Regions, "")), state, endForm(x.ID)}})
	}
	return c.Render(web.Page{Title: c.T("alert.recipients"), Room: "/alerts", Body: recipientsBody(v), Status: status(failed)})
}

type recipientsView struct {
	sub     Subscription
	orgs    []ui.Option
	regions []ui.Option
	table   ui.Table
	lines   []ui.FieldError
	noMail  bool
}

func (v recipientsView) mistake(field string) string { return ui.MistakeOf(v.lines, field) }

func (s *Service) addRecipient(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	address, org := f.Text("address", true, 254), f.Text("org", true, 64)
	sub, err := s.subscriptionOf(c, f)
	sub.Address, sub.OrgID, sub.AckRequired = address, org, f.Bool("ack")
	if err == nil {
		err = s.Add(c.Context(), c.Actor, sub)
	}
	switch code := baqylau.CodeOf(err); {
	case code == baqylau.Invalid || code == baqylau.Conflict:
		return s.recipientsPage(c, sub, err)
	case err != nil:
		return err
	}
	return c.Done("/alerts/recipients", "alert.recipients.added", "")
}

func (s *Service) endRecipient(c *web.Ctx) error {
	if err := s.Unsubscribe(c.Context(), c.Actor, c.Path("id")); err != nil {
		return err
	}
	return c.Done("/alerts/recipients", "alert.mail.ended", "")
}
