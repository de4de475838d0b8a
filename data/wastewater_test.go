package data

import (
	"math"
	"strconv"
	"testing"
)

// The printed factor and its parts must say the same: (drug/residue)/excretion/stability. They were rounded at different times, so to 3 %.
func TestWastewaterFactorsAgreeWithTheirParts(t *testing.T) {
	codes := map[string]bool{}
	for _, row := range rows(t, "indicators/codes.csv") {
		if row["list"] == "drug" {
			codes[row["code"]] = true
		}
	}
	for _, row := range rows(t, "indicators/wastewater-factors.csv") {
		number := func(column string) float64 {
			if row[column] == "" && column == "stability" {
				return 1
			}
			v, err := strconv.ParseFloat(row[column], 64)
			if err != nil || !(v > 0) {
				t.Errorf("%s: %s is %q", row["residue"], column, row[column])
			}
			return v
		}
		made := number("drug_mass") / number("residue_mass") / number("excretion") / number("stability")
		if math.Abs(made/number("factor")-1) > 0.03 || number("excretion") > 1 || number("stability") > 1 {
			t.Errorf("%s: the parts make %.3f, printed is %s", row["residue"], made, row["factor"])
		}
		if !codes[row["drug"]] {
			t.Errorf("%s: no drug has the code %q", row["residue"], row["drug"])
		}
	}
}
