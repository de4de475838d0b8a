package compute

import "github.com/baqylau/baqylau/epi"

var twoLists = Method{Code: "two_lists", Size: true, run: runTwoLists,
	Fields:    []Field{{Name: "n1", Kind: Number}, {Name: "n2", Kind: Number}, {Name: "both", Kind: Number}, level},
	arguments: map[string]string{"n1": "n1", "n2": "n2", "m": "both"}}

// runTwoLists gives Chapman's estimate, which is used, beside that of Lincoln and Petersen, which published figures often are.
func runTwoLists(r *reader) (Output, error) {
	n1, n2, m, level := r.number("n1"), r.number("n2"), r.number("both"), r.level()
	chapman, err := epi.Chapman(n1, n2, m, level)
	if err != nil {
		return Output{}, err
	}
	out := output("persons", sizeLine("chapman", chapman))
	if m > 0 { // without overlap it does not exist
		l, err := epi.LincolnPetersen(n1, n2, m, level)
		if err != nil {
			return Output{}, err
		}
		out.Lines = append(out.Lines, sizeLine("lincoln_petersen", l))
	}
	out.Facts = []Fact{{Name: "distinct", Value: Value(n1 + n2 - m)}}
	out.count(n1, n2, m, n1-m, n2-m)
	out.Few = true
	return out, nil
}

func sizeLine(name string, s epi.PopulationSize) Line {
	return line(name, s.N, s.SE, limits("log_normal", s.LogNormal), limits("normal", s.Normal))
}
