package change

import (
	"context"
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // the binary must know Asia/Almaty on a machine without zone files

	"github.com/baqylau/baqylau"
)

var errNoSubject = errors.New("act without audit subject")

func mustZone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // tzdata is linked in
	}
	return z
}

// Ref returns the next public reference of a kind, such as "R-2026-000123": prefix, year of the act, a number counted per prefix and year.
func (tx *Tx) Ref(ctx context.Context, prefix string, digits int) (_ string, err error) {
	defer baqylau.Wrap(&err, "change.Ref(%s)", prefix)
	n, err := tx.Count(ctx, fmt.Sprintf("%s-%d", prefix, tx.Now.In(Zone).Year()), 1)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%d-%0*d", prefix, tx.Now.In(Zone).Year(), digits, n), nil
}

// Count moves counter name forward by n and returns its first new value, so that a chunk can take n numbers at once.
func (tx *Tx) Count(ctx context.Context, name string, n int64) (first int64, err error) {
	var last int64
	err = tx.NewRaw(`INSERT INTO counter (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value`, name, n).Scan(ctx, &last)
	return last - n + 1, err
}
