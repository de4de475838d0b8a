// Package casefile reads cases of count series with the settings of a detector, in the form aberration-golden/1, runs them, and
// writes what the detector says in the words of R surveillance. It is how aberration is compared with R, and how another program
// can use its detectors without Go.
package casefile

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/baqylau/baqylau/aberration"
)

// Schema is the name of the form of a case.
const Schema = "aberration-golden/1"

// Case is one series with the settings of one method.
type Case struct {
	// ID names the case in the output.
	ID string
	// Method is a name of surveillance's: farringtonFlexible, farrington, earsC, bayes, rki, cdc, cusum, glrnb, glrpois, outbreakP,
	// rogerson, binomialCUSUM; and routine, the default of package aberration.
	Method string
	// Series is the whole series.
	Series aberration.Series
	// First and Last are the evaluated periods, counted from 0.
	First, Last int
	// Mode says whether fragile points are guarded or follow R.
	Mode aberration.Mode
	// control are the settings, as each method reads them.
	control json.RawMessage
	// output is not read, but for the means of likelihood-ratio charts that were given: see givenMeans.
	output json.RawMessage
}

// Fault is a case that cannot be run: what is wrong, where, and what to do.
type Fault struct {
	// Code is the package's reason for it, for example aberration.InvalidSettings.
	Code aberration.Reason
	// Field is where, for example "control.alpha".
	Field string
	// Say is a sentence in English for the person who made the file.
	Say string
}

// Error is code, field and sentence in one line.
func (f *Fault) Error() string { return fmt.Sprintf("%s: %s: %s", f.Code, f.Field, f.Say) }

func badSeries(field, say string, args ...any) error {
	return &Fault{aberration.InvalidSeries, field, fmt.Sprintf(say, args...)}
}

func badControl(field, say string, args ...any) error {
	return &Fault{aberration.InvalidSettings, "control." + field, fmt.Sprintf(say, args...)}
}

// Decode reads one case. The error is a *Fault; the case then holds the id where it could be read.
func Decode(raw []byte) (*Case, error) {
	var in struct {
		Schema, ID, Method string
		Series             struct {
			Observed    []Number
			Frequency   float64
			EpochAsDate bool `json:"epoch_as_date"`
			Epoch       []string
			Population  []Number
		}
		Range   []float64
		Control json.RawMessage
		Output  json.RawMessage
	}
	err := json.Unmarshal(raw, &in)
	c := &Case{ID: in.ID, Method: in.Method, control: in.Control, output: in.Output}
	if err != nil {
		if c.ID == "" {
			c.ID = idOf(raw)
		}
		field, say := explain(err)
		if field == "" {
			return c, badSeries("case", "%s", say)
		}
		return c, badSeries(strings.ToLower(field), "%s", say)
	}
	if in.Schema != "" && in.Schema != Schema {
		return c, badSeries("schema", "is %q; give %q", in.Schema, Schema)
	}
	n := len(in.Series.Observed)
	if n == 0 {
		return c, badSeries("series.observed", "holds no counts; give at least one")
	}
	c.Series.Counts = make([]float64, n)
	for i, y := range in.Series.Observed {
		if y < 0 || math.IsInf(float64(y), 0) {
			return c, badSeries("series.observed", "value %d is %v; counts are 0 or more, or null where the period is missing", i+1, float64(y))
		}
		c.Series.Counts[i] = float64(y)
	}
	f := in.Series.Frequency
	if !(f >= 1 && f <= 366) || f != math.Trunc(f) {
		return c, badSeries("series.frequency", "is %v; give the periods in a year, a whole number from 1 to 366", f)
	}
	c.Series.Frequency = int(f)
	if p := in.Series.Population; p != nil {
		if len(p) != n {
			return c, badSeries("series.population", "has %d values for %d counts", len(p), n)
		}
		c.Series.Population = make([]float64, n)
		for i, v := range p {
			if !(v >= 0) || math.IsInf(float64(v), 0) {
				return c, badSeries("series.population", "value %d is %v; give numbers of 0 or more", i+1, float64(v))
			}
			c.Series.Population[i] = float64(v)
		}
	}
	if in.Series.EpochAsDate {
		if c.Series.Days, err = days(in.Series.Epoch, n); err != nil {
			return c, err
		}
	}
	r := in.Range
	if len(r) != 2 || r[0] != math.Trunc(r[0]) || r[1] != math.Trunc(r[1]) || !(r[0] >= 1 && r[1] >= r[0] && r[1] <= float64(n)) {
		return c, badSeries("range", "is %v; give the first and last evaluated index, from 1 to %d", r, n)
	}
	c.First, c.Last = int(r[0])-1, int(r[1])-1
	return c, nil
}

// days reads ISO dates into days since 1970-01-01.
func days(epoch []string, n int) ([]int, error) {
	if len(epoch) != n {
		return nil, badSeries("series.epoch", "has %d dates for %d counts", len(epoch), n)
	}
	out := make([]int, n)
	for i, e := range epoch {
		d, err := time.Parse(time.DateOnly, e)
		if err != nil {
			return nil, badSeries("series.epoch", "value %d is %q; give a date such as 2026-01-05", i+1, e)
		}
		out[i] = int(d.Unix() / 86400)
		if i > 0 && out[i] <= out[i-1] {
			return nil, badSeries("series.epoch", "value %d, %s, does not come after the one before", i+1, e)
		}
	}
	return out, nil
}

// settings reads the control object over the defaults that into already holds; names that it does not know are ignored.
func (c *Case) settings(into any) error {
	if len(c.control) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.control, into); err != nil {
		field, say := explain(err)
		if field == "" {
			return &Fault{aberration.InvalidSettings, "control", say}
		}
		return badControl(field, "%s", say)
	}
	return nil
}
