package list

import (
	"database/sql"
)

// scan lets the room's own Scan read its columns from a row that begins with the list's own: the sort value and the identifier, the number of all rows before them where it was asked for.
func (s *Spec[T]) scan(rows *sql.Rows, own ...any) (T, error) {
	return s.Scan(Row{rows, own})
}

// Row is a result row of which the first columns are the list's own.
type Row struct {
	rows *sql.Rows
	own  []any
}

// Scan reads the room's columns into dest, as sql.Rows.Scan does.
func (r Row) Scan(dest ...any) error { return r.rows.Scan(append(r.own, dest...)...) }
