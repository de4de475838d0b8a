package main

import (
	"errors"
	"os"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/casefile"
	"github.com/baqylau/baqylau/internal/locale"
)

type aberrationCmd struct {
	Files   []string `arg:"" optional:"" name:"file" help:"Files with cases in the form aberration-golden/1, as JSON or JSON lines; - or none for standard input."`
	Workers int      `help:"Cores to use; all by default." placeholder:"N"`
	Mode    string   `help:"What to do at fragile points: follow R (reference) or guard them." enum:"reference,guarded" default:"reference"`
}

// Run writes one JSON line a case, in the order of the input. Cases that cannot be run say so on their line, and the exit code is 1.
func (c *aberrationCmd) Run(r *run) error {
	mode := aberration.Reference
	if c.Mode == "guarded" {
		mode = aberration.Guarded
	}
	if len(c.Files) == 0 {
		c.Files = []string{"-"}
	}
	for _, name := range c.Files {
		if name != "-" && !exists(name) {
			return baqylau.E(baqylau.NotFound, "cli.no_file", "File", name)
		}
	}
	total := 0
	for _, name := range c.Files {
		bad, err := c.file(r, name, mode)
		if err != nil {
			return err
		}
		total += bad
	}
	if total > 0 {
		return errors.New(locale.T(r.ctx, "cli.aberration.bad", "Count", total))
	}
	return nil
}

func (c *aberrationCmd) file(r *run, name string, mode aberration.Mode) (bad int, err error) {
	in := r.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return 0, err
		}
		defer f.Close() //nolint:errcheck // read only
		in = f
	}
	return casefile.Process(r.out, in, mode, c.Workers)
}
