// Package adx reads and writes Aggregate Data Exchange documents (IHE Quality, Research and Public Health, namespace urn:ihe:qrph:adx:2015):
// groups of one place and period, each with data values whose disaggregations are attributes.
//
// The schema requires a decimal value of every data value, so an absent figure cannot be one: a reader that knows nothing of absences would
// refuse the document, or take a stand-in for a number. It is written as a processing instruction, which every reader passes over:
//
//	<?absent dataElement="REG" orgUnit="KZ" period="2025-01-01/P3M" SEX="F" annotation="[suppressed]"?>
//
// The qualifier and "provisional" of a figure that is there stand in its annotation (interchange.Note).
package adx
