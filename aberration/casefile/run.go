package casefile

import (
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
)

// Output are the columns that a method prints, all as long as the evaluated range.
type Output []Column

// Column is one named column: numbers, or yes and no.
type Column struct {
	// Name is the field of output, for example "upperbound".
	Name string
	// Numbers has NaN where the value is undefined.
	Numbers []float64
	// Flags is used instead of Numbers for decisions; where Undefined is true the decision is undefined.
	Flags, Undefined []bool
	// Words is used for reasons.
	Words []string
}

// method turns the settings of a case into its output.
type method func(*Case) (Output, error)

var methods = map[string]method{
	"bayes":              bayes,
	"binomialCUSUM":      binomialCUSUM,
	"cdc":                cdc,
	"cusum":              cusum,
	"earsC":              ears,
	"farrington":         farrington,
	"farringtonFlexible": farringtonFlexible,
	"glrnb":              glr,
	"glrpois":            glr,
	"outbreakP":          outbreakP,
	"rki":                rki,
	"rogerson":           rogerson,
	"routine":            routine,
}

// Run evaluates the case. The error is a *Fault.
func (c *Case) Run() (Output, error) {
	m := methods[c.Method]
	if m == nil {
		return nil, &Fault{Code: aberration.InvalidSettings.Error(), Field: "method", Say: jsoncases.Unknown(c.Method, slices.Collect(maps.Keys(methods)))}
	}
	return m(c)
}

// judge runs the detector over the range.
func (c *Case) judge(d aberration.Detector) []aberration.Result {
	return aberration.Range(nil, d, &c.Series, c.First, c.Last, nil)
}

// standard are the columns of every method: t, upperbound, alarm. Guarded runs also say where the guard stepped in and why a value is
// undefined.
func (c *Case) standard(rs []aberration.Result) Output {
	o := Output{c.periods(), numbers("upperbound", rs, func(r aberration.Result) float64 { return r.Bound }), c.alarms(rs)}
	if c.Mode == aberration.Guarded {
		o = append(o, flags("guarded", rs, func(r aberration.Result) bool { return r.Guarded }), reasons(rs))
	}
	return o
}

// alarms are undefined where the count is missing or there is no bound to compare it with.
func (c *Case) alarms(rs []aberration.Result) Column {
	col := flags("alarm", rs, func(r aberration.Result) bool { return r.Alarm })
	col.Undefined = make([]bool, len(rs))
	for i, r := range rs {
		col.Undefined[i] = math.IsNaN(r.Bound) || math.IsNaN(c.Series.Counts[c.First+i])
	}
	return col
}

// decided is standard for methods whose alarm is undefined exactly where there is no verdict, bound or not.
func (c *Case) decided(rs []aberration.Result) Output {
	o := c.standard(rs)
	alarm := o.Get("alarm")
	for i, r := range rs {
		alarm.Undefined[i] = r.Reason != aberration.OK
	}
	return o
}

func (c *Case) periods() Column {
	t := make([]float64, c.Last-c.First+1)
	for i := range t {
		t[i] = float64(c.First + i + 1)
	}
	return Column{Name: "t", Numbers: t}
}

func numbers(name string, rs []aberration.Result, of func(aberration.Result) float64) Column {
	col := Column{Name: name, Numbers: make([]float64, len(rs))}
	for i, r := range rs {
		col.Numbers[i] = of(r)
	}
	return col
}

func flags(name string, rs []aberration.Result, of func(aberration.Result) bool) Column {
	col := Column{Name: name, Flags: make([]bool, len(rs))}
	for i, r := range rs {
		col.Flags[i] = of(r)
	}
	return col
}

func reasons(rs []aberration.Result) Column {
	col := Column{Name: "reason", Words: make([]string, len(rs))}
	for i, r := range rs {
		col.Words[i] = r.Reason.String()
	}
	return col
}

// Get is the column of a name, nil when the method does not print it.
func (o Output) Get(name string) *Column {
	for i := range o {
		if o[i].Name == name {
			return &o[i]
		}
	}
	return nil
}

// append writes the columns as one object.
func (o Output) append(b []byte) []byte {
	b = append(b, '{')
	for i, c := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = jsoncases.AppendString(b, c.Name)
		b = append(b, ":["...)
		b = c.append(b)
		b = append(b, ']')
	}
	return append(b, '}')
}

func (c *Column) append(b []byte) []byte {
	for i, v := range c.Numbers {
		if i > 0 {
			b = append(b, ',')
		}
		b = jsoncases.AppendNumber(b, v)
	}
	for i, v := range c.Flags {
		if i > 0 {
			b = append(b, ',')
		}
		if c.Undefined != nil && c.Undefined[i] {
			b = append(b, "null"...)
		} else {
			b = strconv.AppendBool(b, v)
		}
	}
	for i, v := range c.Words {
		if i > 0 {
			b = append(b, ',')
		}
		b = jsoncases.AppendString(b, v)
	}
	return b
}
