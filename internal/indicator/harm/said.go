package harm

import (
	"maps"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// said turns the fields that a program sends, those of an import with codes for places, into a row. Code: Invalid with the field of each mistake.
func (s *Service) said(target string, values map[string]string) (mapping.Origin, *mapping.Row, error) {
	var es baqylau.Errors
	t, _ := mapping.TargetNamed(target)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		at := slices.IndexFunc(t.Fields, func(f mapping.TargetField) bool { return f.Name == name })
		if at < 0 || name == "person" || name == "synthetic" {
			es = append(es, baqylau.E(baqylau.Invalid, "error.choice").On(name))
			continue
		}
		v, bad := values[name], false
		switch f := t.Fields[at]; f.Kind {
		case mapping.KindPlace:
			_, known := s.Shelf.Book().Region(v)
			bad = v != "" && !known
		case mapping.KindCode:
			bad = v != "" && !slices.Contains(f.List, v)
		case mapping.KindYes:
			bad = v != "" && v != "yes" && v != "no"
		}
		if bad {
			es = append(es, baqylau.E(baqylau.Invalid, "error.choice").On(name))
		}
	}
	for _, f := range t.Fields {
		if f.Required && strings.TrimSpace(values[f.Name]) == "" {
			es = append(es, baqylau.E(baqylau.Invalid, "error.required").On(f.Name))
		}
	}
	return mapping.Origin{Country: s.Home, Today: s.today()}, &mapping.Row{Values: values}, es.OrNil()
}

// ReadDeath makes a record of the fields that an import may fill, with codes for places; several substances or causes are parted by semicolons. The personal number becomes a pseudonym here. Code: Invalid with
// the field of each mistake.
func (s *Service) ReadDeath(values map[string]string, number string) (*Death, error) {
	o, row, err := s.said("death", values)
	if err != nil {
		return nil, err
	}
	d, err := s.deathRow(o, row)
	if err != nil {
		return nil, err
	}
	d.Person, err = s.Person(number)
	return d, err
}

// ReadRegistration is ReadDeath for a registration.
func (s *Service) ReadRegistration(values map[string]string, number string) (*Registration, error) {
	o, row, err := s.said("registration", values)
	if err != nil {
		return nil, err
	}
	r, err := s.registrationRow(o, row)
	if err != nil {
		return nil, err
	}
	r.Person, err = s.Person(number)
	return r, err
}
