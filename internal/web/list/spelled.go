package list

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/baqylau/baqylau/internal/locale"
	"github.com/uptrace/bun"
	"golang.org/x/text/collate"
)

// spelledRow is a row, the cursor of it and its place in the dictionary.
type spelledRow[T any] struct {
	row  T
	mark cursor
	key  []byte
}

// spelled reads all rows and puts them in the order in which the reader's dictionary has what a column says of them, or the other way round; those from the cursor on, n at most, 0 for all.
// The database knows no such order, see locale.Sort.
func (s *Spec[T]) spelled(ctx context.Context, db bun.IDB, all Found, r Request, n int) (list []T, marks []cursor, err error) {
	rows, err := db.QueryContext(ctx, "SELECT '', "+s.ID+", "+s.Select+" FROM "+all.SQL, slices.Concat(s.Args, all.Args)...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	dictionary, room := locale.Collator(locale.Lang(ctx)), &collate.Buffer{}
	say := s.column(r.sort).Spelled
	var found []spelledRow[T]
	for rows.Next() {
		var x spelledRow[T]
		if x.row, err = s.scan(rows, new(any), &x.mark.ID); err != nil {
			return nil, nil, err
		}
		text := say(ctx, x.row)
		x.mark.Value, x.key = text, dictionary.KeyFromString(room, text)
		found = append(found, x)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, err
	}
	way := 1
	if r.desc != r.back {
		way = -1
	}
	order := func(a, b spelledRow[T]) int {
		return way * cmp.Or(bytes.Compare(a.key, b.key), cmp.Compare(a.mark.ID, b.mark.ID))
	}
	slices.SortFunc(found, order)
	if r.cursor.ID != "" {
		text, _ := r.cursor.Value.(string) // see request
		at := spelledRow[T]{mark: r.cursor, key: dictionary.KeyFromString(room, text)}
		found = slices.DeleteFunc(found, func(x spelledRow[T]) bool { return order(x, at) <= 0 })
	}
	for i, x := range found {
		if i == n && n > 0 {
			break
		}
		list, marks = append(list, x.row), append(marks, x.mark)
	}
	return list, marks, nil
}
