package mapping

import (
	"strings"

	"github.com/baqylau/baqylau"
)

var isoLayout, _ = parseLayout("YYYY-MM-DD")

// date reads a cell by the formats of its pick; ISO days and, in spreadsheets, day numbers are always understood.
func (r *reading) date(p *boundPick, s string) (baqylau.Date, baqylau.Precision, bool) {
	result := noDate
	for _, l := range p.layouts {
		d, prec, got := l.parse(s)
		if got == dateOK {
			return d, prec, r.plausible(p.at, d, s)
		}
		result = max(result, got)
	}
	if d, prec, got := isoLayout.parse(s); got == dateOK {
		return d, prec, r.plausible(p.at, d, s)
	} else if got == noSuchDay {
		result = got
	}
	if (r.xlsx || p.serial) && result == noDate {
		if d, ok := serialDate(s, r.epoch); ok {
			if p.from == fromColumn && p.match == nil && p.at < len(r.cells) {
				r.cells[p.at] = d.String() // so that a refused row shows a date and not a number
			}
			return d, baqylau.Day, r.plausible(p.at, d, s)
		}
	}
	if result == noSuchDay {
		r.fault(p.at, "import.date.nonexistent", RemedyCell, s)
	} else {
		r.fault(p.at, "import.date.format", RemedyMapping, s)
	}
	return baqylau.Date{}, baqylau.Day, false
}

func (r *reading) plausible(at int, d baqylau.Date, s string) bool {
	switch {
	case d.Time().Year() < firstYear:
		r.fault(at, "import.date.old", RemedyCell, s)
	case d.After(r.today):
		r.fault(at, "import.date.future", RemedyCell, s)
	default:
		return true
	}
	return false
}

// dateOf tries the picks of a date field; tried is false when no column held anything.
func (r *reading) dateOf(f boundField) (d baqylau.Date, prec baqylau.Precision, p *boundPick, tried bool) {
	for i := range f.picks {
		p = &f.picks[i]
		if p.from == fromNothing || len(p.when) > 0 && p.from != fromJoined && !all(p.when, r.cells) {
			continue
		}
		if s, _ := r.textOf(p); s != "" {
			d, prec, _ = r.date(p, s)
			return d, prec, p, true
		}
	}
	return d, baqylau.Day, nil, false
}

func (r *reading) occurred() {
	f := r.fields["occurred"]
	d, prec, p, tried := r.dateOf(f)
	if !tried {
		r.missing("occurred", f)
		return
	}
	if prec == baqylau.Day && !p.MonthBefore.IsZero() && d.Before(p.MonthBefore) && d.Time().Day() == 1 {
		prec = baqylau.Month
	}
	if !d.IsZero() {
		r.rec.Occurred, r.rec.Precision = d, prec
	}
}

// known is the day the source knew: a column, or so many days after the occurrence.
func (r *reading) known() {
	f, ok := r.fields["known"]
	if !ok {
		return
	}
	d, prec, p, tried := r.dateOf(f)
	if !tried {
		for _, p := range f.picks {
			if p.AfterDays != nil && all(p.when, r.cells) && !r.rec.Occurred.IsZero() {
				if d = r.rec.Occurred.AddDays(*p.AfterDays); d.After(r.today) {
					d = r.today
				}
				r.rec.Known = d
				return
			}
		}
		if f.required && !r.rec.Occurred.IsZero() {
			r.missing("known", f)
		}
		return
	}
	if d.IsZero() {
		return
	}
	if d.Before(r.rec.Occurred) {
		if prec == baqylau.Day && r.rec.Precision == baqylau.Day {
			r.fault(p.at, "import.known.before", RemedyCell, d.String())
			return
		}
		d = r.rec.Occurred // "March" is not before 15 March
	}
	r.rec.Known = d
}

func (r *reading) quantity() {
	q := r.text("quantity", false)
	if q.code == "" {
		return
	}
	number, word := splitUnit(q.code)
	v, ok := parseDecimal(number, r.decimal)
	if !ok && r.xlsx { // number cells of a spreadsheet have a point whatever its language shows
		if v, ok = parseDecimal(number, '.'); ok && q.at >= 0 {
			r.cells[q.at] = strings.Replace(r.cells[q.at], ".", string(r.decimal), 1) // so that a refused row reads back
		}
	}
	switch {
	case !ok:
		r.fault(q.at, "import.number.format", RemedyMapping, q.code)
		return
	case strings.HasPrefix(v, "-"):
		r.fault(q.at, "import.number.negative", RemedyCell, q.code)
		return
	}
	at := q.at
	if word == "" {
		u := r.text("unit", false)
		word, at = u.code, u.at
	}
	if word == "" {
		r.rec.Quantity = Quantity{Value: v}
		r.warn(q.at, "import.unit.missing", RemedyMapping, q.code)
		return
	}
	u, ok := lookUnit(word)
	if !ok {
		r.fault(at, "import.unit.unknown", RemedyMapping, word)
		return
	}
	r.rec.Quantity = Quantity{shiftDecimal(v, u.shift), u.unit}
}

func (r *reading) age() {
	v := r.text("age", false)
	if v.code == "" {
		return
	}
	years, band, ok := parseAge(v.code)
	if !ok {
		r.fault(v.at, "import.age.range", RemedyCell, v.code)
		return
	}
	r.rec.Age, r.rec.AgeBand = years, band
}
