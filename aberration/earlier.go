package aberration

// earlier is the choice of reference values of the Bayes and RKI methods: the periods at-w … at-1 of the current year when current
// is set, and the periods at-i·f-w … at-i·f+w of each of the years back i = 1 … years, where f is the number of periods in a year.
type earlier struct {
	years, half int
	current     bool
	mode        Mode
}

// valid reports whether there is anything to look at and no window reaches the judged period.
func (e *earlier) valid(perYear int) bool {
	if e.years < 0 || e.half < 0 || e.years > 1000 || e.half > 1e6 {
		return false
	}
	if e.years == 0 {
		return e.current && (e.half > 0 || e.mode == Reference)
	}
	return e.half < perYear
}

func (e *earlier) lookback(perYear int) int {
	if e.years > 0 {
		return e.years*perYear + e.half
	}
	return max(e.half, 1)
}

// window is the i-th of the windows, 0 … years, of which 0 is that of the current year.
func (e *earlier) window(counts []float64, at, i, perYear int) []float64 {
	if i > 0 {
		at -= i * perYear
		return counts[at-e.half : at+e.half+1]
	}
	switch {
	case !e.current:
		return nil
	case e.half == 0 && e.mode == Reference:
		return counts[at-1 : at+1] // R counts from at-0 down to at-1
	}
	return counts[at-e.half : at]
}

// total sums the reference values that are known and says how many they are.
func (e *earlier) total(s *Series, at int) (sum, n float64, r Reason) {
	f := s.perYear()
	switch {
	case at < 0 || at >= len(s.Counts):
		return 0, 0, OutOfRange
	case !s.fits():
		return 0, 0, InvalidSeries
	case !e.valid(f):
		return 0, 0, InvalidSettings
	case at < e.lookback(f):
		return 0, 0, TooShort
	}
	for i := range e.years + 1 {
		window := e.window(s.Counts, at, i, f)
		n += float64(len(window))
		var even, odd float64 // two sums side by side, neither of which waits for the other
		for j, y := range window {
			if !known(y) {
				switch classify(y) {
				case NegativeValue:
					return 0, 0, NegativeValue
				case MissingValue:
					n--
				}
				continue // with a 0 that has a sign, or nothing to add
			}
			if j&1 == 0 {
				even += y
			} else {
				odd += y
			}
		}
		sum += even + odd
	}
	if n == 0 {
		return 0, 0, MissingValue
	}
	return sum, n, OK
}
