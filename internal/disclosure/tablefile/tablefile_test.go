package tablefile

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/disclosure/suppress"
)

type line struct {
	ID       string
	Cells    []outcome
	Releases []struct{ Cells []outcome }
	Error    string
	Warnings []string
}

type outcome struct {
	Key []string
	N   *int
	Why *string
}

func process(t *testing.T, text string) (line, int) {
	t.Helper()
	var out bytes.Buffer
	bad, err := Process(&out, strings.NewReader(text), "a.json", 1)
	if err != nil {
		t.Fatal(err)
	}
	var l line
	if err := json.Unmarshal(out.Bytes(), &l); err != nil {
		t.Fatalf("%v: %s", err, out.Bytes())
	}
	return l, bad
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Of no golden table more is hidden than the simple greedy method hides, every small cell is, no zero is, and the others keep their number.
func TestGoldenTablesHideNoMoreThanTheBaseline(t *testing.T) {
	var baseline map[string]struct{ Hidden, Primary int }
	if err := json.Unmarshal([]byte(read(t, "baseline.json")), &baseline); err != nil {
		t.Fatal(err)
	}
	total, base := 0, 0
	for id, want := range baseline {
		text := read(t, id+".json")
		l, bad := process(t, text)
		if bad != 0 || l.ID != id {
			t.Fatalf("%s: %+v", id, l)
		}
		c, err := Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		answers := [][]outcome{l.Cells}
		if !c.Single {
			answers = nil
			for _, r := range l.Releases {
				answers = append(answers, r.Cells)
			}
		}
		hidden, primary := 0, 0
		for i, table := range c.Releases.Tables {
			if len(answers[i]) != len(table.Cells) {
				t.Fatalf("%s: %d answers for %d cells", id, len(answers[i]), len(table.Cells))
			}
			for k, cell := range table.Cells {
				o := answers[i][k]
				small := cell.N > 0 && cell.N < table.Rule.Threshold
				if strings.Join(o.Key, "/") != strings.Join(cell.Key, "/") || (o.N == nil) != (o.Why != nil) || o.N != nil && *o.N != cell.N ||
					small != (o.Why != nil && *o.Why == "primary") || cell.N == 0 && o.N == nil {
					t.Errorf("%s: cell %v of %d: %+v", id, cell.Key, cell.N, o)
				}
				if o.N == nil {
					hidden++
				}
				if small {
					primary++
				}
			}
		}
		if hidden > want.Hidden || primary != want.Primary {
			t.Errorf("%s: %d hidden, %d primary; the baseline hides %d and %d", id, hidden, primary, want.Hidden, want.Primary)
		}
		total, base = total+hidden, base+want.Hidden
	}
	t.Logf("%d hidden, the baseline %d", total, base)
}

// What an earlier release has answered is what it answers alone.
func TestAnEarlierReleaseIsAnsweredAsAlone(t *testing.T) {
	text := read(t, "d_p006.json")
	together, _ := process(t, text)
	var file struct{ Releases []json.RawMessage }
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	alone, _ := process(t, string(file.Releases[0]))
	a, _ := json.Marshal(together.Releases[0].Cells)
	b, _ := json.Marshal(alone.Cells)
	if !bytes.Equal(a, b) {
		t.Errorf("with a later release: %s\nalone: %s", a, b)
	}
}

const good = `{"id":"x","dimensions":[{"name":"sex","codes":["T","M","F"],"total":"T","parents":null}],
	"cells":[{"key":["T"],"n":9},{"key":["M"],"n":4},{"key":["F"],"n":5}],"rule":{"threshold":5,"round":null}}`

// A table that is not what it says it is gets a sentence that says what, where and what to do, and no cells.
func TestBadTablesAreRefusedWhole(t *testing.T) {
	if l, bad := process(t, good); bad != 0 || l.Error != "" || len(l.Cells) != 3 || l.Cells[1].N != nil || l.Cells[2].N != nil {
		t.Fatalf("%+v", l)
	}
	for _, c := range []struct{ old, new, want string }{
		{`{"key":["F"],"n":5}`, `{"key":["F"],"n":6}`, "cell T: it is 9, but its parts (M and on) add up to 10"},
		{`,{"key":["F"],"n":5}`, ``, "cell F: it is missing"},
		{`{"key":["F"],"n":5}`, `{"key":["M"],"n":5}`, "cell M: it is there twice"},
		{`{"key":["F"],"n":5}`, `{"key":["X"],"n":5}`, `"X" is not a code of the dimension sex`},
		{`{"key":["F"],"n":5}`, `{"key":["F","M"],"n":5}`, "its key has 2 codes; give one for each of the 1 dimensions"},
		{`{"key":["F"],"n":5}`, `{"key":["F"]}`, "cells[2]: has no count n"},
		{`"n":5`, `"n":-5`, "its count is -5"},
		{`"n":5`, `"n":5.5`, "cells[2].n: is 5.5; give a whole number"},
		{`"n":5`, `"n":"5"`, "cells[2].n: is a text; give a whole number"},
		{`"total":"T"`, `"total":"All"`, `the total "All" is not among its codes`},
		{`["T","M","F"]`, `["T","M","F","M"]`, `the code "M" is there twice`},
		{`["T","M","F"]`, `[]`, "it has no codes"},
		{`"parents":null`, `"parents":{"M":"X"}`, `"M" has the parent "X", which is not among the codes`},
		{`"parents":null`, `"parents":{"X":"M"}`, `"X" has the parent "M" but is not among the codes`},
		{`"parents":null`, `"parents":{"M":"F","F":"M"}`, "lead back in a circle"},
		{`"parents":null`, `"parents":{"T":"M"}`, `the total "T" has the parent "M"`},
		{`"threshold":5`, `"threshold":0`, "the threshold is 0; give a whole number from 1"},
		{`"threshold":5,`, ``, "rule: has no threshold"},
		{`"round":null`, `"round":-5`, "the rounding base is -5"},
		{`"cells":[`, `"cells":7,"x":[`, "cells: is a number; give a list"},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		if l, bad := process(t, text); bad != 1 || !strings.Contains(l.Error, c.want) || !strings.Contains(l.Error, "a.json") || len(l.Cells) > 0 || l.ID != "x" {
			t.Errorf("%s: %q instead of %q", c.new, l.Error, c.want)
		}
	}
	for _, text := range []string{``, `[]`, `{"id":"x","releases":[` + good + `],"links":[{"total":[0,["T"]],"parts":[]}]}`,
		`{"id":"x","releases":[` + good + `],"links":[{"total":[1,["T"]],"parts":[[0,["T"]]]}]}`,
		`{"id":"x","releases":[` + good + `],"links":[{"total":[0,["X"]],"parts":[[0,["T"]]]}]}`,
		`{"id":"x","releases":[` + good + `],"links":[{"total":[0,["T"]],"parts":[[0,["M"]]]}]}`,
		`{"id":"x","releases":[` + good + `],"links":[{"total":["T"],"parts":[]}]}`} {
		var out bytes.Buffer
		if bad, err := Process(&out, strings.NewReader(text), "a.json", 1); err != nil || text != "" && bad != 1 {
			t.Errorf("%q: %v, %s", text, err, out.Bytes())
		} else if text != "" {
			t.Log(strings.TrimSpace(out.String()))
		}
	}
}

// A name that nothing reads is warned of; it stops nothing.
func TestAMisspeltNameIsWarnedOf(t *testing.T) {
	l, bad := process(t, strings.Replace(good, `"round"`, `"rounds"`, 1))
	if bad != 0 || len(l.Warnings) != 1 || !strings.Contains(l.Warnings[0], "round") {
		t.Errorf("%+v", l)
	}
}

// Shown counts are rounded, hidden ones stay hidden.
func TestShownCountsAreRounded(t *testing.T) {
	l, _ := process(t, `{"id":"x","dimensions":[{"name":"sex","codes":["T","M","F"],"total":"T"}],"cells":[{"key":["T"],"n":41},{"key":["M"],"n":18},{"key":["F"],"n":23}],"rule":{"threshold":5,"round":5}}`)
	if *l.Cells[0].N != 40 || *l.Cells[1].N != 20 || *l.Cells[2].N != 25 {
		t.Errorf("%+v", l)
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"d_p001.json", "d_p005.json"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(good))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Decode(text)
		n := 0
		for _, table := range c.Releases.Tables {
			n += len(table.Cells)
		}
		if err != nil || n > 40 { // the protection of larger tables is tested by itself
			return
		}
		as, err := suppress.ProtectAll(c.Releases, suppress.Publication)
		if line := c.appendLine(nil, as, err); !json.Valid(line) {
			t.Errorf("not JSON: %s", line)
		}
	})
}
