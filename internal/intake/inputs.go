package intake

import (
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
)

// input is one field of a report form: how it looks, which code list it offers, and where its value goes. Labels are
// "report.field.<name>", helps "report.help.<name>" where the catalogue has them.
type input struct {
	name     string
	look     look
	list     string // code list of a choice
	unitList string // code list of the unit beside a number
	required bool
	max      int
	set      func(s *Submission, v string)
}

type look int

const (
	line look = iota
	area
	day
	number
	choice
	region
	many
	lookup
	files
	tick
)

// group is a part of a form under its own heading "report.group.<name>".
type group struct {
	name   string
	inputs []string
}

// inputs lists every field that any kind of report has. A new field is a line here, a field of Detail and its texts.
var inputs = []input{
	{name: "occurred_on", look: day, required: true},
	{name: "region", look: region, required: true, set: func(s *Submission, v string) { s.Region = v }},
	{name: "place_type", look: choice, list: "place-type", set: func(s *Submission, v string) { s.PlaceType = v }},
	{name: "text", look: area, required: true, max: 4000, set: func(s *Submission, v string) { s.Text = v }},
	{name: "level", look: choice, list: "identification-level", set: func(s *Submission, v string) { s.Level = baqylau.Level(v) }},
	{name: "agency", look: choice, list: "agency", set: func(s *Submission, v string) { s.Detail.Agency = v }},
	{name: "form", look: choice, list: "product-form", set: func(s *Submission, v string) { s.Detail.Form = v }},
	{name: "quantity", look: number, unitList: "unit", set: func(s *Submission, v string) { s.Detail.Quantity.Value = v }},
	{name: "sold_as", look: line, max: 200, set: func(s *Submission, v string) { s.Detail.SoldAs = v }},
	{name: "colour", look: line, max: 60, set: func(s *Submission, v string) { s.Detail.Colour = v }},
	{name: "logo", look: line, max: 120, set: func(s *Submission, v string) { s.Detail.Logo = v }},
	{name: "packaging", look: line, max: 200, set: func(s *Submission, v string) { s.Detail.Packaging = v }},
	{name: "route", look: line, max: 200, set: func(s *Submission, v string) { s.Detail.Route = v }},
	{name: "origin", look: line, max: 120, set: func(s *Submission, v string) { s.Detail.Origin = v }},
	{name: "destination", look: line, max: 120, set: func(s *Submission, v string) { s.Detail.Destination = v }},
	{name: "price", look: number, set: func(s *Submission, v string) { s.Detail.Price = Amount{v, "KZT"} }},
	{name: "channel", look: choice, list: "market", set: func(s *Submission, v string) { s.Detail.Channel = v }},
	{name: "online_source", look: line, max: 300, set: func(s *Submission, v string) { s.Detail.OnlineSource = v }},
	{name: "sample_ref", look: line, max: 60, set: func(s *Submission, v string) { s.Detail.SampleRef = v }},
	{name: "lab", look: choice, set: func(s *Submission, v string) { s.LabOrgID = v }},
	{name: "matrix", look: choice, list: "matrix", set: func(s *Submission, v string) { s.Detail.Matrix = v }},
	{name: "sex", look: choice, list: "sex", set: func(s *Submission, v string) { s.Sex = v }},
	{name: "age_band", look: choice, list: "age-band", set: func(s *Submission, v string) { s.AgeBand = v }},
	{name: "exposure", look: choice, list: "exposure", set: func(s *Submission, v string) { s.Detail.Exposure = v }},
	{name: "route_of_use", look: choice, list: "route-of-use", set: func(s *Submission, v string) { s.Detail.RouteOfUse = v }},
	{name: "clinical_features", look: area, max: 2000, set: func(s *Submission, v string) { s.Detail.Features = v }},
	{name: "antidote", look: line, max: 200, set: func(s *Submission, v string) { s.Detail.Antidote = v }},
	{name: "care_level", look: choice, list: "care-level", set: func(s *Submission, v string) { s.Detail.CareLevel = v }},
	{name: "seriousness", look: many, list: "seriousness"},
	{name: "tss", look: choice, list: "toxicological-significance", set: func(s *Submission, v string) { s.Detail.TSS = v }},
	{name: "causality", look: choice, list: "causality", set: func(s *Submission, v string) { s.Detail.Causality = v }},
	{name: "persons", look: number, set: func(s *Submission, v string) { s.Detail.Persons, _ = strconv.Atoi(v) }}, // checked by readForm
	{name: "person_id", look: line, max: 20, set: func(s *Submission, v string) { s.PersonID = v }},
	{name: "contact", look: line, max: 200, set: func(s *Submission, v string) { s.Detail.Contact = v }},
	{name: "files", look: files},
}

// forms says which fields each kind of report asks for, most needed first: what one must know stands in the first group.
var forms = map[Kind][]group{
	Seizure: {
		{"what", []string{"occurred_on", "region", "place_type", "text", "quantity", "form"}},
		{"identified", []string{"level", "sample_ref", "lab"}},
		{"more", []string{"agency", "sold_as", "colour", "logo", "packaging", "route", "origin", "destination", "files"}},
	},
	CollectedSample: {
		{"what", []string{"occurred_on", "region", "sold_as", "text", "form", "quantity"}},
		{"identified", []string{"level", "sample_ref", "lab"}},
		{"more", []string{"place_type", "colour", "logo", "price", "channel", "files"}},
	},
	BiologicalSample: {
		{"what", []string{"occurred_on", "region", "text", "matrix"}},
		{"identified", []string{"level", "sample_ref", "lab"}},
		{"person", []string{"sex", "age_band", "person_id"}},
	},
	AcuteIntoxication: {
		{"what", []string{"occurred_on", "region", "text", "clinical_features", "care_level"}},
		{"person", []string{"sex", "age_band", "persons", "person_id"}},
		{"identified", []string{"exposure", "level", "sample_ref", "lab"}},
		{"more", []string{"place_type", "route_of_use", "sold_as", "antidote", "seriousness", "causality", "files"}},
	},
	Death: {
		{"what", []string{"occurred_on", "region", "text"}},
		{"person", []string{"sex", "age_band", "person_id"}},
		{"identified", []string{"exposure", "level", "tss", "sample_ref", "lab"}},
		{"more", []string{"place_type", "route_of_use", "causality", "files"}},
	},
	MarketInfo: {
		{"what", []string{"occurred_on", "region", "channel", "text"}},
		{"more", []string{"sold_as", "form", "quantity", "price", "online_source", "files"}},
	},
	Tip: {
		{"what", []string{"text", "region", "occurred_on", "files"}},
		{"more", []string{"contact"}},
	},
}

// optionalIn lists fields that a kind asks for without requiring them, although other kinds do.
var optionalIn = map[Kind][]string{Tip: {"region", "occurred_on"}}

func inputNamed(name string) input {
	for _, in := range inputs {
		if in.name == name {
			return in
		}
	}
	panic("intake: no input " + name) // the forms are checked by a test
}

func (in input) requiredFor(k Kind) bool {
	for _, n := range optionalIn[k] {
		if n == in.name {
			return false
		}
	}
	return in.required
}

// readForm reads the fields of a kind into a submission, collecting every mistake with its field.
func (s *Service) readForm(f *web.Form, kind Kind, today baqylau.Date, labs []string) Submission {
	sub := Submission{Incoming: Incoming{Kind: kind, Channel: "form"}}
	if kind == Tip {
		sub.Channel = "tip"
	}
	for _, g := range forms[kind] {
		for _, name := range g.inputs {
			in := inputNamed(name)
			s.readInput(f, in, in.requiredFor(kind), today, labs, &sub)
		}
	}
	if !possiblePerson(sub.PersonID, s.Home, today) {
		f.Bad("person_id", "report.person_id.impossible")
	}
	sub.Level = StatedLevel(sub.Level, sub.Detail.Exposure)
	for _, id := range f.All("substance") {
		if _, ok := s.Shelf.Book().Substance(id); !ok {
			f.Bad("substance", "error.choice")
			continue
		}
		sub.Substances = AddFinding(sub.Substances, Finding{SubstanceID: id, Role: "main", Level: sub.Level, Confidence: ConfidenceOf(sub.Level)})
	}
	if t := f.Text("substance_text", false, 300); t != "" && len(sub.Substances) == 0 { // typed without choosing, or without scripts
		sub.Substances, sub.Questions = Recognise(s.Shelf.Book(), t, sub.Level, nil, nil)
		if len(sub.Substances) == 0 && len(sub.Questions) == 0 {
			sub.Substances = []Finding{{Unidentified: t, Matched: t, Role: "main", Level: baqylau.NotIdentified, Confidence: baqylau.Suspected}}
		}
	}
	return sub
}

func (s *Service) readInput(f *web.Form, in input, required bool, today baqylau.Date, labs []string, sub *Submission) {
	switch in.look {
	case day:
		sub.Occurred, sub.Precision = f.Date(in.name, required, today)
		return
	case region:
		if v := f.Get(in.name); v != "" {
			r, ok := s.Shelf.Book().Region(v)
			if !ok {
				f.Bad(in.name, "error.choice")
				return
			}
			sub.Region, sub.Country = r.Code, r.Country
			return
		}
		if required {
			f.Bad(in.name, "error.choose")
		}
	case choice:
		codes := slices.DeleteFunc(codelist.Codes(in.list), func(code string) bool { return !in.offers(code) })
		if in.name == "lab" {
			codes = labs
		}
		in.set(sub, f.Choice(in.name, required, codes...))
	case many:
		sub.Detail.Seriousness = f.Choices(in.name, codelist.Codes(in.list)...)
	case number:
		if in.name == "persons" {
			if n := f.Int(in.name, false, 1, 10_000); n > 0 {
				sub.Detail.Persons = n
			}
			return
		}
		v := f.Decimal(in.name, required)
		in.set(sub, v)
		if in.unitList != "" && v != "" {
			sub.Detail.Quantity.Unit = f.Choice(in.name+"_unit", true, codelist.Codes(in.unitList)...)
		}
	case line, area:
		if v := f.Text(in.name, required, in.max); v != "" {
			in.set(sub, v)
		}
	}
}

// offers reports whether the form lets its sender choose a code: that exposure is confirmed only a laboratory can say.
func (in input) offers(code string) bool {
	return in.name != "exposure" || code != string(baqylau.Confirmed)
}
