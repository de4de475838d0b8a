package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"strconv"
	"strings"
)

// insertPrepared writes many rows into SQLite by prepared statements of a few rows each, past database/sql, which looks at every value once more. What all rows have in common,
// which of an import is half, stands in the statement. OR FAIL leaves what a failing statement has done to the rollback that follows, so that the engine
// need not keep the pages it changes for that alone; where a table has foreign keys it does anyway.
func insertPrepared(c driver.ConnPrepareContext, table string, columns []string, values []any) error {
	same := common(values, len(columns))
	var marks strings.Builder
	var free []int // columns that are bound
	for i, literal := range same {
		if literal == "" {
			literal = "?"
			free = append(free, i)
		}
		marks.WriteString(literal + ",")
	}
	head := "INSERT OR FAIL INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES "
	for len(values) > 0 {
		rows := min(preparedRows, len(values)/len(columns))
		whole := len(values) / len(columns) / rows * rows * len(columns)
		if err := each(c, head+list(marks.String(), rows), values[:whole], len(columns), free, rows); err != nil {
			return err
		}
		values = values[whole:]
	}
	return nil
}

// each executes the statement for so many rows at a time; values are a multiple of that.
func each(c driver.ConnPrepareContext, sql string, values []any, wide int, free []int, rows int) (err error) {
	ctx := context.Background() // with one that may end, the driver starts a watcher for each statement
	st, err := c.PrepareContext(ctx, sql)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	args := make([]driver.NamedValue, rows*len(free))
	for len(values) > 0 {
		at := 0
		for range rows {
			for _, f := range free {
				args[at].Ordinal, args[at].Value = at+1, bound(values[f])
				at++
			}
			values = values[wide:]
		}
		if _, err := st.(driver.StmtExecContext).ExecContext(ctx, args); err != nil {
			return err
		}
	}
	return nil
}

// bound is a value as drivers take it.
func bound(v any) driver.Value {
	if n, ok := v.(int); ok {
		return int64(n)
	}
	return v
}

// common is, for each column, the literal of the value that all rows have; "" where they differ.
func common(values []any, wide int) []string {
	same := make([]string, wide)
	for i := range same {
		all := true
		for at := i + wide; at < len(values) && all; at += wide {
			all = values[at] == values[i]
		}
		if all {
			same[i] = literal(values[i])
		}
	}
	return same
}

// literal is a value in the language of SQLite (sqlite.org/lang_expr.html, 3); "" for one that is better bound.
func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool:
		if v {
			return "1"
		}
		return "0"
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case string:
		if strings.Contains(v, "\x00") { // would end the statement
			return ""
		}
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	}
	return ""
}
