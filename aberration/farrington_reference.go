package aberration

import "sort"

// referenceWeeks finds the periods of the past that a Farrington method compares with: those within half periods of the same time of
// the year in each of the given years back, and with levels above 1 also all periods between these windows, cut into levels - 1 blocks a
// year. Periods from at - exclude on are left out. The result is a list of periods in order, and for each its level, counted from 0; the
// windows, and the evaluated period, have level levels - 1.
//
// Sources: Farrington et al. (1996), section 3.1; Noufaily et al. (2013), section 3.1, for the levels.
func (sp *farringtonSpace) referenceWeeks(s *Series, at, years, half, levels, exclude int) Reason {
	sp.centres = sp.centres[:0]
	for i := years; i >= 0; i-- {
		c, r := s.yearsBack(at, i)
		if r != OK {
			return r
		}
		sp.centres = append(sp.centres, c)
	}
	first := sp.centres[0] - half
	if first < -1 { // R's vectors begin at 1 and quietly ignore an index of 0
		return TooShort
	}
	first = max(first, 0)
	end := at - exclude
	// level, counted from 1, of the periods first … at+half; 0 for none.
	sp.level = resize(sp.level, at+half+1-first)
	clear(sp.level)
	mark := func(t, level int) {
		if t >= first && t-first < len(sp.level) {
			sp.level[t-first] = level
		}
	}
	for _, c := range sp.centres {
		for t := c - half; t <= c+half; t++ {
			mark(t, levels)
		}
	}
	if levels > 1 {
		for i, c := range sp.centres[1:] {
			sp.blocks(sp.centres[i]+half+1, c-half, levels-1, mark)
		}
	}
	sp.period, sp.group = sp.period[:0], sp.group[:0]
	for t := first; t < end; t++ {
		if l := sp.level[t-first]; l > 0 {
			sp.period, sp.group = append(sp.period, t), append(sp.group, l-1)
		}
	}
	if len(sp.period) == 0 {
		return TooShort
	}
	return OK
}

// windows finds those of the original method: one after the other, as the years come, with what they share as often as they share it.
func (sp *farringtonSpace) windows(s *Series, at, years, half, _, _ int) Reason {
	if half >= s.perYear() {
		return InvalidSettings
	}
	sp.period, sp.group = sp.period[:0], sp.group[:0]
	for i := years; i > 0; i-- {
		c, r := s.yearsBack(at, i)
		switch {
		case r != OK:
			return r
		case c < half:
			return TooShort
		}
		for t := c - half; t <= min(c+half, at-1); t++ {
			sp.period, sp.group = append(sp.period, t), append(sp.group, 0)
		}
	}
	return OK
}

// blocks cuts the periods from … to-1 into n blocks, the first of them one period longer where the length does not divide. Where there are
// fewer periods than blocks, the empty ones at the end come to lie on the last two periods, as R's a:b counts down when b < a.
func (sp *farringtonSpace) blocks(from, to, n int, mark func(t, level int)) {
	length := to - from
	each, longer := length/n, length%n
	if longer < 0 { // windows overlap: R's floored division
		each, longer = each-1, longer+n
	}
	for b := 1; b <= n; b++ {
		size := each
		if b <= longer {
			size++
		}
		last := from + size - 1
		if last >= from {
			for t := from; t <= last; t++ {
				mark(t, b)
			}
		} else {
			for t := from; t >= last; t-- {
				mark(t, b)
			}
		}
		from += size
	}
}

// yearsBack is the period that lies the given years before: by index, or with days the same date of the earlier year. Weekly series take
// the day of the same weekday nearest to that date; months and days the date itself; other series the period that begins nearest.
func (s *Series) yearsBack(at, years int) (int, Reason) {
	if s.Days == nil || years == 0 {
		return at - years*s.perYear(), OK
	}
	day := s.Days[at]
	date := sameDate(day, years)
	exact := true
	switch s.perYear() {
	case 52:
		shift := mod(day-date, 7)
		if shift > 3 {
			shift -= 7
		}
		date += shift
	case 12, 365:
	default:
		exact = false
	}
	if exact && date < s.Days[0] {
		return 0, TooShort
	}
	i := sort.SearchInts(s.Days[:at+1], date)
	if i > at {
		return 0, InvalidSeries
	}
	if s.Days[i] == date {
		return i, OK
	}
	if exact {
		return 0, InvalidSeries
	}
	if i > 0 && date-s.Days[i-1] <= s.Days[i]-date {
		i--
	}
	if i == 0 && s.Days[0]-date > 366/s.perYear() {
		return 0, TooShort
	}
	return i, OK
}

// sameDate is the day of the same month and day of the month, years earlier; 29 February becomes 1 March where there is none. Days count
// from 1970-01-01. The conversions are those of the proleptic Gregorian calendar with years that begin in March.
func sameDate(day, years int) int {
	z := day + 719468
	era := floor(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	y := yoe + era*400 // March-based year
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	y -= years
	if doy == 365 && !leap(y+1) { // 29 February is the last day of such a year
		y, doy = y+1, 0
	}
	era = floor(y, 400)
	yoe = y - era*400
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

func leap(y int) bool { return mod(y, 4) == 0 && (mod(y, 100) != 0 || mod(y, 400) == 0) }

func floor(a, b int) int { return (a - mod(a, b)) / b }

func mod(a, b int) int { return ((a % b) + b) % b }
