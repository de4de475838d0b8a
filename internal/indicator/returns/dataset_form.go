package returns

import (
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

type datasetFormView struct {
	head                                  ui.Head
	action                                string
	set                                   fields.Set
	orgs, subjects, every, units, domains []ui.Option
	isNew                                 bool
}

// texts are the fields in three languages, and whether they must be filled.
var texts = []struct {
	name     string
	required bool
}{{"name", true}, {"owner", true}, {"form", false}, {"law", false}, {"gaps", false}}

func (s *Service) showDatasetForm(c *web.Ctx, code string, sent *web.Form, mistake error) error {
	v := datasetFormView{action: datasetsPath + "/new", isNew: code == "", head: ui.Head{Title: c.T("dataset.new")}}
	stored := map[string][]string{"every": {string(Yearly)}, "domain": {string(baqylau.HealthDomain)}}
	if code != "" {
		d, err := DatasetOf(c.Context(), s.W.DB.Read, code, s.today())
		if err != nil {
			return err
		}
		v.action, v.head = datasetsPath+"/"+code+"/edit", ui.Head{Title: c.T("dataset.edit"), Sub: []string{d.Name.In(c.Lang())}}
		stored = map[string][]string{"code": {d.Code}, "org": {d.OrgID}, "subject": {d.Subject}, "indicators": {strings.Join(d.Indicators, "\n")}, "sources": {strings.Join(d.Sources, "\n")}, "every": {string(d.Every)},
			"units": {d.Units}, "domain": {string(d.Domain)}, "from": {d.From}, "to": {d.To}}
		if d.DueDays != nil {
			stored["due_days"] = []string{strconv.Itoa(*d.DueDays)}
		}
		if d.Verified {
			stored["verified"] = []string{"1"}
		}
		for _, f := range texts {
			t := map[string]baqylau.Text{"name": d.Name, "owner": d.Owner, "form": d.Form, "law": d.Law, "gaps": d.Gaps}[f.name]
			stored[f.name+"_kk"], stored[f.name+"_ru"], stored[f.name+"_en"] = []string{t.KK}, []string{t.RU}, []string{t.EN}
		}
	}
	names, err := organisations(c.Context(), s.W.DB.Read)
	if err != nil {
		return err
	}
	for id, n := range names {
		v.orgs = append(v.orgs, ui.Option{Value: id, Label: n.In(c.Lang())})
	}
	none := ui.Option{Label: c.T("dataset.choose")}
	v.orgs = append([]ui.Option{none}, ui.ByName(c.Context(), v.orgs)...)
	v.subjects, v.units = []ui.Option{none}, []ui.Option{{Label: c.T("dataset.units.one")}}
	for _, x := range Subjects {
		v.subjects = append(v.subjects, ui.Option{Value: x, Label: c.T("dataset.subject." + x)})
	}
	for _, x := range Frequencies {
		v.every = append(v.every, ui.Option{Value: string(x), Label: c.T("dataset.every." + string(x))})
	}
	for _, x := range Units {
		v.units = append(v.units, ui.Option{Value: x, Label: c.T("dataset.units." + x)})
	}
	for _, x := range []baqylau.Domain{baqylau.HealthDomain, baqylau.EnforcementDomain, baqylau.NeutralDomain} {
		v.domains = append(v.domains, ui.Option{Value: string(x), Label: c.T("dataset.domain." + string(x))})
	}
	v.set = fields.New(c, sent, mistake, stored)
	return c.Render(web.Page{Title: v.head.Title, Room: datasetsPath, Kind: ui.Narrow, Status: v.set.Status(), Body: datasetForm(v)})
}

func (s *Service) doDataset(c *web.Ctx, code string) error {
	form, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	text := func(name string, required bool) baqylau.Text {
		return baqylau.Text{KK: form.Text(name+"_kk", required, 500), RU: form.Text(name+"_ru", required, 500), EN: form.Text(name+"_en", required, 500)}
	}
	d := Dataset{Code: code, OrgID: form.Get("org"), Subject: form.Choice("subject", false, Subjects...), Indicators: strings.Fields(form.Text("indicators", false, 4000)), Sources: strings.Fields(form.Text("sources", false, 4000)),
		Every: Frequency(form.Get("every")), Units: form.Choice("units", false, Units...), Domain: baqylau.Domain(form.Get("domain")), From: form.Get("from"), To: form.Get("to"), Verified: form.Bool("verified"),
		Name: text("name", true), Owner: text("owner", true), Form: text("form", false), Law: text("law", false), Gaps: text("gaps", false)}
	if code == "" {
		d.Code = form.Get("code")
	}
	if form.Get("due_days") != "" {
		n := form.Int("due_days", true, 0, 1000)
		d.DueDays = &n
	}
	for _, x := range d.Indicators {
		if _, ok := define.Current().Indicator(x); !ok {
			form.Bad("indicators", "dataset.error.indicator", "Code", x)
		}
	}
	for _, x := range d.Sources {
		if _, ok := s.Shelf.Book().Source(x); !ok {
			form.Bad("sources", "dataset.error.source", "Code", x)
		}
	}
	names, err := organisations(c.Context(), s.W.DB.Read)
	if err != nil {
		return err
	}
	if _, ok := names[d.OrgID]; !ok && d.OrgID != "" {
		form.Bad("org", "error.choice")
	}
	if err = form.Err(); err == nil {
		err = s.KeepDataset(c.Context(), c.Actor, d)
	}
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showDatasetForm(c, code, form, err)
	} else if err != nil {
		return err
	}
	return c.Done(datasetsPath+"/"+d.Code, "dataset.done", "")
}
