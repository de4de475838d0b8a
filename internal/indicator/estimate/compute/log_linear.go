package compute

import (
	"math"
	"strings"

	"github.com/baqylau/baqylau/epi"
)

var logLinear = Method{Code: "log_linear", Size: true, run: runLogLinear,
	Fields:    []Field{{Name: "histories", Kind: Rows}, {Name: "lists", Kind: Text, Optional: true}, {Name: "model", Kind: Text, Default: "best"}, {Name: "within", Kind: Number, Default: "10"}, level},
	arguments: captureFields}

var captureFields = map[string]string{"history": "histories", "count": "histories", "lists": "histories", "terms": "model", "label": "model", "within": "within"}

// best asks for the model of least AIC.
const best = "best"

// runLogLinear fits every model with two-way dependences, and the profile interval of the one that is used: that of least AIC, or one that is named.
func runLogLinear(r *reader) (Output, error) {
	level, within := r.level(), r.number("within")
	if !(within >= 0) {
		r.bad("within", "error.negative")
	}
	table, counts := r.histories()
	if len(r.errs) > 0 || table == nil {
		return Output{}, r.errs.OrNil()
	}
	models := table.Models()
	dependence, err := epi.ModelDependence(models, within)
	if err != nil {
		return Output{}, err
	}
	out := output("persons")
	out.Chosen, out.Within = dependence.Best, Value(within)
	least := math.Inf(1)
	if dependence.Best >= 0 {
		least = models[dependence.Best].AIC
	}
	for _, m := range models {
		l, err := modelLine(m, level)
		if err != nil {
			return Output{}, err
		}
		l.Plausible = m.Reason == epi.OK && m.AIC <= least+within
		out.Lines = append(out.Lines, l)
	}
	if label := strings.ReplaceAll(r.in["model"], " ", ""); !strings.EqualFold(label, best) {
		if out.Chosen, err = named(models, label); err != nil {
			return Output{}, err
		}
	}
	if out.Chosen >= 0 {
		p, err := table.Profile(level, models[out.Chosen].Terms...)
		if err != nil {
			return Output{}, err
		}
		l := &out.Lines[out.Chosen]
		l.Intervals = append([]Limits{limits("profile", p)}, l.Intervals...)
	}
	all, plausible := spread(dependence.All), spread(dependence.Plausible)
	out.All, out.Plausible = &all, &plausible
	out.Facts = []Fact{{Name: "distinct", Value: Value(table.Total())}, {Name: "average", Value: Value(dependence.Average)}, {Name: "average_se", Value: Value(dependence.AverageSE)}}
	names := r.lists(table.Lists())
	lists := Table{Name: "lists", Columns: []string{"list", "persons"}}
	for i := range table.Lists() {
		lists.Rows = append(lists.Rows, Row{names[i], []Value{Value(table.OnList(i + 1))}})
	}
	out.Tables = []Table{lists}
	out.count(counts...)
	return out, nil
}

func modelLine(m epi.Model, level float64) (Line, error) {
	l := line(m.Label(), m.N, m.SE)
	l.Model, l.Deviance, l.DF, l.AIC, l.Boundary = true, Value(m.Deviance), m.DF, Value(m.AIC), m.Boundary
	if m.Reason != epi.OK {
		l.Reason = m.Reason.String()
		return l, nil
	}
	i, err := m.LogNormal(level)
	l.Intervals = []Limits{limits("log_normal", i)}
	return l, err
}

// named is the place of the model with a label, whatever the order of its terms. A model without an estimate is refused with its reason.
func named(models []epi.Model, label string) (int, error) {
	var terms []epi.Term
	if !strings.EqualFold(label, "independent") {
		var err error
		if terms, err = epi.ParseTerms(label); err != nil {
			return 0, &epi.Error{Reason: epi.InvalidSetting, Argument: "label", At: -1}
		}
	}
	has := map[epi.Term]bool{}
	for _, t := range terms {
		if t.A > t.B {
			t.A, t.B = t.B, t.A
		}
		has[t] = true
	}
	for i, m := range models {
		same := len(m.Terms) == len(has)
		for _, t := range m.Terms {
			same = same && has[t]
		}
		if same && m.Reason != epi.OK {
			return 0, &epi.Error{Reason: m.Reason, Argument: "label", At: -1}
		}
		if same {
			return i, nil
		}
	}
	return 0, &epi.Error{Reason: epi.InvalidSetting, Argument: "label", At: -1}
}

// histories reads lines of a history and a count: "110 21", or one digit a list and then the count: "1;1;0;21".
func (r *reader) histories() (*epi.Captures, []float64) {
	var histories []string
	var counts []float64
	for i, row := range r.table("histories") {
		history, last := strings.TrimSpace(strings.Join(row[:len(row)-1], "")), row[len(row)-1]
		n, ok := decimal(last)
		if !ok && i == 0 { // a line of names
			continue
		}
		if !ok || history == "" {
			r.bad("histories", "estimate.error.history", "Row", i+1)
			return nil, nil
		}
		histories, counts = append(histories, history), append(counts, n)
	}
	if len(histories) == 0 {
		if len(r.errs) == 0 {
			r.bad("histories", "error.required")
		}
		return nil, nil
	}
	for i, h := range histories {
		if len(h) != len(histories[0]) || len(h) < 2 || len(h) > epi.MostLists || strings.Trim(h, "01") != "" {
			r.bad("histories", "estimate.error.history", "Row", i+1)
			return nil, nil
		}
		if strings.Trim(h, "0") == "" {
			r.bad("histories", "estimate.error.hidden_history", "Row", i+1)
			return nil, nil
		}
	}
	c, err := epi.NewCaptures(len(histories[0]), histories, counts)
	if err != nil {
		r.fail(err, captureFields)
		return nil, nil
	}
	return c, counts
}

// lists are the names of n lists: those entered, parted by commas or lines, then numbers.
func (r *reader) lists(n int) []string {
	names := strings.FieldsFunc(r.in["lists"], func(c rune) bool { return c == ',' || c == ';' || c == '\n' })
	out := make([]string, n)
	for i := range out {
		if out[i] = string(rune('1' + i)); i < len(names) && strings.TrimSpace(names[i]) != "" {
			out[i] += " " + strings.TrimSpace(names[i])
		}
	}
	return out
}
