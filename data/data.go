// Package data carries the facts that a new installation starts with: substances and their names, regions and their
// outlines, law, code lists, kinds of agencies, holidays, and the records of the demonstration. Source, licence and state of
// review of every file are in README.md. The loaders of the registry read it once; afterwards the database is the truth.
package data

import "embed"

// FS holds the files under the paths that README.md names, for example "geo/regions.csv". All CSV is UTF-8, comma
// separated, with one header line; lists inside a field are separated by "|"; dates are ISO 8601 and inclusive.
//
//go:embed README.md calendar codelists demo geo indicators law outgoing substances organisations.csv sources.csv
var FS embed.FS
