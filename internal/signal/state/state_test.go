package state

import (
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
)

func walk(t *testing.T, acts ...Act) State {
	t.Helper()
	s := Detected
	for _, a := range acts {
		next, err := Next(s, a, "because")
		if err != nil {
			t.Fatalf("%s in %s: %v", a, s, err)
		}
		s = next
	}
	return s
}

func TestTheUsualPath(t *testing.T) {
	if s := walk(t, Take, Validate, Prioritise, Assess, Decide, Follow, Close); s != Closed || s.Open() {
		t.Errorf("ends %s", s)
	}
}

func TestRefutedAndClosedSignalsReopen(t *testing.T) {
	for _, path := range [][]Act{{Refute}, {Take, Refute}, {Take, Validate, Prioritise, Decide, Close}} {
		if s := walk(t, append(path, Reopen)...); s != Validating || !s.Open() {
			t.Errorf("%v, reopened: %s", path, s)
		}
	}
}

// The whole table, act by state: what is not listed is refused and changes nothing.
func TestEveryActInEveryState(t *testing.T) {
	allowed := map[State][]Act{
		Detected: {Take, Refute}, Validating: {Validate, Refute}, Validated: {Refute, Prioritise}, Refuted: {Reopen},
		Prioritised: {Prioritise, Assess, Decide}, Assessing: {Prioritise, Decide}, Decided: {Follow, Close, Reopen},
		FollowingUp: {Close, Reopen}, Closed: {Reopen},
	}
	for _, s := range States {
		if got := Acts(s); !slices.Equal(got, allowed[s]) {
			t.Errorf("%s allows %v, want %v", s, got, allowed[s])
		}
		for _, r := range Table {
			next, err := Next(s, r.Act, "because")
			if slices.Contains(allowed[s], r.Act) {
				if err != nil || next != r.To {
					t.Errorf("%s in %s: %s, %v", r.Act, s, next, err)
				}
			} else if baqylau.CodeOf(err) != baqylau.Conflict || next != s {
				t.Errorf("%s in %s: %s, %v", r.Act, s, next, err)
			}
		}
	}
}

func TestSomeActsNeedAReason(t *testing.T) {
	for _, r := range Table {
		_, err := Next(r.From[0], r.Act, "")
		if needs := baqylau.CodeOf(err) == baqylau.Invalid; needs != r.Reason {
			t.Errorf("%s without a reason: %v", r.Act, err)
		}
	}
	for _, a := range []Act{Refute, Decide, Close, Reopen} {
		if i := slices.IndexFunc(Table, func(r Rule) bool { return r.Act == a }); !Table[i].Reason {
			t.Errorf("%s needs no reason", a)
		}
	}
}

func TestNoStateIsADeadEndOrUnreachable(t *testing.T) {
	reached := map[State]bool{Detected: true}
	for range States {
		for _, r := range Table {
			if slices.ContainsFunc(r.From, func(s State) bool { return reached[s] }) {
				reached[r.To] = true
			}
		}
	}
	for _, s := range States {
		if !reached[s] || len(Acts(s)) == 0 {
			t.Errorf("%s: reached %v, acts %v", s, reached[s], Acts(s))
		}
	}
	if State("lost").Open() {
		t.Error("an unknown state is open")
	}
}
