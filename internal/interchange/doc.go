// Package interchange is what the formats of national statistics have in common: a figure that is there or absent for a stated reason, the
// period it is of, and a file read as one flat table. Its sub-packages read and write DHIS2 data value sets, ADX and SDMX-CSV;
// docs/interchange.md says how each writes what its format has no word for.
//
// The packages are pure: they work on readers and writers that they are given, and know nothing of the product's tables. A file that breaks
// the rules of its format is refused whole, with line and remedy, before a row of it is given out; what is wrong with one row (a period that
// does not exist) travels with the row as a Fault.
package interchange
