package returns

import (
	"fmt"
	"time"

	"github.com/baqylau/baqylau"
)

// Period is one for which a dataset is owed.
type Period struct {
	Key        string // 2025, 2025-H1, 2025-Q1, 2025-01
	Start, End baqylau.Date
}

// periods are those of a year, in order.
func (f Frequency) periods(year int) (out []Period) {
	months := map[Frequency]int{Yearly: 12, HalfYear: 6, Quarterly: 3, Monthly: 1, Irregular: 12}[f]
	for m := 1; m <= 12; m += months {
		p := Period{Start: baqylau.NewDate(year, time.Month(m), 1), End: lastOf(year, m+months-1)}
		switch n := (m-1)/months + 1; months {
		case 12:
			p.Key = fmt.Sprintf("%04d", year)
		case 6:
			p.Key = fmt.Sprintf("%04d-H%d", year, n)
		case 3:
			p.Key = fmt.Sprintf("%04d-Q%d", year, n)
		default:
			p.Key = fmt.Sprintf("%04d-%02d", year, m)
		}
		out = append(out, p)
	}
	return out
}

// lastOf is the last day of a month.
func lastOf(year, month int) baqylau.Date {
	if month == 12 {
		return baqylau.NewDate(year, 12, 31)
	}
	return baqylau.NewDate(year, time.Month(month+1), 1).AddDays(-1)
}

// sql is the key of the period that the date in a column lies in.
func (f Frequency) sql(column string) string {
	year, month := "substr("+column+", 1, 4)", "CAST(substr("+column+", 6, 2) AS integer)"
	switch f {
	case HalfYear:
		return year + " || '-H' || CAST((" + month + " + 5) / 6 AS text)"
	case Quarterly:
		return year + " || '-Q' || CAST((" + month + " + 2) / 3 AS text)"
	case Monthly:
		return "substr(" + column + ", 1, 7)"
	}
	return year
}

// due is the last day on which a period may arrive; ok is false where no term is known.
func (d *Dataset) due(p Period) (last baqylau.Date, ok bool) {
	if d.DueDays == nil || d.Every == Irregular {
		return last, false
	}
	return p.End.AddDays(*d.DueDays), true
}
