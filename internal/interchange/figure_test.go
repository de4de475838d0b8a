package interchange

import (
	"testing"

	"pgregory.net/rapid"
)

// TestNotesComeBack: whatever a figure says beside its value, and whatever text stands behind it, is read back from the note.
func TestNotesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Figure{Provisional: rapid.Bool().Draw(t, "provisional")}
		if rapid.Bool().Draw(t, "absent") {
			f.Absence = rapid.SampledFrom(Absences).Draw(t, "absence")
		} else {
			f.Qualifier = rapid.SampledFrom(append([]Qualifier{""}, Qualifiers...)).Draw(t, "qualifier")
		}
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`(\[(about|at least|suppressed|provisional|x|)\]| |\[){0,4}[a-z ]*`)).Draw(t, "text")
		note := Note(f, text)
		got, rest := ParseNote(note)
		if got != f || rest != text {
			t.Fatalf("%+v %q is written %q and read %+v %q", f, text, note, got, rest)
		}
	})
}

func TestNotesAreReadable(t *testing.T) {
	for note, want := range map[string]struct {
		f    Figure
		text string
	}{
		"[not collected] the clinic was closed in May": {Figure{Absence: NotCollected}, "the clinic was closed in May"},
		"[About] [provisional]":                        {Figure{Qualifier: About, Provisional: true}, ""},
		"[more than][provisional] x":                   {Figure{Qualifier: MoreThan, Provisional: true}, "x"},
		"[see table 3]":                                {Figure{}, "[see table 3]"},
		"[about] [suppressed]":                         {Figure{Qualifier: About}, "[suppressed]"},
		"suppressed":                                   {Figure{}, "suppressed"},
		"[] [about]":                                   {Figure{}, "[about]"},
		"[about":                                       {Figure{}, "[about"},
	} {
		if f, text := ParseNote(note); f != want.f || text != want.text {
			t.Errorf("%q: %+v %q", note, f, text)
		}
	}
}

func TestFiguresSayOneThing(t *testing.T) {
	for _, f := range []Figure{{}, {Value: "1", Absence: Suppressed}, {Absence: NotKnown, Qualifier: About}, {Value: "1e5"}, {Value: "1,5"}, {Value: "-"},
		{Value: "."}, {Value: "1.2.3"}, {Absence: "hidden"}, {Value: "1", Qualifier: "roughly"}, {Value: "NaN"}} {
		if f.Check() == nil {
			t.Errorf("%+v passes", f)
		}
	}
	for _, f := range []Figure{{Value: "0"}, {Value: "-1.50", Qualifier: AtLeast, Provisional: true}, {Absence: NotApplicable, Provisional: true}} {
		if err := f.Check(); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

// TestIntervals: the forms of ISO 8601 that ADX and SDMX write.
func TestIntervals(t *testing.T) {
	for s, want := range map[string][2]string{
		"2015-06-01/P1M":          {"2015-06-01", "2015-06-30"},
		"2024-02-01/P1M":          {"2024-02-01", "2024-02-29"},
		"2025-01-01/P8M":          {"2025-01-01", "2025-08-31"},
		"2015-01-01/P1Y":          {"2015-01-01", "2015-12-31"},
		"2014-04-01/P1Y":          {"2014-04-01", "2015-03-31"},
		"2015-01-05/P7D":          {"2015-01-05", "2015-01-11"},
		"2015-01-05/P2W":          {"2015-01-05", "2015-01-18"},
		"2015-01-31/P1D":          {"2015-01-31", "2015-01-31"},
		"2015-01-31/P1M":          {"2015-01-31", "2015-02-27"},
		"2015-01-01/P1Y6M":        {"2015-01-01", "2016-06-30"},
		"2015-06-01T00:00:00/P1M": {"2015-06-01", "2015-06-30"},
	} {
		p, ok := ParseInterval(s)
		if !ok || p.Start.String() != want[0] || p.End.String() != want[1] {
			t.Errorf("%s: %s to %s, %v", s, p.Start, p.End, ok)
		}
	}
	for _, s := range []string{"", "2015", "2015-06-01", "2015-06-01/", "2015-06-01/P", "2015-06-01/P0D", "2015-06-01/PT5H", "2015-06/P1M", "2015-02-30/P1M",
		"2015-06-01/P-1M", "2015-06-01/P1D1M", "2015-06-01/P99999Y", "2015-06-01T08:00:00/P1M", "/P1M", "2015-06-01/P1M/P1M", "2015-06-01/1M"} {
		if p, ok := ParseInterval(s); ok {
			t.Errorf("%q is taken for %s to %s", s, p.Start, p.End)
		}
	}
}
