package suppress

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"testing"
)

// verdict is what testdata/attack.py says of an answer.
type verdict struct {
	Hidden, Primary, Excused int
	Narrow                   [][]any
}

// attacked runs the linear programs of another library against answers.
func attacked(t *testing.T, cases [][]byte) []verdict {
	t.Helper()
	if err := exec.Command("/usr/bin/python3", "-c", "import scipy.optimize").Run(); err != nil {
		t.Skip("no scipy (Debian: python3-scipy) to attack the answers with:", err)
	}
	cmd := exec.Command("/usr/bin/python3", "testdata/attack.py")
	cmd.Stdin = bytes.NewReader(bytes.Join(cases, []byte("\n")))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var vs []verdict
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var v verdict
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		vs = append(vs, v)
	}
	if len(vs) != len(cases) {
		t.Fatalf("%d of %d cases attacked", len(vs), len(cases))
	}
	return vs
}

// No linear program of another library narrows a primary cell down, with either effort. BAQYLAU_ATTACKS makes it more tables than the usual ten.
func TestScipyNarrowsNothing(t *testing.T) {
	n := 10
	if more, err := strconv.Atoi(os.Getenv("BAQYLAU_ATTACKS")); err == nil {
		n = more
	}
	var cases [][]byte
	for i := range n {
		r := newGen(uint64(i)).like(i)
		for _, effort := range []Effort{Page, Publication} {
			as, err := ProtectAll(r, effort)
			if err != nil {
				t.Fatal(err)
			}
			cases = append(cases, asJSON(r, as))
		}
	}
	excused := 0
	for i, v := range attacked(t, cases) {
		if excused += v.Excused; len(v.Narrow) > 0 {
			t.Errorf("case %d: too narrow: %v", i, v.Narrow)
		}
	}
	t.Logf("%d cells excused", excused)
}
