package harm

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/registry/codelist"
)

// Target takes the rows of imports into one of the room's tables. It is what intake asks of a target, which this room does not import.
type Target struct {
	s     *Service
	table string
	act   access.Act
	parts [][2]string // tables that hang on it, and by which column
	check func(o mapping.Origin, r *mapping.Row) error
	whole func(o mapping.Origin, rows []*mapping.Row) // what is wrong with rows together; may be nil
	apply func(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) ([]Outcome, error)
}

// Targets are the room's targets by the name that mappings give.
func (s *Service) Targets() map[string]*Target {
	return map[string]*Target{
		"death": {s: s, table: "death", act: access.EpisodeWrite, parts: [][2]string{{"death_substance", "death_id"}}, check: func(o mapping.Origin, r *mapping.Row) error { _, err := s.deathRow(o, r); return err },
			apply: func(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) ([]Outcome, error) {
				all := make([]*Death, len(rows))
				for i, r := range rows {
					var err error
					if all[i], err = s.deathRow(o, r); err != nil {
						return nil, err
					}
				}
				return RecordDeaths(ctx, tx, all)
			}},
		"registration": {s: s, table: "registration", act: access.EpisodeWrite, check: func(o mapping.Origin, r *mapping.Row) error { _, err := s.registrationRow(o, r); return err },
			apply: func(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) ([]Outcome, error) {
				all := make([]*Registration, len(rows))
				for i, r := range rows {
					var err error
					if all[i], err = s.registrationRow(o, r); err != nil {
						return nil, err
					}
				}
				return RecordRegistrations(ctx, tx, all)
			}},
		"infection": {s: s, table: "infection_study", act: access.IndicatorWrite, parts: [][2]string{{"infection_count", "study_id"}}, whole: s.studyLines, apply: s.applyStudies,
			check: func(o mapping.Origin, r *mapping.Row) error { _, err := s.studyRow(o, r); return err }},
	}
}

func init() {
	known := map[string]string{"да": "yes", "иә": "yes", "y": "yes", "нет": "no", "жоқ": "no", "n": "no", "неизвестно": "unknown", "белгісіз": "unknown"}
	sex := map[string]string{"m": "male", "м": "male", "муж": "male", "мужской": "male", "ер": "male", "f": "female", "ж": "female", "жен": "female", "женский": "female", "әйел": "female", "неизвестно": "unknown", "белгісіз": "unknown"}
	text := func(name string) mapping.TargetField { return mapping.TargetField{Name: name, Kind: mapping.KindText} }
	mapping.Register(mapping.Target{Name: "death", Page: deathsPath + "/records?batch=", Fields: []mapping.TargetField{
		{Name: "register", Kind: mapping.KindCode, List: words(death.Registers)}, {Name: "died", Kind: mapping.KindDate, Required: true}, {Name: "sex", Kind: mapping.KindCode, List: death.Sexes, Words: sex}, text("age"),
		{Name: "region", Kind: mapping.KindPlace}, {Name: "place", Kind: mapping.KindPlace}, text("underlying"), text("causes"), {Name: "manner", Kind: mapping.KindCode, List: words(death.Manners)},
		{Name: "autopsy", Kind: mapping.KindCode, List: words(death.Answers), Words: known}, {Name: "toxicology", Kind: mapping.KindCode, List: words(death.Answers), Words: known},
		{Name: "caused", Kind: mapping.KindMulti}, {Name: "contributed", Kind: mapping.KindMulti}, {Name: "present", Kind: mapping.KindMulti}, {Name: "person", Kind: mapping.KindPerson}, {Name: "synthetic", Kind: mapping.KindYes}, text("note")}})
	mapping.Register(mapping.Target{Name: "registration", Page: registerPath + "/records?batch=", Fields: []mapping.TargetField{
		{Name: "person", Kind: mapping.KindPerson}, {Name: "region", Kind: mapping.KindPlace, Required: true}, {Name: "entered", Kind: mapping.KindDate, Required: true}, {Name: "entry_reason", Kind: mapping.KindCode, Required: true, List: codelist.Codes("register-entry")},
		{Name: "exit", Kind: mapping.KindDate}, {Name: "exit_reason", Kind: mapping.KindCode, List: codelist.Codes("register-exit")}, text("drug"), {Name: "nps", Kind: mapping.KindYes}, {Name: "sex", Kind: mapping.KindCode, List: death.Sexes, Words: sex},
		{Name: "born", Kind: mapping.KindCount}, {Name: "synthetic", Kind: mapping.KindYes}, text("note")}})
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// Act implements intake.Target.
func (t *Target) Act() access.Act { return t.act }

// Check implements intake.Target: every mistake of a row is said of its column. Records of persons that come from the enforcement side are refused whole.
func (t *Target) Check(_ context.Context, o mapping.Origin, rows []*mapping.Row) error {
	if o.Domain == baqylau.EnforcementDomain {
		return baqylau.E(baqylau.Forbidden, "error.forbidden")
	}
	for _, r := range rows {
		err := t.check(o, r)
		var many baqylau.Errors
		var one *baqylau.Error
		switch {
		case err == nil:
			continue
		case errors.As(err, &many):
		case errors.As(err, &one):
			many = baqylau.Errors{one}
		default:
			return err
		}
		for _, e := range many {
			field := e.Field
			if f, ok := map[string]string{"died_on": "died", "entered_on": "entered", "exit_on": "exit", "substances": "caused", "start_on": "period", "end_on": "period", "counts": "measure"}[field]; ok {
				field = f
			}
			key := "death.row.value"
			switch field {
			case "underlying", "causes":
				key = "death.row.code"
			case "citation":
				key = "infection.row.citation"
			}
			r.Fault(field, key, mapping.RemedyCell, r.Values[field])
		}
	}
	if t.whole != nil {
		t.whole(o, rows)
	}
	return nil
}

// Apply implements intake.Target.
func (t *Target) Apply(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) error {
	outcomes, err := t.apply(ctx, tx, o, rows)
	for i := range outcomes {
		rows[i].Same = outcomes[i] == Same
	}
	return err
}

// Reveal implements intake.Target. A row that supersedes another says so itself, and is in force as soon as its batch is seen.
func (t *Target) Reveal(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return held.Rejoin(ctx, tx, t.table, o.BatchID, "source_id", "source_ref")
}

// Undo implements intake.Target.
func (t *Target) Undo(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return held.Unbatch(ctx, tx, t.table, o.BatchID)
}

// Drop implements intake.Target.
func (t *Target) Drop(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return held.Drop(ctx, tx, t.table, o.BatchID, t.parts...)
}

func heldOf(o mapping.Origin, r *mapping.Row) Held {
	return Held{SourceID: o.SourceID, SourceRef: r.Key, OrgID: o.OrgID, AccountID: o.AccountID, Domain: baqylau.HealthDomain, Known: r.Known, BatchID: o.BatchID}
}

// deathRow reads a death from a row of an import. Without a register named, a row with an underlying cause is of the general register. Code: Invalid with the field of each mistake.
func (s *Service) deathRow(o mapping.Origin, r *mapping.Row) (*Death, error) {
	v := func(field, none string) string {
		if x := r.Values[field]; x != "" {
			return x
		}
		return none
	}
	d := &Death{Country: o.Country, Person: r.Values["person"], Published: o.Outside, Synthetic: r.Values["synthetic"] == "yes", Note: r.Values["note"], Held: heldOf(o, r)}
	d.Sex, d.Autopsy, d.Toxicology, d.Age = v("sex", "unknown"), death.Known(v("autopsy", "unknown")), death.Known(v("toxicology", "unknown")), -1
	d.Residence, d.Record.Place = r.Values["region"], r.Values["place"]
	var es baqylau.Errors
	note := func(field string, err error) {
		var e *baqylau.Error
		if asError(err, &e) {
			es = append(es, e.On(field))
		}
	}
	var err error
	d.Died, d.Precision, err = baqylau.ParseDate(r.Values["died"])
	note("died", err)
	d.Underlying, err = death.ParseCode(r.Values["underlying"])
	note("underlying", err)
	d.Causes, err = death.ParseCodes(r.Values["causes"])
	note("causes", err)
	if age := r.Values["age"]; age != "" {
		switch band, ok := death.ParseBand(age); {
		case !ok:
			es = append(es, baqylau.E(baqylau.Invalid, "death.band.bad").On("age"))
		case band.Low == band.High:
			d.Age = band.Low
		default:
			d.Band = age
		}
	}
	register, manner := death.Special, death.MannerOf(d.Underlying)
	if d.Underlying != "" {
		register = death.General
	}
	if manner == "" {
		manner = death.UnknownManner
	}
	d.Register, d.Manner = death.Register(v("register", string(register))), death.Manner(v("manner", string(manner)))
	for _, role := range death.Roles {
		d.Substances = append(d.Substances, Recognise(s.Shelf.Book(), strings.ReplaceAll(r.Values[roleFields[role]], ";", "\n"), role)...)
	}
	if len(es) > 0 {
		return nil, es
	}
	return d, d.Check(o.Today)
}

// registrationRow reads a registration from a row of an import. A drug is a code of the TDI list or a national leaf's name. Code: Invalid with the field of each mistake.
func (s *Service) registrationRow(o mapping.Origin, r *mapping.Row) (*Registration, error) {
	x := &Registration{Country: o.Country, Synthetic: r.Values["synthetic"] == "yes", Note: r.Values["note"], Held: heldOf(o, r)}
	x.Person, x.Region, x.EntryReason, x.ExitReason, x.NPS = r.Values["person"], r.Values["region"], r.Values["entry_reason"], r.Values["exit_reason"], r.Values["nps"] == "yes"
	if x.Sex = r.Values["sex"]; x.Sex == "" {
		x.Sex = "unknown"
	}
	var es baqylau.Errors
	bad := func(field, key string) { es = append(es, baqylau.E(baqylau.Invalid, key).On(field)) }
	day := func(field string) baqylau.Date {
		d, precision, err := baqylau.ParseDate(r.Values[field])
		if err != nil || !d.IsZero() && precision != baqylau.Day { // flows and person-time are counted by days
			bad(field, "register.day")
		}
		return d
	}
	x.Entered, x.Exit = day("entered"), day("exit")
	var err error
	if x.Born, err = strconv.Atoi(orElse(r.Values["born"], "0")); err != nil {
		bad("born", "register.born.bad")
	}
	if drug := r.Values["drug"]; drug != "" {
		code, _, ok := tdi.Drug(drug, x.Entered.Time().Year())
		if !ok {
			bad("drug", "error.choice")
		}
		x.Drug = tdi.Drugs.String(code)
	}
	if len(es) > 0 {
		return nil, es
	}
	return x, x.Check(o.Today, codelist.Codes("register-entry"), codelist.Codes("register-exit"))
}
