package treatment

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
)

// Set asks for tables of the treatment demand indicator.
type Set struct {
	Country  string // "" the centre's own
	From, To int    // years of treatment, inclusive
	AsOf     baqylau.Date
	Centre   string // one kind of treatment centre; "" all
	Region   string // one region; "" all
	Own      bool   // of the actor's own organisation
}

// Tables are the 70 tables as an actor may see them, with what they rest on.
type Tables struct {
	Set       Set
	Rule      tdi.Rule
	Reason    string // why the country counts so; "" while it is the default
	People    int    // entrants counted; 0 where the actor may not know
	Episodes  int
	Repeated  int
	Excluded  int
	Anonymous int
	Synthetic bool // some of the episodes are made up
	audience  disclosure.Audience
	counts    *tdi.Counts
	hide      *protector
	answered  *answers
}

// TablesOf counts a set. Figures of the whole country go to everybody who is signed in, through disclosure; an organisation sees its own cases as they are. Codes: Invalid,
// also for parts of the country and periods of years asked for by who sees what leaves only; Forbidden.
func (s *Service) TablesOf(ctx context.Context, actor access.Actor, q Set) (t Tables, err error) {
	defer baqylau.Wrap(&err, "treatment.TablesOf")
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return t, err
	}
	if q.Country == "" {
		q.Country = s.Home
	}
	if q.To < q.From || q.To-q.From > 60 {
		return t, baqylau.E(baqylau.Invalid, "error.range", "Low", q.From, "High", q.From+60).On("year")
	}
	if q.Own && !ownsCases(actor) {
		return t, baqylau.E(baqylau.Forbidden, "error.forbidden")
	}
	t = Tables{audience: disclosure.AudienceOf(actor), answered: &s.answered}
	if t.audience != disclosure.Working && !q.Own {
		if err := q.release(); err != nil {
			return t, err
		}
	}
	t.Set = q
	if t.Rule, t.Reason, err = s.RuleOf(ctx, q.Country, q.AsOf); err != nil {
		return t, err
	}
	question := Question{Country: q.Country, From: q.From, To: q.To, AsOf: q.AsOf, Rule: t.Rule, Centre: q.Centre, Region: q.Region}
	var whose *access.Actor
	if q.Own {
		whose, question.OrgID, t.audience = &actor, actor.OrgID, disclosure.Working
	}
	y, err := s.count(ctx, question, whose)
	if err != nil {
		return t, err
	}
	t.counts, t.Synthetic = y.Whole, y.Synthetic > 0
	t.hide = &protector{counts: t.counts, audience: t.audience, answer: func(j *joint) (map[string][]bool, error) {
		return s.hide(context.WithoutCancel(ctx), q.Country, q.From, j)
	}}
	if t.audience == disclosure.Working {
		t.People, t.Episodes = y.Whole.People, y.Episodes
		for _, sel := range y.Selected {
			t.Repeated, t.Excluded, t.Anonymous = t.Repeated+sel.Repeated, t.Excluded+sel.Excluded, t.Anonymous+sel.Anonymous
		}
	}
	return t, nil
}

// release holds a set to what leaves the centre: one year of the whole country at a time, as it was known on the first day of a quarter. Else the country without a region
// would tell of the region what its tables hide, two periods of the year between them, and two days of who entered on the second.
func (q *Set) release() error {
	switch {
	case q.Centre != "":
		return baqylau.E(baqylau.Invalid, "tdi.error.part").On("centre")
	case q.Region != "":
		return baqylau.E(baqylau.Invalid, "tdi.error.part").On("region")
	case q.From != q.To:
		return baqylau.E(baqylau.Invalid, "tdi.error.years").On("year")
	}
	y, m, _ := q.AsOf.Time().Date()
	q.AsOf = baqylau.NewDate(y, m-(m-1)%3, 1)
	return nil
}

// ready reports whether what is hidden of the tables is known. Where it is not, it is looked for meanwhile: that takes seconds, too long for a page.
func (t *Tables) ready() bool {
	if t.audience == disclosure.Working {
		return true
	}
	j := newJoint(t.counts)
	key := j.key(datasetOf(t.Set.Country, t.Set.From))
	if _, known := t.answered.get(key); known {
		return true
	}
	t.answered.begin(key, func() { _, _ = t.hide.answer(j) }) // an error meets whoever asks for the table next
	return false
}

// ownsCases reports whether an actor belongs to an organisation that has cases of its own to read.
func ownsCases(a access.Actor) bool {
	return a.OrgID != "" && a.Domain == baqylau.HealthDomain && access.ScopeOf(a, access.EpisodeRead) == access.Organisation
}

// Figure is one figure of a table as its reader may see it.
type Figure struct {
	Text   string // as the template wants it; "" where there is none or it is hidden
	Hidden bool
}

// At is the figure in row i, column j of a table.
func (t *Tables) at(s *shown, i, j int) Figure {
	if s.Hidden(i, j) {
		return Figure{Hidden: true}
	}
	return Figure{Text: s.Text(i, j)}
}

// Table is one of the 70 with its figures, row by row. Code: NotFound.
func (t *Tables) Table(id string) (spec *tdi.Spec, figures [][]Figure, err error) {
	spec, ok := tdi.SpecOf(id)
	if !ok {
		return nil, nil, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	s, err := t.hide.protect(spec)
	if err != nil {
		return nil, nil, err
	}
	figures = make([][]Figure, len(spec.Rows.Lines))
	for i := range figures {
		for j := range spec.Cols.Lines {
			figures[i] = append(figures[i], t.at(&s, i, j))
		}
	}
	return spec, figures, nil
}

// Differences are what does not fit between the tables, for those who see all of them.
func (t *Tables) differences() []tdi.Difference {
	if t.audience != disclosure.Working {
		return nil
	}
	return tdi.Between(t.counts.Tables())
}

// Title is the title of a table in the reader's language: what is crossed, then of whom.
func Title(ctx context.Context, s *tdi.Spec) string {
	title := locale.T(ctx, "tdi.section."+s.Name)
	status, sex := s.Splits()
	if status {
		title += " – " + locale.T(ctx, "tdi.split."+map[string]string{"": "all", "1": "never", "2": "previously"}[s.Split.Status])
	}
	if sex {
		title += " – " + locale.T(ctx, "tdi.split."+map[string]string{"": "both", "male": "male", "female": "female"}[s.Split.Sex])
	}
	return title
}
