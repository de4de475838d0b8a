package main

import (
	"bytes"
	"errors"
	"io"
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
	for files := c.Files; len(files) > 0; {
		n := together(files)
		bad, err := c.run(r, files[:n], mode)
		if total += bad; err != nil {
			return err
		}
		files = files[n:]
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

// A file of one case keeps one core busy, so small files are run side by side, and a large one by itself on all cores.
const (
	small = 1 << 20 // bytes, whose output is kept until it is its turn
	most  = 64      // files at a time
)

// together is how many of the first files are run side by side: one that is not small, or the small ones up to the next that is not.
func together(files []string) (n int) {
	for _, name := range files[:min(most, len(files))] {
		if info, err := os.Stat(name); name == "-" || err != nil || !info.Mode().IsRegular() || info.Size() > small {
			break
		}
		n++
	}
	return max(1, n)
}

// run writes the lines of some files in their order.
func (c *aberrationCmd) run(r *run, files []string, mode aberration.Mode) (bad int, err error) {
	if len(files) == 1 {
		return c.file(r, r.out, files[0], mode, c.Workers)
	}
	outs, bads, errs := make([]bytes.Buffer, len(files)), make([]int, len(files)), make([]error, len(files))
	aberration.Batch(len(files), c.Workers, func(i int, _ *aberration.Worker) {
		bads[i], errs[i] = c.file(r, &outs[i], files[i], mode, 1)
	})
	for i := range files {
		if _, err := outs[i].WriteTo(r.out); err != nil {
			return bad, err
		}
		if bad += bads[i]; errs[i] != nil {
			return bad, errs[i]
		}
	}
	return bad, nil
}

func (c *aberrationCmd) file(r *run, out io.Writer, name string, mode aberration.Mode, workers int) (bad int, err error) {
	if name == "-" {
		return casefile.Process(out, r.in, "standard input", mode, workers)
	}
	f, err := os.Open(name)
	if err != nil {
		return 0, baqylau.E(baqylau.Invalid, "cli.aberration.unreadable", "File", name).Because(err)
	}
	defer f.Close() //nolint:errcheck // read only
	return casefile.Process(out, f, name, mode, workers)
}
