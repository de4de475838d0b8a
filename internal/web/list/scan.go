package list

import (
	"database/sql"
)

// scan lets the room's own Scan read its columns from a row that begins with the sort value and the identifier.
func (s *Spec[T]) scan(rows *sql.Rows, value *any, id *string) (T, error) {
	return s.Scan(Row{rows, []any{value, id}})
}

// Row is a result row of which the first columns are the list's own.
type Row struct {
	rows *sql.Rows
	own  []any
}

// Scan reads the room's columns into dest, as sql.Rows.Scan does.
func (r Row) Scan(dest ...any) error { return r.rows.Scan(append(r.own, dest...)...) }
