package rules

import "math"

// explainRise says in the first sentence what rose, by how much and where, and in the second how that was told.
func explainRise(c Candidate, weeks int) []Message {
	args := map[string]any{"Observed": int(c.Observed), "Expected": round(c.Expected), "Weeks": weeks, "Country": c.Country}
	if c.Region != "" {
		args["Region"] = c.Region
	}
	var key string
	switch {
	case c.Family != "" && c.Region != "":
		key = "rules.rise_family_region"
	case c.Family != "":
		key = "rules.rise_family_country"
	case c.Region != "":
		key = "rules.rise_substance_region"
	default:
		key = "rules.rise_substance_country"
	}
	if c.Family != "" {
		args["Family"] = c.Family
	} else if args["Substance"] = c.Substance.Name; c.Substance.Name == "" {
		args["Substance"] = c.Substance.id()
	}
	how := map[string]any{"Bound": round(c.Bound)}
	if c.PValue >= 0 {
		how["P"] = atMost(c.PValue)
	}
	return []Message{{key, args}, {"rules.method." + string(c.Type), how}}
}

// round is for reading: one digit after the point.
func round(x float64) float64 { return math.Round(x*10) / 10 }

// atMost rounds a p-value up to one significant digit and to 0.0001 at least, for a sentence that says "p at most".
func atMost(p float64) float64 {
	p = min(1, max(p, 0.0001))
	for _, unit := range []float64{10000, 1000, 100, 10} { // p is below 10/unit from the first unit that fits
		if p <= 9.5/unit {
			return math.Ceil(p*unit-1e-9) / unit
		}
	}
	return 1
}
