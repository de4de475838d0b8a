package suppress

import "testing"

// Larger linked tables and sequences, which are looked at by regions.
func TestScipyNarrowsNothingOfLargerReleases(t *testing.T) {
	if testing.Short() {
		t.Skip("some five seconds of scipy")
	}
	var cases [][]byte
	for i, r := range []Releases{newGen(1).joint(2, 16, 14), newGen(2).sequence(9, 24, 5), {Tables: []Table{newGen(3).table(3, 0.8, 5, tree("R", 4, 3, 2), tree("s", 3, 3))}}} {
		as, err := ProtectAll(r, Page)
		if err != nil {
			t.Fatal(i, err)
		}
		cases = append(cases, asJSON(r, as))
	}
	for i, v := range attacked(t, cases) {
		if t.Logf("%d hidden, %d primary, %d excused", v.Hidden, v.Primary, v.Excused); len(v.Narrow) > 0 {
			t.Errorf("case %d: too narrow: %v", i, v.Narrow)
		}
	}
}
