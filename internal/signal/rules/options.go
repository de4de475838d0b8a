package rules

// Options are the thresholds of all rules. Zero values take the default, so Options{} is the usual setting.
type Options struct {
	// WarmUp is the number of weeks of known history in a country (and in a region, and of deaths) during which first sightings are
	// only remembered, except for substances marked New. Default 52.
	WarmUp int
	// Absence is the number of days without an occurrence after which the next one is a re-emergence. Default 365.
	Absence int
	// Rarity is how many times the mean interval between its earlier occurrences a substance must have been absent as well, unless
	// it is marked New; otherwise it is merely rare. Default 3.
	Rarity int
	// Young is the number of days after the country's first detection during which first detections in further regions are raised.
	// Default 730.
	Young int
	// Stale is the age in days at which an event that becomes known late no longer counts as this week's. Default 180.
	Stale int
	// Budget is the largest number of candidates raised per week, RiseBudget the largest number of rises among them. Defaults 7, 3.
	Budget, RiseBudget int
	// Carry is the number of weeks a first detection that found no room in the budget waits for some. Default 4.
	Carry int
	// CoolOff is the number of days during which a further rise of the same subject in the same place (or in a region of the same
	// country) is the running signal and not a new one. Default 84.
	CoolOff int
	// Settle is the number of days after a first detection, death or re-emergence before a rise in the same place is a new signal. Default 28.
	Settle int
	// Alpha is the error rate of the exact test, FDR the false discovery rate over all series of a week. Defaults 0.001, 0.05.
	Alpha, FDR float64
	// Window and Baseline are the exact test's weeks now and before. Defaults 4, 52.
	Window, Baseline int
	// MinHistory is the number of baseline weeks that must exist before a rise can be told. Default 26.
	MinHistory int
	// Dense is the mean weekly count from which EARS takes over from the exact test. Default 2.
	Dense float64
	// MinEvents is the smallest count that is a rise: in the window for the exact test, in the week for EARS. Default 4.
	MinEvents int
	// MinRatio is the smallest ratio of observed to expected that is worth a person's time. Default 1.5.
	MinRatio float64
}

func (o Options) filled() Options {
	for _, f := range []struct {
		v   *int
		def int
	}{{&o.WarmUp, 52}, {&o.Absence, 365}, {&o.Rarity, 3}, {&o.Young, 730}, {&o.Stale, 180}, {&o.Budget, 7}, {&o.RiseBudget, 3}, {&o.Carry, 4}, {&o.CoolOff, 84},
		{&o.Settle, 28}, {&o.Window, 4}, {&o.Baseline, 52}, {&o.MinHistory, 26}, {&o.MinEvents, 4}} {
		if *f.v <= 0 {
			*f.v = f.def
		}
	}
	for _, f := range []struct {
		v   *float64
		def float64
	}{{&o.Alpha, 0.001}, {&o.FDR, 0.05}, {&o.Dense, 2}, {&o.MinRatio, 1.5}} {
		if !(*f.v > 0) {
			*f.v = f.def
		}
	}
	return o
}
