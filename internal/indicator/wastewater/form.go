package wastewater

import (
	"context"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// formDays is how many days the form takes: a campaign is a week.
const formDays = 7

// identity are the fields that name a week.
var identity = []string{"campaign", "city", "plant", "residue"}

// Keep records the samples of one week that a person enters; entered again they are corrected, and days that are no longer among them are withdrawn. Codes: Forbidden; Invalid with the field of each mistake.
func (s *Service) Keep(ctx context.Context, actor access.Actor, all []*Sample) (err error) {
	defer baqylau.Wrap(&err, "wastewater.Keep")
	if len(all) == 0 {
		return baqylau.Errors{baqylau.E(baqylau.Invalid, "wastewater.error.days").On("flow-0")}
	}
	return s.W.Do(ctx, actor, access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
		for _, x := range all {
			x.OrgID, x.AccountID, x.Domain = actor.OrgID, actor.ID, actor.Domain
			if err := x.Check(tx.Today()); err != nil {
				return err
			}
		}
		if err := held.Lock(ctx, tx, "wastewater_sample"); err != nil {
			return err
		}
		before, err := week(ctx, tx, all[0])
		if err != nil {
			return err
		}
		if _, err := record(ctx, tx, all); err != nil {
			return err
		}
		gone := slices.DeleteFunc(before, func(old Sample) bool {
			return slices.ContainsFunc(all, func(x *Sample) bool { return x.slot() == old.slot() })
		})
		for _, old := range gone {
			if err := held.Withdraw(ctx, tx, "wastewater_sample", old.ID); err != nil {
				return err
			}
		}
		tx.Subject("wastewater", all[0].ID, actor.OrgID, map[string]any{"samples": len(all), "withdrawn": len(gone), "city": all[0].City, "residue": all[0].Residue})
		return nil
	})
}

// week are the samples in force of the week, organisation and residue that x names, by day.
func week(ctx context.Context, db bun.IDB, x *Sample) ([]Sample, error) {
	where, args := held.InForce("wastewater_sample", "s", held.Ever)
	return samples(ctx, db, "s.org_id = ? AND s.campaign = ? AND s.city = ? AND s.plant = ? AND s.residue = ? AND "+where, append([]any{x.OrgID, x.Campaign, x.City, x.Plant, x.Residue}, args...)...)
}

// keepOwn leaves of a day what the form does not show of it: it shows population, limit and note of the first day, and what was left as it shows them stays as each day has it.
func (x *Sample) keepOwn(first, own *Sample) {
	if x.Population == first.Population {
		x.Population = own.Population
	}
	if x.LOQ == nil && first.LOQ == nil || x.LOQ != nil && first.LOQ != nil && *x.LOQ == *first.LOQ {
		x.LOQ = own.LOQ
	}
	if x.Note == first.Note {
		x.Note = own.Note
	}
	x.Synthetic = own.Synthetic
}

// Withdraw ends the samples of a week of the actor's organisation that should not be there. Codes: Forbidden, NotFound.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, campaign, city, plant, residue string) (err error) {
	defer baqylau.Wrap(&err, "wastewater.Withdraw")
	return s.W.Do(ctx, actor, access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
		if err := held.Lock(ctx, tx, "wastewater_sample"); err != nil {
			return err
		}
		found, err := week(ctx, tx, &Sample{OrgID: actor.OrgID, Campaign: campaign, City: city, Plant: plant, Residue: residue})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return baqylau.E(baqylau.NotFound, "error.not_found")
		}
		tx.Subject("wastewater", found[0].ID, actor.OrgID, map[string]any{"withdrawn": len(found)})
		for _, x := range found {
			if err := held.Withdraw(ctx, tx, "wastewater_sample", x.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

type formView struct {
	head             ui.Head
	set              fields.Set
	places, residues []ui.Option
	days             []string
	stored           bool // the week stands already: the form corrects it
}

// named is a field of the n-th day.
func (v formView) named(ctx context.Context, name, label string, n int) ui.Field {
	f := v.set.Optional(name, label, "")
	f.Label = locale.T(ctx, "wastewater.day", "N", n+1, "What", locale.T(ctx, label))
	return f
}

// showForm is the form of a week, filled with what the actor's organisation has entered of the one that the address names.
func (s *Service) showForm(c *web.Ctx, sent *web.Form, mistake error) error {
	v := formView{head: ui.Head{Title: c.T("wastewater.new"), Sub: []string{c.T("wastewater.new.sub")}}, places: s.places(c), residues: []ui.Option{{Label: c.T("wastewater.choose")}}}
	for _, code := range define.Current().Codes("residue") {
		v.residues = append(v.residues, ui.Option{Value: code, Label: define.Current().Label(c.Lang(), "residue", code)})
	}
	for i := range formDays {
		v.days = append(v.days, strconv.Itoa(i))
	}
	stored, err := s.stored(c)
	if err != nil {
		return err
	}
	if v.stored = len(stored) > 0 && sent == nil; v.stored {
		v.head.Title = c.T("wastewater.correct")
	}
	v.set = fields.New(c, sent, mistake, stored)
	return c.Render(web.Page{Title: v.head.Title, Room: path, Kind: ui.Narrow, Status: v.set.Status(), Body: formBody(v)})
}

// places are the country and its regions.
func (s *Service) places(c *web.Ctx) []ui.Option {
	out := []ui.Option{{Label: c.T("wastewater.choose")}}
	if s.Home == "" {
		return out
	}
	for _, r := range s.Shelf.Book().Regions(s.Home) {
		if !r.Outside {
			out = append(out, ui.Option{Value: r.Code, Label: r.Name.In(c.Lang())})
		}
	}
	ui.ByName(c.Context(), out[1:])
	return out
}

// stored are the fields of the week that the address names; nil where there is none.
func (s *Service) stored(c *web.Ctx) (map[string][]string, error) {
	if c.Query("campaign") == "" {
		return nil, nil
	}
	all, err := week(c.Context(), s.W.DB.Read, &Sample{OrgID: c.Actor.OrgID, Campaign: c.Query("campaign"), City: c.Query("city"), Plant: c.Query("plant"), Residue: c.Query("residue")})
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	text := func(v float64) []string { return []string{strconv.FormatFloat(v, 'f', -1, 64)} }
	var first baqylau.Date
	for _, x := range all {
		if first.IsZero() {
			first = x.Taken
			for name, v := range map[string]string{"campaign": x.Campaign, "city": x.City, "plant": x.Plant, "place": x.Place, "residue": x.Residue, "first": x.Taken.String(), "note": x.Note} {
				out[name] = []string{v}
			}
			out["population"] = text(x.Population)
			if x.LOQ != nil {
				out["loq"] = text(*x.LOQ)
			}
		}
		day := x.Taken.Sub(first)
		if day >= formDays {
			continue
		}
		out["flow-"+strconv.Itoa(day)] = text(x.Flow)
		if x.Concentration != nil {
			out["concentration-"+strconv.Itoa(day)] = text(*x.Concentration)
		}
	}
	if first.IsZero() {
		return nil, nil
	}
	return out, nil
}

func (s *Service) doForm(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	said := Sample{OrgID: c.Actor.OrgID, Campaign: f.Text("campaign", true, 100), City: f.Text("city", true, 100), Plant: f.Text("plant", false, 100), Place: f.Get("place"), Residue: f.Choice("residue", true, define.Current().Codes("residue")...), Note: f.Text("note", false, 2000)}
	said.Country = s.country(said.Place, s.Home)
	if r, ok := s.Shelf.Book().Region(said.Place); !ok || r.Country != s.Home {
		f.Bad("place", "error.choose")
	}
	said.Population = decimal(f, "population", true)
	if f.Get("loq") != "" {
		loq := decimal(f, "loq", true)
		said.LOQ = &loq
	}
	before, err := week(c.Context(), s.W.DB.Read, &said)
	if err != nil {
		return err
	}
	own := map[int]*Sample{} // by how many days after the first, as the form shows them
	for i := range before {
		own[before[i].Taken.Sub(before[0].Taken)] = &before[i]
	}
	first, precision := f.Date("first", true, change.Today(s.W.Now()))
	if !first.IsZero() && precision != baqylau.Day {
		f.Bad("first", "error.date", "value", f.Get("first"))
	}
	var all []*Sample
	for i := range formDays {
		n := strconv.Itoa(i)
		if f.Get("flow-"+n) == "" && f.Get("concentration-"+n) == "" {
			continue
		}
		x := said
		if old := own[i]; old != nil {
			x.keepOwn(own[0], old)
		}
		x.Taken, x.Flow = first.AddDays(i), decimal(f, "flow-"+n, true)
		if f.Get("concentration-"+n) != "" {
			v := decimal(f, "concentration-"+n, false)
			x.Concentration = &v
		} else if x.LOQ == nil {
			f.Bad("concentration-"+n, "wastewater.error.loq")
		}
		if !first.IsZero() && x.Taken.After(change.Today(s.W.Now())) {
			f.Bad("flow-"+n, "error.date_future")
		}
		all = append(all, &x)
	}
	if err = f.Err(); err == nil {
		err = s.Keep(c.Context(), c.Actor, all)
	}
	switch baqylau.CodeOf(err) {
	case "":
		return c.Done(path+"?"+url.Values{"residue": {said.Residue}}.Encode(), "wastewater.done", "")
	case baqylau.Invalid:
		return s.showForm(c, f, err)
	}
	return err
}

// decimal reads a number of a form: not negative, or with positive above 0.
func decimal(f *web.Form, name string, positive bool) float64 {
	v, err := strconv.ParseFloat(f.Decimal(name, true), 64)
	if err != nil { // said already
		return 1
	}
	if positive && v == 0 {
		f.Bad(name, "wastewater.error.positive")
	}
	return v
}

func (s *Service) doWithdraw(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	if err := s.Withdraw(c.Context(), c.Actor, f.Get("campaign"), f.Get("city"), f.Get("plant"), f.Get("residue")); err != nil {
		return err
	}
	return c.Done(path, "wastewater.done.withdrawn", "")
}

// weekTable are the campaigns that samples of a residue make, latest first.
func (s *Service) weekTable(c *web.Ctx, residue, country string, weeks []Week) (t ui.Table, err error) {
	ctx := c.Context()
	t = ui.Table{ID: "weeks", Caption: c.T("wastewater.weeks"), Columns: []ui.Column{{Label: c.T("wastewater.city"), Main: true}, {Label: c.T("wastewater.campaign")}, {Label: c.T("wastewater.days"), Number: true}, {Label: c.T("wastewater.below"), Number: true},
		{Label: c.T("wastewater.load"), Number: true}, {Label: c.T("wastewater.weekdays"), Number: true, Minor: true}, {Label: c.T("wastewater.weekends"), Number: true, Minor: true}, {Label: c.T("wastewater.used"), Number: true, Minor: true}, {Label: c.T("wastewater.population"), Number: true, Minor: true}}}
	factor, known := FactorOf(residue, drugOf(residue))
	senders, err := s.senders(ctx)
	if err != nil {
		return t, err
	}
	number := func(v float64) string {
		if math.IsNaN(v) {
			return "–"
		}
		return locale.Number(ctx, v, 1)
	}
	for _, w := range weeks {
		if w.Residue != residue || country != "" && w.Country != country {
			continue
		}
		load, used := number(w.Load), "–"
		if w.Below == w.Days {
			load = "< " + number(w.High)
		} else if w.Below > 0 {
			load += " (" + number(w.Low) + "–" + number(w.High) + ")"
		}
		if known && w.Below < w.Days {
			used = number(w.Load * factor.Value)
		}
		where := w.City
		if w.Plant != "" {
			where += ", " + w.Plant
		}
		var campaign templ.Component = ui.Lines(w.Campaign, locale.Date(ctx, w.From)+" – "+locale.Date(ctx, w.To))
		if w.OrgID == c.Actor.OrgID && access.May(c.Actor, access.IndicatorWrite) {
			campaign = ui.Link(path+"/new?"+url.Values{"campaign": {w.Campaign}, "city": {w.City}, "plant": {w.Plant}, "residue": {w.Residue}}.Encode(), w.Campaign, locale.Date(ctx, w.From)+" – "+locale.Date(ctx, w.To))
		}
		t.Rows = append(t.Rows, ui.Row{Label: where, Cells: []templ.Component{ui.Lines(where, strings.TrimSuffix(s.Shelf.Book().PlaceName(w.Place, c.Lang())+" · "+senders[w.OrgID].In(c.Lang()), " · ")), campaign, ui.Text(locale.Int(ctx, w.Days)), ui.Text(locale.Int(ctx, w.Below)), ui.Text(load), ui.Text(number(w.Weekday)),
			ui.Text(number(w.Weekend)), ui.Text(used), ui.Text(locale.Number(ctx, w.Population, 0))}})
	}
	return t, nil
}
