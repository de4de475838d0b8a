package baqylau_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"pgregory.net/rapid"
)

func TestDatesAreReadWithTheirPrecision(t *testing.T) {
	for in, want := range map[string]baqylau.Precision{"2026-11-25": baqylau.Day, "2026-11": baqylau.Month, "2026": baqylau.Year} {
		d, p, err := baqylau.ParseDate(in)
		if err != nil || p != want || d.Truncated(p) != in {
			t.Errorf("%s: %s, %s, %v", in, d, p, err)
		}
	}
	for _, bad := range []string{"2026-02-31", "31.12.2026", "2026-13", "26", "2026-1-1", "x"} {
		if _, _, err := baqylau.ParseDate(bad); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if d, _, err := baqylau.ParseDate(" "); err != nil || !d.IsZero() || d.String() != "" {
		t.Errorf("nothing is the unknown date, not %s, %v", d, err)
	}
}

// Week arithmetic is plain integers and agrees with the ISO calendar of the standard library, before 1970 and over 53-week years too.
func TestWeeksFollowTheISOCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := baqylau.NewDate(rapid.IntRange(1900, 2100).Draw(t, "year"), time.January, rapid.IntRange(1, 366).Draw(t, "day"))
		w := d.Week()
		y, n := d.Time().ISOWeek()
		if wy, wn := w.ISO(); wy != y || wn != n {
			t.Fatalf("%s: week %d-%d, want %d-%d", d, wy, wn, y, n)
		}
		if d.Before(w.Monday()) || d.After(w.Sunday()) || w.Monday().Time().Weekday() != time.Monday {
			t.Fatalf("%s is not in %s..%s", d, w.Monday(), w.Sunday())
		}
		if back, err := baqylau.ParseWeek(w.String()); err != nil || back != w {
			t.Fatalf("%s reads back as %s, %v", w, back, err)
		}
		if d.AddDays(7).Week() != w+1 {
			t.Fatalf("%s: seven days later is not the next week", d)
		}
	})
	for _, bad := range []string{"2025-W53", "2026-W00", "2026-W54", "2026W10", ""} {
		if _, err := baqylau.ParseWeek(bad); err == nil {
			t.Errorf("%q was taken for a week", bad)
		}
	}
}

func TestALabelReachesOnlyWhomItMay(t *testing.T) {
	for _, c := range []struct {
		label, max baqylau.TLP
		want       bool
	}{
		{baqylau.TLPClear, baqylau.TLPClear, true}, {baqylau.TLPAmber, baqylau.TLPGreen, false}, {baqylau.TLPGreen, baqylau.TLPAmber, true},
		{baqylau.TLPRed, baqylau.TLPAmberStrict, false}, {"WHITE", baqylau.TLPRed, false}, {baqylau.TLPClear, "", false},
	} {
		if got := c.label.Allows(c.max); got != c.want {
			t.Errorf("%s for a reader of %q: %v", c.label, c.max, got)
		}
	}
}

func TestATextFallsBackRatherThanShowNothing(t *testing.T) {
	x := baqylau.Text{RU: "случай"}
	if x.In(baqylau.Kazakh) != "случай" || x.Exact(baqylau.Kazakh) != "" || x.Complete() {
		t.Errorf("%+v", x)
	}
	if baqylau.ParseText(x.JSON()) != x || baqylau.ParseText("{") != (baqylau.Text{}) {
		t.Error("a text does not read back")
	}
}

func TestErrorsKeepWhatAPersonTypedOutOfTheLog(t *testing.T) {
	e := baqylau.E(baqylau.Invalid, "error.date", "Value", "770101300123").On("occurred_on").Because(errors.New("cause"))
	if s := e.Error(); s != "invalid: error.date (occurred_on): cause" {
		t.Errorf("%s", s)
	}
	wrapped := error(e)
	baqylau.Wrap(&wrapped, "intake.Submit(%s)", "id")
	if baqylau.CodeOf(wrapped) != baqylau.Invalid || baqylau.CodeOf(errors.New("x")) != baqylau.Internal || baqylau.CodeOf(nil) != "" || baqylau.Errors(nil).OrNil() != nil {
		t.Error("codes are lost on the way")
	}
}

func TestADateInJSON(t *testing.T) {
	b, err := json.Marshal(map[string]baqylau.Date{"d": baqylau.MustDate("2026-11-25"), "u": {}})
	if err != nil || string(b) != `{"d":"2026-11-25","u":""}` {
		t.Errorf("%s, %v", b, err)
	}
	var d baqylau.Date
	if err := json.Unmarshal([]byte(`"2026-02-30"`), &d); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("a day that does not exist: %v", err)
	}
}
