package casefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// policies are the names of R survey.
var policies = map[string]epi.Lonely{"fail": epi.Refuse, "certainty": epi.Skip, "remove": epi.Skip, "adjust": epi.Adjust, "average": epi.Average}

// margin is a margin as it is written: the columns, and the total of each combination of their values.
type margin struct {
	Vars   []string
	Totals []struct {
		Key []json.RawMessage
		N   jsoncases.Number
	}
}

// sample reads design and builds it.
func (c *Case) sample(t *table) (*epi.Design, error) {
	in := struct {
		IDs        []string `json:"ids"`
		Strata     []string
		Weights    string
		Fpc        []string
		Nest       bool
		LonelyPSU  string `json:"lonely_psu"`
		Poststrata json.RawMessage
		Rake       json.RawMessage
	}{Nest: true, LonelyPSU: "fail"}
	if err := c.Object(c.design, &in, code(epi.InvalidSetting), "design.", c.Method); err != nil {
		return nil, err
	}
	lonely, known := policies[in.LonelyPSU]
	switch {
	case !known:
		return nil, invalid("design.lonely_psu", "is %s; give fail, adjust, average, certainty or remove", strconv.Quote(jsoncases.Short(in.LonelyPSU)))
	case !in.Nest:
		return nil, invalid("design.nest", "is false; leave it out or give true: a code in another stratum is always another unit")
	case len(in.Fpc) > 0 && len(in.Fpc) != max(1, len(in.IDs)):
		return nil, fault(epi.UnequalLengths, "design.fpc", "has %d columns for %d stages; give one a stage, or none", len(in.Fpc), max(1, len(in.IDs)))
	case len(in.Strata) > max(1, len(in.IDs)):
		return nil, fault(epi.UnequalLengths, "design.strata", "has %d columns for %d stages; give at most one a stage", len(in.Strata), max(1, len(in.IDs)))
	}
	s := epi.Sample{Lonely: lonely, Stages: make([]epi.Stage, max(1, len(in.IDs)))}
	ids, err := t.complete(in.IDs, "design.ids")
	if err != nil {
		return nil, err
	}
	for i, col := range ids {
		s.Stages[i].Cluster, _ = epi.Codes(col.texts)
	}
	strata, err := t.complete(in.Strata, "design.strata")
	if err != nil {
		return nil, err
	}
	for i, col := range strata {
		s.Stages[i].Stratum, _ = epi.Codes(col.texts)
	}
	fpc, err := t.complete(in.Fpc, "design.fpc")
	if err != nil {
		return nil, err
	}
	for i, col := range fpc {
		s.Stages[i].Population = col.numbers
	}
	if in.Weights != "" {
		w, err := t.complete([]string{in.Weights}, "design.weights")
		if err != nil {
			return nil, err
		}
		s.Weights = w[0].numbers
	}
	if s.Weights == nil && in.IDs == nil && in.Fpc == nil && in.Strata == nil {
		for name := range t.raw { // a sample of which only the rows are known
			if col, err := t.column(name, "data"); err == nil {
				s.Weights = make([]float64, len(col.texts))
				for i := range s.Weights {
					s.Weights[i] = 1
				}
				break
			}
		}
	}
	d, err := epi.NewDesign(s)
	if err != nil {
		return nil, wrongDesign(err, in.Weights, in.Fpc, strata)
	}
	if !jsoncases.IsNull(in.Poststrata) {
		if d, err = c.poststratify(d, t, in.Poststrata); err != nil {
			return nil, err
		}
	}
	if !jsoncases.IsNull(in.Rake) {
		return c.rake(d, t, in.Rake)
	}
	return d, nil
}

// wrongDesign says what is wrong with a design in the words of the case.
func wrongDesign(err error, weights string, fpc []string, strata []*column) error {
	e, ok := errors.AsType[*epi.Error](err)
	if !ok {
		return err
	}
	in := ""
	if len(strata) > 0 && e.At >= 0 {
		in = " (stratum " + strconv.Quote(jsoncases.Short(strata[0].texts[e.At])) + ")"
	}
	switch {
	case e.Reason == epi.SingleUnit && strata == nil:
		return fault(e.Reason, "design.ids", "has a stage in which a single unit was drawn, at row %d, which says nothing of the variance; name the policy for it in lonely_psu where it is not the first stage", e.At+1)
	case e.Reason == epi.SingleUnit:
		return fault(e.Reason, "design.strata", "a single unit was drawn in a stratum, at row %d%s, which says nothing of the variance in it; join it with another, or name a policy in lonely_psu: adjust, average, certainty or remove", e.At+1, in)
	case e.Reason == epi.TooLarge:
		return fault(e.Reason, "design.fpc", "more units were drawn at row %d%s than there were; give the number of units of the population in each stratum, not a fraction", e.At+1, in)
	case e.Reason == epi.Varies:
		return fault(e.Reason, "design.fpc", "is not the same in all rows of one stratum, at row %d%s; give one number a stratum, and at a later stage one a unit of the stage before", e.At+1, in)
	case e.Argument == "Population" && len(fpc) > 0:
		return refused(err, map[string]string{"Population": "design.fpc"})
	}
	return refused(err, map[string]string{"Weights": "data." + jsoncases.Short(weights), "Sample": "data", "Cluster": "design.ids", "Stratum": "design.strata"})
}

func (c *Case) poststratify(d *epi.Design, t *table, raw json.RawMessage) (*epi.Design, error) {
	m, names, err := c.margin(t, raw, "design.poststrata")
	if err != nil {
		return nil, err
	}
	out, err := d.PostStratify(m)
	return out, wrongMargin(err, "design.poststrata", names)
}

func (c *Case) rake(d *epi.Design, t *table, raw json.RawMessage) (*epi.Design, error) {
	var in struct{ Margins []json.RawMessage }
	if err := c.Object(raw, &in, code(epi.InvalidSetting), "design.rake.", c.Method); err != nil {
		return nil, err
	}
	ms := make([]epi.Margin, len(in.Margins))
	for i, m := range in.Margins {
		at := fmt.Sprintf("design.rake.margins[%d]", i)
		var names []string
		var err error
		if ms[i], names, err = c.margin(t, m, at); err != nil {
			return nil, err
		}
		if _, err := d.PostStratify(ms[i]); err != nil {
			return nil, wrongMargin(err, at, names)
		}
	}
	out, err := d.Rake(ms...)
	return out, refused(err, map[string]string{"margins": "design.rake.margins"})
}

// margin reads a margin and finds the cell of each row. It gives the names of the cells too.
func (c *Case) margin(t *table, raw json.RawMessage, at string) (epi.Margin, []string, error) {
	var in margin
	var out epi.Margin
	if err := c.Object(raw, &in, code(epi.InvalidSetting), at+".", c.Method); err != nil {
		return out, nil, err
	}
	if len(in.Vars) == 0 {
		return out, nil, fault(epi.Empty, at+".vars", "is empty; name the columns that make the cells")
	}
	cols, err := t.complete(in.Vars, at+".vars")
	if err != nil {
		return out, nil, err
	}
	const between = "\x00"
	cells, names := map[string]int{}, []string{}
	for i, total := range in.Totals {
		key := make([]string, len(total.Key))
		for j, k := range total.Key {
			key[j], _ = text(k)
		}
		joined := strings.Join(key, between)
		if _, twice := cells[joined]; twice {
			return out, nil, fault(epi.Duplicate, fmt.Sprintf("%s.totals[%d]", at, i), "has the key of another one; give each cell once")
		}
		cells[joined] = i
		names = append(names, strings.Join(key, ", "))
		out.Total = append(out.Total, float64(total.N))
	}
	out.Cell = make([]int, t.rows)
	var b strings.Builder
	for row := range out.Cell {
		b.Reset()
		for i, col := range cols {
			if i > 0 {
				b.WriteString(between)
			}
			b.WriteString(col.texts[row])
		}
		cell, there := cells[b.String()]
		if !there {
			return out, nil, fault(epi.NoTotal, at+".totals", "has no total for %s, of which row %d is; give one for each combination in the data", strconv.Quote(jsoncases.Short(strings.ReplaceAll(b.String(), between, ", "))), row+1)
		}
		out.Cell[row] = cell
	}
	return out, names, nil
}

// wrongMargin says what is wrong with a margin in the words of the case.
func wrongMargin(err error, at string, names []string) error {
	e, ok := errors.AsType[*epi.Error](err)
	if !ok {
		return err
	}
	name := ""
	if e.Argument == "Total" && e.At >= 0 {
		name = strconv.Quote(jsoncases.Short(names[e.At]))
	}
	switch e.Reason {
	case epi.NoTotal:
		return fault(e.Reason, at+".totals", "says that the population has nobody in %s, but the sample has; correct the total, or join the cell with another", name)
	case epi.NoRespondent:
		return fault(e.Reason, at+".totals", "has persons in %s, of whom the sample has none; join the cell with another", name)
	}
	return refused(err, map[string]string{"Total": at + ".totals", "Cell": at + ".vars"})
}
