package locale

import (
	"context"
	"strconv"
	"time"

	"github.com/baqylau/baqylau"
)

// Date is the day in figures, as forms and tables show it in all three languages: "07.03.2026"; "–" when unknown.
func Date(ctx context.Context, d baqylau.Date) string {
	if d.IsZero() {
		return none
	}
	return d.Time().Format("02.01.2006")
}

// DateLong is the day in words: kk "2026 ж. 7 наурыз", ru "7 марта 2026 г.", en "7 March 2026".
func DateLong(ctx context.Context, d baqylau.Date) string { return DateP(ctx, d, baqylau.Day) }

// DateP is the date in words, no finer than it is known: a day, "2026 ж. наурыз" / "март 2026 г." / "March 2026", or a year.
func DateP(ctx context.Context, d baqylau.Date, p baqylau.Precision) string {
	if d.IsZero() {
		return none
	}
	t := d.Time()
	year, month := strconv.Itoa(t.Year()), strconv.Itoa(int(t.Month()))
	switch p {
	case baqylau.Year:
		return T(ctx, "format.year", "Year", year)
	case baqylau.Month:
		return T(ctx, "format.month_year", "Year", year, "Month", T(ctx, "code.month."+month))
	}
	return T(ctx, "format.date_long", "Year", year, "Month", T(ctx, "code.month_of."+month), "Day", strconv.Itoa(t.Day()))
}

// DateTime is the moment in the zone of ctx: "07.03.2026 14:05"; "–" for the zero time.
func DateTime(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return none
	}
	return t.In(Zone(ctx)).Format("02.01.2006 15:04")
}

// Stamp is DateTime to the second as a table of an export holds it, in the order by which texts sort: "2026-03-07 14:05:09"; "" for the zero time.
func Stamp(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone(ctx)).Format(time.DateTime)
}

// Clock is the time of day in the zone of ctx: "14:05".
func Clock(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return none
	}
	return t.In(Zone(ctx)).Format("15:04")
}

// Week is the number of the ISO week: "48-апта", "нед. 48", "week 48".
func Week(ctx context.Context, w baqylau.Week) string {
	_, n := w.ISO()
	return T(ctx, "format.week", "Week", strconv.Itoa(n))
}

// WeekYear is the ISO week with its year: "2026 ж. 48-апта", "нед. 48, 2026 г.", "week 48, 2026".
func WeekYear(ctx context.Context, w baqylau.Week) string {
	y, n := w.ISO()
	return T(ctx, "format.week_year", "Week", strconv.Itoa(n), "Year", strconv.Itoa(y))
}

// Duration is the length of time in its two largest units, minutes the smallest, cut and not rounded: "2 сағ 30 мин".
// Days are 24 hours. The sign is left out.
func Duration(ctx context.Context, d time.Duration) string {
	minutes := int(d.Abs() / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	minutes %= 60
	unit := func(name string, n int) string { return T(ctx, "format."+name, "N", Int(ctx, n)) }
	var first, second string
	switch {
	case days > 0:
		first = unit("days", days)
		if hours > 0 {
			second = unit("hours", hours)
		}
	case hours > 0:
		first = unit("hours", hours)
		if minutes > 0 {
			second = unit("minutes", minutes)
		}
	default:
		return unit("minutes", minutes)
	}
	if second == "" {
		return first
	}
	return first + " " + second
}

// DurationSaid is Duration in whole words, for who listens: "2 сағат 30 минут".
func DurationSaid(ctx context.Context, d time.Duration) string {
	minutes := int(d.Abs() / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	minutes %= 60
	switch {
	case days > 0 && hours > 0:
		return N(ctx, "format.said.days", days) + " " + N(ctx, "format.said.hours", hours)
	case days > 0:
		return N(ctx, "format.said.days", days)
	case hours > 0 && minutes > 0:
		return N(ctx, "format.said.hours", hours) + " " + N(ctx, "format.said.minutes", minutes)
	case hours > 0:
		return N(ctx, "format.said.hours", hours)
	}
	return N(ctx, "format.said.minutes", minutes)
}

// LeftSaid is Left in whole words, for who listens.
func LeftSaid(ctx context.Context, deadline, now time.Time) string {
	if d := deadline.Sub(now); d < 0 {
		return T(ctx, "format.said.overdue", "Duration", DurationSaid(ctx, d))
	} else {
		return T(ctx, "format.said.left", "Duration", DurationSaid(ctx, d))
	}
}

// Left tells how long there is until a deadline: "2 сағ 30 мин қалды", or how long it is overdue.
func Left(ctx context.Context, deadline, now time.Time) string {
	if d := deadline.Sub(now); d < 0 {
		return T(ctx, "format.overdue", "Duration", Duration(ctx, d))
	} else {
		return T(ctx, "format.left", "Duration", Duration(ctx, d))
	}
}
