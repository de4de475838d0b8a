// Package casefile reads cases of count series with the settings of a detector, in the form aberration-golden/1, runs them, and
// writes what the detector says in the words of R surveillance. It is how aberration is compared with R, and how another program
// can use its detectors without Go.
package casefile

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
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
	// The decoder has the warnings.
	jsoncases.Decoder
	// control are the settings, as each method reads them.
	control json.RawMessage
	// output is not read, but for the means of likelihood-ratio charts that were given: see givenMeans.
	output json.RawMessage
}

// Fault is a case that cannot be run. Its code is a Reason of package aberration in words, such as "aberration: invalid_settings".
type Fault = jsoncases.Fault

func badSeries(field, say string, args ...any) error {
	return &Fault{Code: aberration.InvalidSeries.Error(), Field: field, Say: fmt.Sprintf(say, args...)}
}

func badControl(field, say string, args ...any) error {
	return &Fault{Code: aberration.InvalidSettings.Error(), Field: "control." + field, Say: fmt.Sprintf(say, args...)}
}

// explanatory are the fields of a case, and of its series, that are there for the reader and change nothing.
var (
	explanatory       = []string{"r_call", "r_version", "surveillance_version", "warnings", "irls_sensitivity", "mu0_fit"}
	explanatorySeries = []string{"label", "source", "start", "state"}
)

// Decode reads one case. The error is a *Fault; the case then holds the id where it could be read.
func Decode(raw []byte) (*Case, error) {
	var in struct {
		jsoncases.Head
		Method          string
		Series, Control json.RawMessage
		Range           []float64
		Output          json.RawMessage
	}
	c := &Case{Decoder: jsoncases.Decoder{Form: Schema, Code: aberration.InvalidSeries.Error(), Hint: misplaced}}
	err := c.Case(raw, &in.Head, &in, explanatory...)
	if c.ID = in.ID; err != nil {
		return c, err
	}
	c.Method, c.control, c.output = in.Method, in.Control, in.Output
	return c, c.decode(in.Series, in.Range)
}

// misplaced says where settings belong that are known by another name or in another place.
func misplaced(at, name string) string {
	switch {
	case at == "control." && name == "range":
		return "range stands beside control, not in it"
	case at == "control." && name == "hValues":
		return "give its columns as h_table_theta0 and h_table_h"
	}
	return ""
}

// decode checks and takes over what every case has.
func (c *Case) decode(series json.RawMessage, r []float64) (err error) {
	var in struct {
		Observed    []jsoncases.Number
		Frequency   float64
		EpochAsDate bool `json:"epoch_as_date"`
		Epoch       []string
		Population  []jsoncases.Number
	}
	if err := c.Object(series, &in, aberration.InvalidSeries.Error(), "series.", "", explanatorySeries...); err != nil {
		return err
	}
	n := len(in.Observed)
	if n == 0 {
		return badSeries("series.observed", "holds no counts; give at least one")
	}
	c.Series.Counts = make([]float64, n)
	for i, y := range in.Observed {
		if y < 0 || math.IsInf(float64(y), 0) {
			return badSeries("series.observed", "value %d is %v; counts are 0 or more, or null where the period is missing", i+1, float64(y))
		}
		c.Series.Counts[i] = float64(y)
	}
	f := in.Frequency
	if !(f >= 1 && f <= 366) || f != math.Trunc(f) {
		return badSeries("series.frequency", "is %v; give the periods in a year, a whole number from 1 to 366", f)
	}
	c.Series.Frequency = int(f)
	if p := in.Population; p != nil {
		if len(p) != n {
			return badSeries("series.population", "has %d values for %d counts", len(p), n)
		}
		c.Series.Population = make([]float64, n)
		for i, v := range p {
			if !(v >= 0) || math.IsInf(float64(v), 0) {
				return badSeries("series.population", "value %d is %v; give numbers of 0 or more", i+1, float64(v))
			}
			c.Series.Population[i] = float64(v)
		}
	}
	if in.EpochAsDate {
		if c.Series.Days, err = days(in.Epoch, n); err != nil {
			return err
		}
	}
	if len(r) != 2 || r[0] != math.Trunc(r[0]) || r[1] != math.Trunc(r[1]) || !(r[0] >= 1 && r[1] >= r[0] && r[1] <= float64(n)) {
		return badSeries("range", "is %v; give the first and last evaluated index, from 1 to %d", r, n)
	}
	c.First, c.Last = int(r[0])-1, int(r[1])-1
	return nil
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

// settings reads the control object over the defaults that into already holds. Ignored are names that the reference cases have for the
// reader and that change nothing; R's arguments about its own way of working are known to all methods.
func (c *Case) settings(into any, ignored ...string) error {
	return c.Object(c.control, into, aberration.InvalidSettings.Error(), "control.", c.Method, append(ignored, "verbose", "plot", "glmWarnings", "fitFun", "dfun")...)
}
