package registry

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// row is one line of a shipped CSV file by column name.
type row map[string]string

// list splits a "|" separated field; an empty one gives nil.
func (r row) list(column string) []string {
	if r[column] == "" {
		return nil
	}
	return strings.Split(r[column], "|")
}

// rows reads a CSV file with a header line. Lines that start with # are comments.
func rows(fsys fs.FS, name string) (_ []row, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in := csv.NewReader(f)
	in.Comment = '#'
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var out []row
	for {
		line, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r := make(row, len(head))
		for i, h := range head {
			r[h] = line[i]
		}
		out = append(out, r)
	}
}
