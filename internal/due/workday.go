package due

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/uptrace/bun"
)

// Calendar knows which days are worked: Monday to Friday but for days off, and weekend days that were made working days. Years
// without entries have weekends only.
type Calendar map[baqylau.Date]bool

// LoadCalendar reads the holiday table.
func LoadCalendar(ctx context.Context, db bun.IDB) (c Calendar, err error) {
	defer baqylau.Wrap(&err, "due.LoadCalendar")
	var days []struct {
		DayOn   string
		Working bool
	}
	if err := db.NewRaw("SELECT day_on, working FROM holiday").Scan(ctx, &days); err != nil {
		return nil, err
	}
	c = Calendar{}
	for _, d := range days {
		day, _, err := baqylau.ParseDate(d.DayOn)
		if err != nil {
			return nil, err
		}
		c[day] = d.Working
	}
	return c, nil
}

// Working reports whether day d is worked.
func (c Calendar) Working(d baqylau.Date) bool {
	if w, ok := c[d]; ok {
		return w
	}
	w := d.Time().Weekday()
	return w != time.Saturday && w != time.Sunday
}

// Add is the n-th working day after d; d itself does not count. n must not be negative.
func (c Calendar) Add(d baqylau.Date, n int) baqylau.Date {
	for n > 0 {
		if d = d.AddDays(1); c.Working(d) {
			n--
		}
	}
	return d
}

// Deadline is the end of the n-th working day after the day of t, in the centre's time zone: a term of days begins on the day after.
func (c Calendar) Deadline(t time.Time, n int) time.Time {
	last := c.Add(change.Today(t), n)
	y, m, d := last.Time().Date()
	return time.Date(y, m, d, 23, 59, 59, 0, change.Zone)
}
