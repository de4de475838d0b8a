package main

import (
	"errors"
	"io/fs"
	"os"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/casefile"
	"github.com/baqylau/baqylau/internal/locale"
)

type aberrationCmd struct {
	Files   []string `arg:"" optional:"" name:"file" help:"Files with cases in the form aberration-golden/1, as JSON or JSON lines; - or none for standard input."`
	Workers int      `help:"Cores to use; 0, the default, for all." placeholder:"N"`
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
	if c.Workers < 0 {
		return baqylau.E(baqylau.Invalid, "cli.aberration.workers", "Value", c.Workers)
	}
	for _, name := range c.Files { // nothing is written unless all can be read
		if err := readable(name); err != nil {
			return err
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
		return errors.New(locale.N(r.ctx, "cli.aberration.bad", total))
	}
	return nil
}

// readable says in one sentence why a file with cases cannot be read.
func readable(name string) error {
	if name == "-" {
		return nil
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return baqylau.E(baqylau.NotFound, "cli.no_file", "File", name)
	case err == nil && info.IsDir():
		return baqylau.E(baqylau.Invalid, "cli.aberration.folder", "File", name)
	case err != nil:
		return baqylau.E(baqylau.Invalid, "cli.aberration.unreadable", "File", name).Because(err)
	}
	return nil
}

func (c *aberrationCmd) file(r *run, name string, mode aberration.Mode) (bad int, err error) {
	if name == "-" {
		return casefile.Process(r.out, r.in, "standard input", mode, c.Workers)
	}
	f, err := os.Open(name)
	if err != nil {
		return 0, baqylau.E(baqylau.Invalid, "cli.aberration.unreadable", "File", name).Because(err)
	}
	defer f.Close() //nolint:errcheck // read only
	return casefile.Process(r.out, f, name, mode, c.Workers)
}
