package facility

import (
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// options are the codes of a list, with an empty one in front.
func options(c *web.Ctx, listName string) []ui.Option {
	out := []ui.Option{{Label: c.T("facility.choose")}}
	for _, code := range codelist.Values(listName) {
		out = append(out, ui.Option{Value: code.Code, Label: code.Name.In(c.Lang())})
	}
	return out
}

// regions are those of the centre's own country, with an empty one in front.
func (s *Service) regions(c *web.Ctx) []ui.Option {
	out := []ui.Option{{Label: c.T("facility.choose")}}
	for _, r := range s.Shelf.Book().Regions(s.Home) {
		if !r.Outside && (r.To.IsZero() || !r.To.Before(s.today())) {
			out = append(out, ui.Option{Value: r.Code, Label: r.Name.In(c.Lang())})
		}
	}
	ui.ByName(c.Context(), out[1:])
	return out
}

type formView struct {
	head                             ui.Head
	action                           string
	set                              fields.Set
	kinds, owners, regions, services []ui.Option
}

func (s *Service) showForm(c *web.Ctx, id string, sent *web.Form, mistake error) error {
	v := formView{action: path + "/new", head: ui.Head{Title: c.T("facility.new")}, kinds: options(c, kindList), owners: options(c, ownershipList), regions: s.regions(c), services: options(c, serviceList)[1:]}
	var stored map[string][]string
	if id != "" {
		f, err := Get(c.Context(), s.W.DB.Read, id)
		if err != nil {
			return err
		}
		if err := access.CheckRow(c.Actor, access.IndicatorWrite, access.Row{OrgID: f.OrgID, Domain: f.Domain}); err != nil {
			return err
		}
		number := func(n *int64) []string {
			if n == nil {
				return nil
			}
			return []string{strconv.FormatInt(*n, 10)}
		}
		day := func(d baqylau.Date) []string {
			if d.IsZero() {
				return nil
			}
			return []string{d.String()}
		}
		v.action, v.head = path+"/"+id+"/edit", ui.Head{Title: c.T("facility.edit"), Sub: []string{f.Name.In(c.Lang())}}
		stored = map[string][]string{"code": {f.Code}, "name_kk": {f.Name.KK}, "name_ru": {f.Name.RU}, "name_en": {f.Name.EN}, "region": {f.Region}, "area": {f.Area}, "address": {f.Address}, "kind": {f.Kind}, "ownership": {f.Owned}, "services": f.Services,
			"beds": number(f.Beds), "places": number(f.Places), "staff": number(f.Staff), "opened": day(f.Opened), "closed": day(f.Closed), "note": {f.Note}}
	}
	v.set = fields.New(c, sent, mistake, stored)
	return c.Render(web.Page{Title: v.head.Title, Room: path, Kind: ui.Narrow, Status: v.set.Status(), Body: formBody(v)})
}

func (s *Service) doForm(c *web.Ctx, id string) error {
	form, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	number := func(name string) *int64 {
		if form.Get(name) == "" {
			return nil
		}
		n := int64(form.Int(name, true, 0, 100_000))
		return &n
	}
	day := func(name string) baqylau.Date {
		d, p := form.Date(name, false, baqylau.NewDate(9999, 12, 31))
		if !d.IsZero() && p != baqylau.Day {
			form.Bad(name, "error.date", "value", form.Get(name))
		}
		return d
	}
	f := &Facility{Code: form.Text("code", true, 60), Name: baqylau.Text{KK: form.Text("name_kk", false, 200), RU: form.Text("name_ru", false, 200), EN: form.Text("name_en", false, 200)}, Region: form.Get("region"), Area: form.Text("area", false, 100),
		Address: form.Text("address", false, 300), Kind: form.Get("kind"), Owned: form.Get("ownership"), Services: form.All("services"), Beds: number("beds"), Places: number("places"), Staff: number("staff"), Opened: day("opened"), Closed: day("closed"),
		Note: form.Text("note", false, 2000)}
	if err = form.Err(); err == nil {
		err = s.Keep(c.Context(), c.Actor, id, f)
	}
	if code := baqylau.CodeOf(err); code == baqylau.Invalid || code == baqylau.Conflict {
		return s.showForm(c, id, form, err)
	} else if err != nil {
		return err
	}
	return c.Done(path+"/"+f.ID, "facility.done", "")
}

type figuresView struct {
	head   ui.Head
	action string
	set    fields.Set
	asked  []ui.Field
}

func (s *Service) showFigures(c *web.Ctx, sent *web.Form, mistake error) error {
	f, err := Get(c.Context(), s.W.DB.Read, c.Path("id"))
	if err != nil {
		return err
	}
	if err := access.CheckRow(c.Actor, access.IndicatorWrite, access.Row{OrgID: f.OrgID, Domain: f.Domain}); err != nil {
		return err
	}
	year := s.today().Time().Year() - 1
	if n, err := strconv.Atoi(c.Query("year")); err == nil {
		year = n
	}
	stored := map[string][]string{"year": {strconv.Itoa(year)}}
	figures, err := Figures(c.Context(), s.W.DB.Read, s.Home, s.today())
	if err != nil {
		return err
	}
	for _, o := range figures {
		if o.FacilityID == f.ID && o.End.Time().Year() == year && o.Value != nil {
			stored[o.Indicator] = []string{strconv.FormatFloat(*o.Value, 'f', -1, 64)}
		}
	}
	v := figuresView{head: ui.Head{Title: c.T("facility.report"), Sub: []string{f.Name.In(c.Lang())}}, action: path + "/" + f.ID + "/figures", set: fields.New(c, sent, mistake, stored)}
	for _, code := range f.Asked() {
		def, _ := define.Current().Indicator(code)
		x := v.set.Optional(code, "facility.col.value", "")
		x.Label = define.Current().Name(c.Lang(), code)
		if def != nil {
			x.Help = def.Meaning.In(c.Lang())
		}
		v.asked = append(v.asked, x)
	}
	return c.Render(web.Page{Title: v.head.Title, Room: path, Kind: ui.Narrow, Status: v.set.Status(), Body: figuresBody(v)})
}

func (s *Service) doFigures(c *web.Ctx) error {
	form, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	f, err := Get(c.Context(), s.W.DB.Read, c.Path("id"))
	if err != nil {
		return err
	}
	year := form.Int("year", true, 1990, s.today().Time().Year())
	values := map[string]*float64{}
	for _, code := range f.Asked() {
		if form.Get(code) == "" {
			continue
		}
		n := float64(form.Int(code, true, 0, 1_000_000_000))
		values[code] = &n
	}
	if err = form.Err(); err == nil {
		err = s.Report(c.Context(), c.Actor, f.ID, year, values)
	}
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showFigures(c, form, err)
	} else if err != nil {
		return err
	}
	return c.Done(path+"/"+f.ID, "facility.done.figures", "")
}
