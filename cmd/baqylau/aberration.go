package main

import (
	"io"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/casefile"
)

type aberrationCmd struct {
	caseFiles
	Mode string `help:"What to do at fragile points: follow R (reference) or guard them." enum:"reference,guarded" default:"reference"`
}

// Help says what a case is.
func (aberrationCmd) Help() string { return "Cases have the form aberration-golden/1." }

// Run writes one JSON line a case, in the order of the input. Cases that cannot be run say so on their line, and the exit code is 1.
func (c *aberrationCmd) Run(r *run) error {
	mode := aberration.Reference
	if c.Mode == "guarded" {
		mode = aberration.Guarded
	}
	return c.each(r, func(out io.Writer, in io.Reader, name string, workers int) (int, error) {
		return casefile.Process(out, in, name, mode, workers)
	})
}
