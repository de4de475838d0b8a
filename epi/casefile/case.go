// Package casefile reads cases of estimation in the form epi-golden/1, runs them, and writes what package epi estimates. It is how epi is compared with R, and how
// another program can use its estimators without Go.
package casefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// Schema is the name of the form of a case.
const Schema = "epi-golden/1"

// Case is one set of data with what is to be estimated from it.
type Case struct {
	// ID names the case in the output.
	ID string
	// Method is what is to be done: survey, capture_recapture, multiplier, rds_ii, nsum, smr, rate, proportion or wastewater.
	Method string
	// The decoder has the warnings.
	jsoncases.Decoder
	data, design, request json.RawMessage
}

// Fault is a case that cannot be run. Its code is "epi: " and a Reason of package epi in words.
type Fault = jsoncases.Fault

// method turns a case into its output, which is written as JSON.
type method func(*Case) (any, error)

// methods has one file each.
var methods = map[string]method{
	"capture_recapture": captureRecapture,
	"multiplier":        multiplier,
	"nsum":              nsum,
	"proportion":        proportion,
	"rate":              rate,
	"rds_ii":            rds,
	"smr":               smr,
	"survey":            survey,
	"wastewater":        wastewater,
}

// Decode reads one case. The error is a *Fault; the case then holds the id where it could be read.
func Decode(raw []byte) (*Case, error) {
	var in struct {
		jsoncases.Head
		Method                string
		Data, Design, Request json.RawMessage
	}
	c := &Case{Decoder: jsoncases.Decoder{Form: Schema, Code: code(epi.InvalidSetting)}}
	err := c.Case(raw, &in.Head, &in, "class", "about", "output")
	c.ID, c.Method, c.data, c.design, c.request = in.ID, in.Method, in.Data, in.Design, in.Request
	return c, err
}

// Run estimates what the case asks for. The output can be written as JSON; the error is a *Fault.
func (c *Case) Run() (output any, err error) {
	m := methods[c.Method]
	if m == nil {
		return nil, invalid("method", "%s", jsoncases.Unknown(c.Method, slices.Collect(maps.Keys(methods))))
	}
	return m(c)
}

// Process runs every case of in and writes one line each to out, in the order of the input: see jsoncases.Process.
func Process(out io.Writer, in io.Reader, name string, workers int) (bad int, err error) {
	return jsoncases.Process(out, in, name, workers, func(b, text []byte, where string) ([]byte, bool) {
		c, err := Decode(text)
		var output any
		if err == nil {
			output, err = c.Run()
		}
		var written []byte
		if err == nil {
			written, err = json.Marshal(output)
		}
		jsoncases.Locate(err, where)
		return jsoncases.AppendLine(b, c.ID, func(b []byte) []byte { return append(b, written...) }, err, c.Warnings), err == nil
	})
}

// readData reads the object data into a struct over the defaults that it already holds; ignored are names that are there and change nothing.
func (c *Case) readData(into any, ignored ...string) error {
	return c.Object(c.data, into, code(epi.InvalidSetting), "data.", c.Method, ignored...)
}

// readRequest reads the object request likewise.
func (c *Case) readRequest(into any, ignored ...string) error {
	return c.Object(c.request, into, code(epi.InvalidSetting), "request.", c.Method, ignored...)
}

func code(r epi.Reason) string { return "epi: " + r.String() }

// fault is a refusal for a reason of package epi.
func fault(r epi.Reason, field, say string, args ...any) error {
	return &Fault{Code: code(r), Field: field, Say: fmt.Sprintf(say, args...)}
}

// invalid is the refusal of a setting.
func invalid(field, say string, args ...any) error {
	return fault(epi.InvalidSetting, field, say, args...)
}

// refused says a refusal by package epi in the words of the case: at has the field of the case for each argument of the function that refused, with "data." for those
// that are not in it.
func refused(err error, at map[string]string) error {
	e, ok := errors.AsType[*epi.Error](err)
	if !ok {
		return err
	}
	field, known := at[e.Argument]
	if !known {
		field = "data." + e.Argument
	}
	say := remedies[e.Reason]
	if say == "" {
		say = "cannot be used (" + e.Reason.String() + ")"
	}
	if e.At >= 0 {
		say = fmt.Sprintf("value %d %s", e.At+1, say)
	}
	return fault(e.Reason, field, "%s", say)
}

// remedies say what is wrong and what to do, after the field and perhaps "value 3".
var remedies = map[epi.Reason]string{
	epi.MissingValue:   "is missing or no finite number; give a number",
	epi.NegativeValue:  "is below zero; give a number of 0 or more",
	epi.NotPositive:    "is zero or below; give a number above 0",
	epi.NotACount:      "is no whole number; give a count",
	epi.TooLarge:       "is larger than the whole that it is part of; check both numbers",
	epi.InvalidLevel:   "is no confidence level; give a number above 0 and below 1, such as 0.95",
	epi.UnequalLengths: "has another number of values than the columns beside it; give one a row",
	epi.Empty:          "is empty; give at least one row that can be used",
	epi.InvalidSetting: "is outside of what the method can use; see docs/methods",
	epi.Duplicate:      "is there twice; give each once",
	epi.NotIdentified:  "cannot tell the parameters of the model apart; take a simpler model",
	epi.Unbounded:      "puts no upper limit on the population; take a simpler model",
	epi.LowerBound:     "says that nobody is hidden; take a simpler model",
	epi.SingleUnit:     "has a single unit, which says nothing of the variance",
	epi.Varies:         "is not the same all over a stratum",
	epi.NoTotal:        "has a cell of which the population has none",
	epi.NoRespondent:   "has a cell of which the sample has none",
	epi.NoConvergence:  "gives no stable answer; check the data for empty or contradictory parts",
}

// interval is written as a list of its two limits, those that are undefined as null.
type interval epi.Interval

// MarshalJSON writes it.
func (i interval) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]jsoncases.Number{jsoncases.Number(i.Lower), jsoncases.Number(i.Upper)})
}
