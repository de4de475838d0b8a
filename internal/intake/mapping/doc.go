// Package mapping turns a table of any agency (CSV or XLSX, optionally gzip-compressed) into typed occurrence rows by a
// declarative, saved mapping: which column means what, which code stands for what, how dates and numbers are written, and
// where the substances are. docs/mapping.md documents the format.
//
// The package is pure: it reads what it is given, touches neither disk, network nor database, and decides nothing. It does
// not recognise substances in free text (registry/recognise does) and does not resolve region names; it hands both on as text.
//
// A bad row never stops a file: its faults travel with the row as Problems. What stops a file (not a table at all, a column
// that the mapping needs is missing, a decompression bomb) is a baqylau.Error of code Invalid.
//
//	m, err := mapping.Parse(yaml)
//	rd, err := m.Open(file, "deaths.csv.gz")
//	defer rd.Close()
//	for {
//		rec, err := rd.Next() // io.EOF at the end
//	}
package mapping
