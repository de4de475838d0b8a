package harm

import (
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

type deathFormView struct {
	head                                      ui.Head
	set                                       fields.Set
	action                                    string
	registers, sexes, manners, regions, known []ui.Option
}

func (s *Service) showDeathForm(c *web.Ctx, id string, sent *web.Form, failed error) error {
	if err := mayKeep(c.Actor); err != nil {
		return err
	}
	stored := map[string][]string{"register": {string(death.General)}, "manner": {string(death.UnknownManner)}, "autopsy": {string(death.NotKnown)}, "toxicology": {string(death.NotKnown)}}
	v := deathFormView{head: ui.Head{Title: c.T("death.new"), Sub: []string{c.T("death.new.sub")}}, action: "/deaths/new", registers: options(c, "death-register")[1:], manners: options(c, "death-manner")[1:], regions: s.regions(c), known: options(c, "known")[1:]}
	if id != "" {
		d, err := loadDeath(c.Context(), s.W.DB.Read, c.Actor, access.EpisodeWrite, id)
		if err != nil {
			return err
		}
		stored, v.action, v.head = storedDeath(d), "/deaths/records/"+id+"/edit", ui.Head{Title: c.T("death.edit"), Sub: []string{c.T("death.edit.sub")}}
	}
	v.sexes = []ui.Option{{Label: c.T("death.choose")}}
	for _, sex := range death.Sexes {
		v.sexes = append(v.sexes, ui.Option{Value: sex, Label: label(c.Context(), "sex", sex)})
	}
	v.set = fields.New(c, sent, failed, stored)
	return c.Render(web.Page{Title: v.head.Title, Room: deathsPath, Kind: ui.Narrow, Body: deathForm(v), Status: v.set.Status()})
}

// storedDeath is a record as the form shows it.
func storedDeath(d Death) map[string][]string {
	age := d.Band
	if d.Age >= 0 {
		age = itoa(d.Age)
	}
	m := map[string][]string{"register": {string(d.Register)}, "died_on": {d.Died.Truncated(d.Precision)}, "sex": {d.Sex}, "age": {age}, "manner": {string(d.Manner)}, "region": {d.Residence}, "place": {d.Place}, "underlying": {string(d.Underlying)},
		"causes": {death.Join(d.Causes)}, "autopsy": {string(d.Autopsy)}, "toxicology": {string(d.Toxicology)}, "note": {d.Note}}
	for role, field := range roleFields {
		var names []string
		for _, x := range d.Substances {
			if x.Role == role {
				names = append(names, x.Name)
			}
		}
		m[field] = []string{strings.Join(names, "\n")}
	}
	return m
}

var roleFields = map[death.Role]string{death.Caused: "caused", death.Contributed: "contributed", death.Present: "present"}

// doDeath reads the form and keeps the record; mistakes come back at the form.
func (s *Service) doDeath(c *web.Ctx, id string) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	d := s.deathOf(c, f)
	if err = f.Err(); err == nil {
		err = s.KeepDeath(c.Context(), c.Actor, id, d)
	}
	switch baqylau.CodeOf(err) {
	case "":
		return c.Done("/deaths/records/"+d.ID, "death.done.kept", "")
	case baqylau.Invalid:
		return s.showDeathForm(c, id, f, err)
	}
	return err
}

// deathOf reads a record from a form. A personal number is checked, keyed and forgotten here.
func (s *Service) deathOf(c *web.Ctx, f *web.Form) *Death {
	d := &Death{Note: f.Text("note", false, 2000)}
	d.Register = death.Register(f.Choice("register", true, codelist.Codes("death-register")...))
	d.Died, d.Precision = f.Date("died_on", true, s.today())
	d.Sex, d.Age = f.Choice("sex", true, death.Sexes...), -1
	if age := f.Text("age", false, 20); age != "" {
		band, ok := death.ParseBand(age)
		switch {
		case !ok:
			f.Bad("age", "death.band.bad")
		case band.Low == band.High:
			d.Age = band.Low
		default:
			d.Band = age
		}
	}
	d.Manner = death.Manner(f.Choice("manner", true, codelist.Codes("death-manner")...))
	d.Autopsy, d.Toxicology = death.Known(f.Choice("autopsy", true, codelist.Codes("known")...)), death.Known(f.Choice("toxicology", true, codelist.Codes("known")...))
	for field, to := range map[string]*string{"region": &d.Residence, "place": &d.Place} {
		if *to = f.Get(field); *to != "" {
			if _, ok := s.Shelf.Book().Region(*to); !ok {
				f.Bad(field, "error.choice")
			}
		}
	}
	code, err := death.ParseCode(f.Get("underlying"))
	bad(f, "underlying", err)
	codes, err := death.ParseCodes(f.Text("causes", false, 400))
	bad(f, "causes", err)
	d.Underlying, d.Causes = code, codes
	for _, role := range death.Roles {
		d.Substances = append(d.Substances, Recognise(s.Shelf.Book(), f.Text(roleFields[role], false, 1000), role)...)
	}
	d.Person = s.person(f)
	return d
}

// bad records an error of the vocabulary at a field.
func bad(f *web.Form, field string, err error) {
	var e *baqylau.Error
	if asError(err, &e) {
		f.Errors = append(f.Errors, e.On(field))
	}
}
