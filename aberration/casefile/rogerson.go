package casefile

import (
	"math"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
)

// rogerson is algo.rogerson of surveillance. The table of decision intervals is read from h_table_theta0 and h_table_h; without one it
// is made for ARL0.
func rogerson(c *Case) (Output, error) {
	in := struct {
		Theta0t      jsoncases.Numbers
		ARL0         float64 `json:"ARL0"`
		S            float64
		FIR          bool `json:"FIR"`
		Limit        *float64
		Digits       float64
		Distribution string
		Nt           jsoncases.Numbers
		Theta        jsoncases.Numbers `json:"h_table_theta0"`
		H            jsoncases.Numbers `json:"h_table_h"`
	}{Digits: 1, Distribution: "poisson"}
	// The limit of the whole chart and the reference values of the table, which R's cases have, follow from the rest.
	if err := c.settings(&in, "h", "h_table_k"); err != nil {
		return nil, err
	}
	d := aberration.Rogerson{First: c.First, Theta: in.Theta0t, Shift: in.S, HeadStart: in.FIR, Limit: -1, Digits: int(in.Digits), Mode: c.Mode}
	if in.Limit != nil {
		d.Limit = *in.Limit
	}
	length, least, most := c.Last-c.First+1, 0.0, 1e9
	switch in.Distribution {
	case "binomial":
		d.Trials, least, most = in.Nt, 1, 1
		if len(in.Nt) != 1 && len(in.Nt) != length {
			return nil, badControl("nt", "has %d values for %d evaluated periods; give one a period, or one for all", len(in.Nt), length)
		}
	case "poisson":
	default:
		return nil, badControl("distribution", "is %q; give poisson or binomial", in.Distribution)
	}
	switch {
	case len(in.Theta0t) != 1 && len(in.Theta0t) != length:
		return nil, badControl("theta0t", "has %d values for %d evaluated periods; give one a period, or one for all", len(in.Theta0t), length)
	case !(in.S > least):
		return nil, badControl("s", "is %v; give the rise to detect, above %v", in.S, least)
	case in.Digits < 0 || in.Digits > 6 || in.Digits != math.Trunc(in.Digits):
		return nil, badControl("digits", "is %v; give a whole number from 0 to 6", in.Digits)
	case len(in.Theta) != len(in.H):
		return nil, badControl("h_table_h", "has %d values for %d of h_table_theta0", len(in.H), len(in.Theta))
	}
	for i, v := range in.Theta0t {
		if !(v > 0 && v < most) {
			return nil, badControl("theta0t", "value %d is %v; give numbers above 0 and below %v", i+1, v, most)
		}
	}
	for i, h := range in.H {
		if !(h > 0) || math.IsInf(h, 1) {
			return nil, badControl("h_table_h", "value %d is %v; give numbers above 0", i+1, h)
		}
		d.Table = append(d.Table, aberration.Interval{Theta: in.Theta[i], H: h})
	}
	if len(d.Table) == 0 {
		if err := designed(&d, in.ARL0); err != nil {
			return nil, err
		}
	}
	return c.decided(c.judge(d)), nil
}

// designed gives the chart a table of its own for the wanted run length: a hundred steps from the least to the largest in-control
// parameter, or each of them when they are few.
func designed(d *aberration.Rogerson, runLength float64) (err error) {
	design := aberration.Design{RunLength: runLength, Shift: d.Shift, Digits: d.Digits, HeadStart: d.HeadStart}
	if d.Trials != nil {
		design.Trials = int(d.Trials[0])
	}
	lo, hi := d.Theta[0], d.Theta[0]
	for _, v := range d.Theta {
		lo, hi = min(lo, v), max(hi, v)
	}
	thetas := []float64{lo}
	for i := 1; i <= 100 && hi > lo; i++ {
		thetas = append(thetas, lo+(hi-lo)*float64(i)/100)
	}
	if d.Table, err = design.Table(thetas...); err != nil {
		return badControl("ARL0", "is %v: no decision interval can be found for it (%v); give a run length above 1, or a table in h_table_theta0 and h_table_h", runLength, err)
	}
	return nil
}
