package synthetic

// drug is what is assumed of the people who come with it as their primary drug.
type drug struct {
	code, leaf  string
	early, late float64 // share of new people at the beginning and the end of the years
	age, spread float64 // at the start of treatment
	start       float64 // age at first use
	women       float64
	inject      float64 // ever injected
	treated     float64 // treated before, outside the register
	route       []float64
}

var (
	needle  = []float64{70, 12, 6, 10, 0, 2}
	smoke   = []float64{0, 96, 2, 0, 0, 2}
	swallow = []float64{0, 1, 95, 2, 0, 2}
	salts   = []float64{18, 35, 7, 37, 0, 3}
)

var drugs = []drug{
	{"1.1", "", 46, 14, 38, 7, 21, 0.10, 0.86, 0.55, needle},
	{"1.5", "opium", 6, 2, 45, 8, 22, 0.08, 0.75, 0.6, needle},
	{"1.5", "tramadol", 1, 4, 24, 6, 19, 0.08, 0.04, 0.15, swallow},
	{"1.2", "", 0.5, 0.6, 39, 7, 24, 0.12, 0.7, 0.8, swallow},
	{"1.5", "desomorphine", 2, 0.2, 33, 6, 24, 0.12, 0.95, 0.5, needle},
	{"2.1", "", 0.4, 0.8, 31, 6, 23, 0.15, 0.05, 0.2, []float64{2, 8, 2, 86, 0, 2}},
	{"3.1", "", 2, 3, 28, 6, 20, 0.14, 0.2, 0.2, salts},
	{"3.2", "", 0.8, 2.5, 29, 6, 21, 0.15, 0.25, 0.2, salts},
	{"3.3", "ecstasy", 0.8, 1.2, 24, 4, 19, 0.2, 0.01, 0.1, swallow},
	{"3.4", "mephedrone", 0.6, 19, 25, 6, 20, 0.19, 0.16, 0.2, salts},
	{"3.4", "alpha_pvp", 1.5, 11, 27, 6, 22, 0.17, 0.18, 0.25, salts},
	{"4.2", "", 1, 1.5, 34, 9, 25, 0.3, 0.02, 0.3, swallow},
	{"4.4", "pregabalin", 0.4, 6, 25, 6, 20, 0.1, 0.02, 0.2, swallow},
	{"4.4", "tropicamide", 0.8, 0.6, 33, 7, 26, 0.1, 0.9, 0.5, needle},
	{"5.1", "", 0.2, 0.3, 24, 4, 20, 0.15, 0, 0.05, swallow},
	{"6", "", 1.4, 0.9, 17, 3, 13, 0.1, 0, 0.05, smoke},
	{"7.1", "marijuana", 24, 17, 28, 8, 18, 0.05, 0.02, 0.2, smoke},
	{"7.1", "hashish", 5, 4, 29, 8, 18, 0.05, 0.02, 0.2, smoke},
	{"7.2", "spice", 6, 8, 23, 5, 18, 0.07, 0.02, 0.15, smoke},
	{"9", "", 0.5, 0.8, 30, 9, 22, 0.15, 0.1, 0.2, []float64{5, 20, 60, 10, 3, 2}},
	{"99", "", 0.6, 0.6, 30, 9, 20, 0.1, 0.2, 0.3, []float64{0, 0, 0, 0, 0, 1}},
}

// shares are the weights of the drugs at time t of the years, 0 to 1.
func shares(t float64) []float64 {
	ws := make([]float64, len(drugs))
	for i, d := range drugs {
		ws[i] = d.early + t*(d.late-d.early)
	}
	return ws
}
