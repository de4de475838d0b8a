package compute

import (
	"math"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// Value is a figure that may be undefined (NaN) or without an upper limit (+Inf); it is stored so that it reads back to the same double.
type Value = jsoncases.Number

// Undefined is a figure that the data do not determine.
func undefined() Value { return Value(math.NaN()) }

// Limits is an interval of a kind, which the message estimate.interval.<Kind> names.
type Limits struct {
	Kind string `json:"kind"`
	Low  Value  `json:"low"`
	High Value  `json:"high"`
}

func limits(kind string, i epi.Interval) Limits {
	return Limits{kind, Value(i.Lower), Value(i.Upper)}
}

// Line is one estimate. The first of its intervals is the one to publish.
type Line struct {
	Name  string `json:"name"`            // message estimate.line.<Name>, or the label of a model
	Model bool   `json:"model,omitempty"` // of log-linear models
	Value Value  `json:"value"`
	SE    Value  `json:"se"`

	Intervals []Limits `json:"intervals,omitempty"`

	// Of models: the rest of what is told of them, why there is none, and whether the model is within the given difference of the least AIC.
	Deviance  Value  `json:"deviance"`
	DF        int    `json:"df,omitempty"`
	AIC       Value  `json:"aic"`
	Reason    string `json:"reason,omitempty"`
	Boundary  bool   `json:"boundary,omitempty"`
	Plausible bool   `json:"plausible,omitempty"`
}

// line is one without a model.
func line(name string, value, se float64, intervals ...Limits) Line {
	return Line{Name: name, Value: Value(value), SE: Value(se), Intervals: intervals, Deviance: undefined(), AIC: undefined()}
}

// Interval is the one to publish; undefined where there is none.
func (l Line) Interval() Limits {
	if len(l.Intervals) == 0 {
		return Limits{Low: undefined(), High: undefined()}
	}
	return l.Intervals[0]
}

// Spread is how far the estimates lie apart.
type Spread struct {
	Estimates int   `json:"estimates"`
	Lowest    Value `json:"lowest"`
	Median    Value `json:"median"`
	Highest   Value `json:"highest"`
}

func spread(s epi.Spread) Spread {
	return Spread{s.Estimates, Value(s.Lowest), Value(s.Median), Value(s.Highest)}
}

// Fact is a figure beside the estimate, such as the number of persons seen; the message estimate.fact.<Name> names it.
type Fact struct {
	Name     string `json:"name"`
	Value    Value  `json:"value"`
	Decimals int    `json:"decimals,omitempty"`
}

// Table is what a method has to show besides: chains, groups of known size, days. Its columns are named by the messages estimate.column.<name>; the first is a text.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    []Row    `json:"rows"`
}

// Row is a line of a Table.
type Row struct {
	Label  string  `json:"label"`
	Values []Value `json:"values"`
}

// Output is all that a method says.
type Output struct {
	Unit   string `json:"unit"`   // code of the catalogue's units
	Chosen int    `json:"chosen"` // the line to use; -1: none has an estimate
	Lines  []Line `json:"lines"`

	// All is the spread over all lines, Plausible that over those of the log-linear models that fit about as well as the best, Within the difference of AIC.
	All       *Spread `json:"all,omitempty"`
	Plausible *Spread `json:"plausible,omitempty"`
	Within    Value   `json:"within"`
	Facts     []Fact  `json:"facts,omitempty"`
	Tables    []Table `json:"tables,omitempty"`
	Drift     []Value `json:"drift,omitempty"` // of RDS: the estimate after each interview

	// Persons is the least count of persons above 0 that went in, 0 where none did; Few counts them all when the estimate rests on no more than a handful of figures, from
	// which it could be computed back. Sample is the number of respondents, -1 without a survey; Denominator what a percentage was taken of, -1 for none.
	Persons     int  `json:"persons"`
	Few         bool `json:"few,omitempty"`
	Sample      int  `json:"sample"`
	Denominator int  `json:"denominator"`
}

func output(unit string, lines ...Line) Output {
	return Output{Unit: unit, Lines: lines, Sample: -1, Denominator: -1, Within: undefined()}
}

// count notes counts of persons that went in.
func (o *Output) count(ns ...float64) {
	for _, n := range ns {
		if n > 0 && (o.Persons == 0 || int(n) < o.Persons) {
			o.Persons = int(n)
		}
	}
}

// Estimate is the chosen line.
func (o *Output) Estimate() (Line, bool) {
	if o.Chosen < 0 || o.Chosen >= len(o.Lines) {
		return Line{}, false
	}
	return o.Lines[o.Chosen], true
}

// Defined reports whether there is a figure.
func Defined(v Value) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
