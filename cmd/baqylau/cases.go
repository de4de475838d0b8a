package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/jsoncases"
)

// caseFiles are the arguments of every command that runs cases and prints one JSON line each.
type caseFiles struct {
	Files   []string `arg:"" optional:"" name:"file" help:"Files with cases, as JSON or JSON lines; - or none for standard input."`
	Workers int      `help:"Cores to use; 0, the default, for all." placeholder:"N"`
}

// process runs the cases of one file or stream, as casefile.Process of the packages does, and returns how many could not be run.
type process func(out io.Writer, in io.Reader, name string, workers int) (bad int, err error)

// each runs all files and writes their lines in the order of the input. Cases that cannot be run say so on their line, and the exit code is 1.
func (c *caseFiles) each(r *run, do process) error {
	if len(c.Files) == 0 {
		c.Files = []string{"-"}
	}
	if c.Workers < 0 {
		return baqylau.E(baqylau.Invalid, "cli.cases.workers", "Value", c.Workers)
	}
	for _, name := range c.Files { // nothing is written unless all can be read
		if err := readable(name); err != nil {
			return err
		}
	}
	total := 0
	for files := c.Files; len(files) > 0; {
		n := together(files)
		bad, err := c.some(r, files[:n], do)
		if total += bad; err != nil {
			return err
		}
		files = files[n:]
	}
	if total > 0 {
		return errors.New(locale.N(r.ctx, "cli.cases.bad", total))
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
		return baqylau.E(baqylau.Invalid, "cli.cases.folder", "File", name)
	case err != nil:
		return baqylau.E(baqylau.Invalid, "cli.cases.unreadable", "File", name).Because(err)
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

// some writes the lines of a few files in their order.
func (c *caseFiles) some(r *run, files []string, do process) (bad int, err error) {
	if len(files) == 1 {
		return c.file(r, r.out, files[0], c.Workers, do)
	}
	outs, bads, errs := make([]bytes.Buffer, len(files)), make([]int, len(files)), make([]error, len(files))
	jsoncases.Each(len(files), c.Workers, func(i int) {
		bads[i], errs[i] = c.file(r, &outs[i], files[i], 1, do)
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

func (c *caseFiles) file(r *run, out io.Writer, name string, workers int, do process) (bad int, err error) {
	if name == "-" {
		return do(out, r.in, "standard input", workers)
	}
	f, err := os.Open(name)
	if err != nil {
		return 0, baqylau.E(baqylau.Invalid, "cli.cases.unreadable", "File", name).Because(err)
	}
	defer f.Close() //nolint:errcheck // read only
	return do(out, f, name, workers)
}
