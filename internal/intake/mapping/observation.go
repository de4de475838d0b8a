package mapping

import "slices"

// Observation describes published and reported figures: one number, or the reason why there is none, about one indicator in one place and period. The
// room of indicators keeps them.
var Observation = Target{
	Name: "observation", Figure: "value", Page: "/observations?batch=",
	Fields: []TargetField{
		{Name: "indicator", Kind: KindCode, Required: true}, // by the definitions of the node
		{Name: "place", Kind: KindPlace, Required: true},
		{Name: "facility", Kind: KindText},
		{Name: "period", Kind: KindPeriod, Required: true, Or: []string{"year", "start"}},
		{Name: "start", Kind: KindDate},
		{Name: "end", Kind: KindDate},
		{Name: "year", Kind: KindPeriod},
		{Name: "part", Kind: KindText},
		{Name: "cumulative", Kind: KindYes},
		{Name: "sex", Kind: KindCode, List: []string{"total", "male", "female", "unknown"}, Words: sexOfFigures()},
		{Name: "age", Kind: KindText},
		{Name: "drug", Kind: KindText},
		{Name: "substance", Kind: KindSubstance},
		{Name: "breakdown.*", Kind: KindText},
		{Name: "coverage", Kind: KindText},
		{Name: "unit", Kind: KindText},
		{Name: "definition", Kind: KindText},
		{Name: "value", Kind: KindNumber},
		{Name: "low", Kind: KindNumber},
		{Name: "high", Kind: KindNumber},
		{Name: "n", Kind: KindCount},
		{Name: "absence", Kind: KindCode, List: Absences},
		{Name: "qualifier", Kind: KindCode, List: []string{"exact", "about", "more_than", "at_least"}},
		{Name: "provisional", Kind: KindYes},
		{Name: "parts", Kind: KindYes},     // lines that repeat a figure state parts of it, which are added
		{Name: "published", Kind: KindYes}, // taken from a public source: nothing is left to hide
		{Name: "synthetic", Kind: KindYes},
		{Name: "issuer", Kind: KindText},
		{Name: "citation", Kind: KindText},
		{Name: "note", Kind: KindNotes},
		{Name: "detail.*", Kind: KindText},
	},
	Complete: completeObservation,
}

func init() { Register(Observation) }

// sexOfFigures is what tables of figures write, where most rows are of both sexes.
func sexOfFigures() map[string]string {
	w := map[string]string{"all": "total", "both": "total", "both sexes": "total", "t": "total", "всего": "total", "все": "total", "оба пола": "total", "барлығы": "total", "екі жыныс": "total"}
	for word, sex := range sexWords {
		if sex != "other" {
			w[word] = sex
		}
	}
	return w
}

// completeObservation makes the period of its parts, and refuses a reason for absence beside a figure.
func completeObservation(r *Row) {
	v := r.Values
	switch {
	case v["period"] != "":
	case v["year"] != "":
		if p, ok := parsePeriod(v["year"][:4] + " " + v["part"]); ok {
			v["period"] = p.String()
		} else {
			r.Fault("part", "import.period.format", RemedyMapping, v["part"])
		}
	case v["start"] != "" && v["end"] != "":
		p := dayRange{firstOf(v["start"]), lastOf(v["end"])}
		if v["period"] = p.String(); !p.plausible() {
			delete(v, "period")
			r.Fault("end", "import.period.format", RemedyCell, v["end"])
		}
	case v["start"] != "":
		v["period"] = dayRange{firstOf(v["start"]), lastOf(v["start"])}.String()
	}
	if v["absence"] != "" && (v["value"] != "" || v["low"] != "" || v["high"] != "") {
		r.Fault("absence", "import.absence.figure", RemedyMapping, v["absence"])
	}
	for _, field := range []string{"year", "part", "start", "end"} {
		delete(v, field)
	}
	if v["low"] != "" && v["high"] != "" && slices.Max([]float64{float(v["low"]), float(v["high"])}) != float(v["high"]) {
		r.Fault("high", "import.range.order", RemedyCell, v["low"]+" – "+v["high"])
	}
}
