package main

import (
	_ "embed"
	"io"
)

// licences is made by tools/licences; licences_test.go and `make drift` hold it to what is linked.
//
//go:embed licences.txt
var licences string

type licencesCmd struct{}

// Run prints the notice of the product and the licences of everything inside it.
func (licencesCmd) Run(r *run) error {
	_, err := io.WriteString(r.out, licences)
	return err
}
