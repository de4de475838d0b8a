package main

import "github.com/baqylau/baqylau/epi/casefile"

type epiCmd struct {
	Estimate epiEstimateCmd `cmd:"" help:"Estimate from survey samples, lists of cases and other data, and print the estimates with their intervals."`
}

type epiEstimateCmd struct{ caseFiles }

// Help says what a case is.
func (epiEstimateCmd) Help() string { return "Cases have the form epi-golden/1." }

// Run writes one JSON line a case, in the order of the input. Cases that cannot be run say so on their line, and the exit code is 1.
func (c *epiEstimateCmd) Run(r *run) error { return c.each(r, casefile.Process) }
