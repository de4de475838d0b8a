package casefile

import "encoding/json"

// texts are several texts, or one that stands alone.
type texts []string

// UnmarshalJSON reads a list or a single text.
func (ts *texts) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*ts = make(texts, 1)
		return json.Unmarshal(b, &(*ts)[0])
	}
	return json.Unmarshal(b, (*[]string)(ts))
}

// level is what every request may have besides its own settings.
type level struct {
	Level float64 `json:"ci_level"`
}

// usual is a level of 95 %.
var usual = level{0.95}

// fields of a case by the arguments of the functions of package epi; an argument that is not here has its own name in data.
var fields = map[string]string{
	"level": "request.ci_level", "personTime": "data.person_years", "Concentration": "data.conc_ng_l", "Flow": "data.flow_m3_day", "Population": "request.population",
	"LOQ": "request.loq", "DrugMass": "request.mw_drug", "ResidueMass": "request.mw_residue", "Excretion": "request.excretion", "Stability": "request.stability",
	"population": "request.population", "draws": "request.draws", "lists": "request.lists", "terms": "request.profile", "label": "request.profile",
	"expected": "data.person_years", "sizes": "request.known", "known": "request.known",
}
