package indicator

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/uptrace/bun"
)

// Target takes rows of figures from the importer: the interface is intake.Target, the fields are those of mapping.Observation.
type Target struct{ S *Service }

// Act is what importing figures is under the policy.
func (Target) Act() access.Act { return access.IndicatorWrite }

// Check faults rows by what the catalogue and the kinds of values know.
func (t Target) Check(ctx context.Context, o mapping.Origin, rows []*mapping.Row) error {
	var db bun.IDB
	if t.S != nil { // without a database no facility is known
		db = t.S.W.DB.Read
	}
	known, err := facilities(ctx, db, o, rows)
	if err != nil {
		return err
	}
	said := o.Said
	if said == nil {
		said = &mapping.Said{}
	}
	for _, r := range rows {
		obs := t.observation(o, r, known)
		if code := r.Values["facility"]; code != "" && obs.FacilityID == "" {
			r.Fault("facility", "indicator.import.facility", mapping.RemedyCell, code)
		}
		if err := obs.Check(); err != nil {
			for _, e := range mistakes(err) {
				r.Fault(cmp.Or(map[string]string{"start": "period", "end": "period", "sample": "n"}[e.Field], e.Field), "indicator.import."+importKeys[e.Key], mapping.RemedyCell, r.Values[e.Field])
			}
		}
		if !o.Today.IsZero() && obs.End.After(o.Today) {
			r.Fault("period", "indicator.import.future", mapping.RemedyCell, r.Values["period"])
		}
		for field, key := range wrong(&obs) {
			r.Fault(field, "indicator.import."+importKeys[key], mapping.RemedyCell, r.Values[field])
		}
		if said.Otherwise(obs.Slot(), obs.content()) && !obs.part {
			r.Fault("value", "indicator.import.twice", mapping.RemedyCell, r.Values["value"])
		}
	}
	return nil
}

// importKeys are how the mistakes of an observation are told with their row and column.
var importKeys = map[string]string{"error.required": "missing", "error.choice": "choice", "error.number": "number", "indicator.error.period": "period", "indicator.error.cumulative": "cumulative", "indicator.error.limits": "limits",
	"indicator.error.value_or_absence": "value", "indicator.error.age": "age", "indicator.error.unit": "unit", "indicator.error.breakdown": "breakdown"}

func mistakes(err error) []*baqylau.Error {
	switch e := err.(type) { //nolint:errorlint // Check wraps nothing
	case baqylau.Errors:
		return e
	case *baqylau.Error:
		return []*baqylau.Error{e}
	}
	return nil
}

// observation is a row as a figure, filled; what cannot be read stays empty and is told by Check.
func (t Target) observation(origin mapping.Origin, r *mapping.Row, facilities map[string]string) Observation {
	v := r.Values
	c := define.Current()
	o := Observation{Indicator: v["indicator"], Unit: meant(c.UnitWords(), v["unit"]), Place: v["place"], FacilityID: facilities[v["facility"]], Sex: v["sex"], Age: age(v["age"]), Drug: meant(c.Words("drug"), v["drug"]), SubstanceID: v["substance"], Coverage: v["coverage"],
		Definition: v["definition"], Value: decimal(v["value"]), Low: decimal(v["low"]), High: decimal(v["high"]), Absence: Absence(v["absence"]), Qualifier: Qualifier(v["qualifier"]),
		Cumulative: v["cumulative"] == "yes", Provisional: v["provisional"] == "yes", Published: v["published"] == "yes" || origin.Outside, Synthetic: v["synthetic"] == "yes",
		Issuer: v["issuer"], Citation: v["citation"], Note: v["note"], SourceID: origin.SourceID, OrgID: origin.OrgID, AccountID: origin.AccountID, Domain: origin.Domain, BatchID: origin.BatchID,
		Known: r.Known, Country: origin.Country,
		Detail: Detail{Method: v["detail.method"], Interval: v["detail.interval"], Mean: decimal(v["detail.mean"]), Median: decimal(v["detail.median"]), Mode: decimal(v["detail.mode"]),
			Error: decimal(v["detail.error"]), Change: decimal(v["detail.change"]), Currency: v["detail.currency"], RateOn: v["detail.rate_on"], Raw: v["detail.raw"]}}
	if n, err := strconv.ParseInt(v["n"], 10, 64); err == nil {
		o.Sample = &n
	}
	if o.Value == nil && o.Low != nil && o.High != nil { // a range alone
		middle := (*o.Low + *o.High) / 2
		o.Value, o.Qualifier, o.Detail.Interval = &middle, About, cmp.Or(o.Detail.Interval, "range")
	}
	if from, to, ok := strings.Cut(v["period"], "/"); ok {
		o.Start, _, _ = baqylau.ParseDate(from)
		o.End, _, _ = baqylau.ParseDate(to)
	}
	for name, code := range v {
		if key, ok := strings.CutPrefix(name, "breakdown."); ok && code != "" {
			if o.Breakdown == nil {
				o.Breakdown = Breakdown{}
			}
			o.Breakdown[key] = code
		}
	}
	if o.FacilityID != "" { // its figures are no figures of its region
		if o.Breakdown == nil {
			o.Breakdown = Breakdown{}
		}
		o.Breakdown["facility"] = o.FacilityID
	}
	o.part = v["parts"] == "yes"
	o.located(t.S)
	if i, ok := c.Indicator(o.Indicator); ok && o.Unit == "" {
		o.Unit = i.Unit
	}
	o.Fill()
	return o
}

// located finds the country of the place, where the place says it.
func (o *Observation) located(s *Service) {
	if s == nil || s.Shelf == nil || o.Place == "" {
		return
	}
	if r, ok := s.Shelf.Book().Region(o.Place); ok {
		o.Country = r.Country
	} else if _, ok := s.Shelf.Book().Country(o.Place); ok {
		o.Country = o.Place
	}
}

// openEnds are the words by which files say that a band has no upper end, longer ones first.
var openEnds = []string{"лет и старше", "лет и более", "и старше", "и более", "жас және одан жоғары", "және одан жоғары", "years and over", "and over", "and older"}

// age writes an age band as the catalogue does: ≥65, >64 and "65 и старше" are 65+, ≤17 is <18. What it does not know stays, and is told by wrong.
func age(s string) string {
	s = strings.NewReplacer("–", "-", "≥", ">=", "≤", "<=", "\u00a0", " ").Replace(strings.ToLower(strings.TrimSpace(s)))
	for _, words := range openEnds {
		if from, ok := strings.CutSuffix(s, words); ok {
			s = from + "+"
			break
		}
	}
	s = strings.ReplaceAll(s, " ", "")
	for _, b := range []struct {
		sign        string
		more        int
		before, end string
	}{{">=", 0, "", "+"}, {">", 1, "", "+"}, {"<=", 1, "<", ""}} {
		if rest, ok := strings.CutPrefix(s, b.sign); ok {
			if n, err := strconv.Atoi(rest); err == nil {
				return b.before + strconv.Itoa(n+b.more) + b.end
			}
		}
	}
	return s
}

// meant is the code that a word of a file means, or the word itself.
func meant(words map[string]string, s string) string {
	if code, ok := words[strings.ToLower(strings.TrimSpace(s))]; ok {
		return code
	}
	return s
}

func decimal(s string) *float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	return &v
}

// wrong says what the catalogue finds wrong with an observation: field and message.
func wrong(o *Observation) map[string]string {
	out := map[string]string{}
	c := define.Current()
	i, ok := c.Indicator(o.Indicator)
	if !ok && o.Indicator != "" {
		out["indicator"] = "error.choice"
	}
	if _, ok := define.ParseAge(o.Age); o.Age != AllAges && !ok {
		out["age"] = "indicator.error.age"
	}
	if _, ok := c.Code("drug", o.Drug); o.Drug != AllDrugs && !ok {
		out["drug"] = "error.choice"
	}
	if o.Unit != "" && (!c.HasUnit(o.Unit) || ok && i.Kind == define.Share && o.Unit != "percent") {
		out["unit"] = "indicator.error.unit"
	}
	for name, code := range o.Breakdown {
		if strings.ContainsAny(name+code, "|;=\x00") || len(name) > 40 || len(code) > 120 {
			out["breakdown."+name] = "indicator.error.breakdown"
		}
	}
	return out
}

// Apply writes the rows of a chunk. Lines that repeat a figure say the same thing twice, or, where the mapping says so (parts), are parts of it and are added.
func (t Target) Apply(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) error {
	known, err := facilities(ctx, tx, o, rows)
	if err != nil {
		return err
	}
	all := make([]Observation, len(rows))
	for i, r := range rows {
		all[i] = t.observation(o, r, known)
	}
	all, of := merged(all)
	outcomes, err := record(ctx, tx, all, func(now, before *Observation) {
		if before.BatchID == o.BatchID {
			now.add(before)
		}
	})
	if err != nil {
		return err
	}
	for i, r := range rows {
		r.Same = outcomes[of[i]] == Same
	}
	return nil
}

// merged puts the rows of one slot together where their values add up; of[i] is where row i went.
func merged(all []Observation) (out []Observation, of []int) {
	at := map[string]int{}
	of = make([]int, len(all))
	for i := range all {
		slot := all[i].Slot()
		if k, ok := at[slot]; ok && all[i].add(&out[k]) {
			out[k] = all[i]
			of[i] = k
			continue
		}
		at[slot], of[i] = len(out), len(out)
		out = append(out, all[i])
	}
	return out, of
}

// add puts the value of another part of the same figure to o's; false where they are no parts, or values do not add up.
func (o *Observation) add(part *Observation) bool {
	i, ok := define.Current().Indicator(o.Indicator)
	if !o.part || !ok || !i.Adds() || o.Value == nil || part.Value == nil || o.Unit != part.Unit {
		return false
	}
	sum := *o.Value + *part.Value
	o.Value = &sum
	return true
}

// Reveal joins what came to what was said meanwhile, and tells pages and checks.
func (t Target) Reveal(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	if err := join(ctx, tx, o.BatchID); err != nil {
		return err
	}
	return t.S.turned(ctx, tx, o.BatchID)
}

// Undo takes a revealed batch back.
func (t Target) Undo(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	if err := Unbatch(ctx, tx, o.BatchID); err != nil {
		return err
	}
	return t.S.turned(ctx, tx, o.BatchID)
}

// Drop removes what was written of a batch that nobody has seen.
func (t Target) Drop(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	if err := Unbatch(ctx, tx, o.BatchID); err != nil {
		return err
	}
	for { // rows that supersede others of the batch go first
		res, err := tx.NewRaw("DELETE FROM observation WHERE batch_id = ? AND NOT EXISTS (SELECT 1 FROM observation n WHERE n.supersedes_id = observation.id)", o.BatchID).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
}
