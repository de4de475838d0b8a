package suppress

import (
	"slices"
	"testing"
)

// A later table is answered as in a sequence, and the same table asked for again gets the answer it had.
func TestALaterTableIsSafeWithWhatIsOut(t *testing.T) {
	r := newGen(3).sequence(12, 5, 2)
	want, err := ProtectAll(r, Page)
	if err != nil {
		t.Fatal(err)
	}
	first, err := Next(nil, "all ages 2024", r.Tables[0], nil, Page)
	if err != nil || !slices.Equal(first.Answer, want[0]) {
		t.Fatalf("first: %v %v, alone %v", err, first.Answer, want[0])
	}
	second, err := Next([]Release{first}, "bands 2024", r.Tables[1], r.Links, Page)
	if err != nil || !slices.Equal(second.Answer, want[1]) {
		t.Fatalf("second: %v %v, in a sequence %v", err, second.Answer, want[1])
	}
	out := []Release{first, second}
	if again, err := Next(out, "all ages 2024", r.Tables[0], nil, Publication); err != nil || !slices.Equal(again.Answer, first.Answer) {
		t.Errorf("asked again: %v %v", err, again.Answer)
	}
	second.Answer = second.Answer[1:]
	if _, err := Next([]Release{first, second}, "x", r.Tables[0], nil, Page); err == nil {
		t.Error("an answer that is not the table's is taken")
	}
}

// A part that differs by one small count from its whole, which is out, would give it away by subtraction.
func TestSubtractingAnEarlierReleaseGivesNothing(t *testing.T) {
	dims := func(codes ...string) []Dimension { return []Dimension{{Name: "region", Codes: codes}} }
	whole := Table{Dimensions: dims("region and city"), Cells: []Cell{{[]string{"region and city"}, 103}}, Rule: Rule{Threshold: 5}}
	out, err := Next(nil, "2024", whole, nil, Page)
	if err != nil || out.Answer[0].Why != Shown {
		t.Fatal(err, out)
	}
	part := Table{Dimensions: dims("region", "city"), Cells: []Cell{{[]string{"region"}, 100}, {[]string{"city"}, 3}}, Rule: Rule{Threshold: 5}}
	next, err := Next([]Release{out}, "2024 parts", part, []Link{{Ref{0, []string{"region and city"}}, []Ref{{1, []string{"region"}}, {1, []string{"city"}}}}}, Page)
	if err != nil || next.Answer[0].Why != Secondary || next.Answer[1].Why != Primary {
		t.Errorf("%v: %+v", err, next.Answer)
	}
}
