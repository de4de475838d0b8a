package main

import "github.com/baqylau/baqylau/internal/disclosure/tablefile"

type discloseCmd struct {
	caseFiles
}

// Help says what a file holds.
func (discloseCmd) Help() string {
	return "Files have the form disclosure-table/1 or disclosure-releases/1 (docs/methods/disclosure.md)."
}

// Run writes one JSON line a file: which cells may be shown, and why the others stay hidden. A table that does not add up says so on its line, and the exit code is 1.
func (c *discloseCmd) Run(r *run) error { return c.each(r, tablefile.Process) }
