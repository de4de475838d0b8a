package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/baqylau/baqylau/aberration"
)

// quiet is a case that runs.
func quiet(id string) string {
	return fmt.Sprintf(`{"id":%q,"method":"earsC","series":{"observed":[1,2,3,4,5,6,7,8],"frequency":52},"range":[8,8]}`, id)
}

// process runs a text and gives the lines of the output, which are checked to be lines of the contract.
func process(t testing.TB, text string) (lines []line, bad int) {
	t.Helper()
	var out bytes.Buffer
	bad, err := Process(&out, strings.NewReader(text), aberration.Reference, 2)
	if err != nil {
		t.Fatal(err)
	}
	errs := 0
	for l := range strings.Lines(out.String()) {
		var got map[string]json.RawMessage
		if err := json.Unmarshal([]byte(l), &got); err != nil || len(got) != 3 || got["id"] == nil || (string(got["output"]) == "null") == (string(got["error"]) == "null") {
			t.Fatalf("no line of the contract: %s", l)
		}
		var one line
		if err := json.Unmarshal([]byte(l), &one); err != nil {
			t.Fatal(err)
		}
		if one.Error != "" {
			errs++
		}
		lines = append(lines, one)
	}
	if errs != bad {
		t.Fatalf("%d bad cases counted, %d lines with an error", bad, errs)
	}
	return lines, bad
}

type line struct{ ID, Error string }

// Damaged cases say what is wrong, where, and what to do, and the others are run, however they are laid out.
func TestProcessReadsOn(t *testing.T) {
	pretty := func(id string) string {
		var b bytes.Buffer
		if err := json.Indent(&b, []byte(quiet(id)), "", " "); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for _, c := range []struct {
		name, text string
		want       string // ids in order, those of bad cases in brackets
	}{
		{"nothing", "", ""},
		{"blank lines", "\n \r\n\t\n", ""},
		{"one line without an end", quiet("a"), "a"},
		{"lines", quiet("a") + "\n" + quiet("b") + "\n", "a b"},
		{"Windows", "\ufeff" + quiet("a") + "\r\n\r\n" + quiet("b") + "\r\n", "a b"},
		{"indented", pretty("a") + "\n" + pretty("b"), "a b"},
		{"side by side", quiet("a") + quiet("b") + " " + quiet("c"), "a b c"},
		{"mixed", quiet("a") + "\n" + pretty("b") + "\n" + quiet("c") + "\n" + pretty("d") + "\n", "a b c d"},
		{"bad first line", "hello\n" + quiet("a") + "\n" + quiet("b"), "[] a b"},
		{"cut first line", `{"id":"x","series":{"obs` + "\n" + quiet("a"), "[x] a"},
		{"cut between values", quiet("a") + "\n" + `{"id":"x","range":[1` + "\n" + "7\n" + quiet("b"), "a [x] [] b"},
		{"cut last line", quiet("a") + "\n" + `{"id":"x"`, "a [x]"},
		{"cut object over lines", "{\n \"id\": \"x\",\n \"series\": {\n" + pretty("a"), "[x] a"},
		{"open quote over lines", "{\n \"id\": \"x,\n \"method\": 1\n}\n" + quiet("a"), "[] a"},
		{"braces in texts", `{"id":"}{\"[","method":"}"}` + "\n" + quiet("a"), `[}{"[] a`},
		{"not objects", "null\n[" + quiet("x") + "]\n5\n\"text\"\n" + quiet("a"), "[] [] [] [] a"},
		{"too many closings", quiet("a") + "}}\n" + quiet("b"), "a [] b"},
		{"duplicate keys: the last one counts", `{"id":"x","id":"a","method":"bayes","method":"earsC","series":{"observed":[1,2,3,4,5,6,7,8],"frequency":52},"range":[8,8]}`, "a"},
		{"id of a wrong type", `{"id":7,"method":"earsC"}` + "\n" + quiet("a"), "[] a"},
		{"deep", strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "\n" + strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000) + "\n" + quiet("a"), "[] [] a"},
		{"not UTF-8", "{\"id\":\"\xff\xfe\"}\n" + quiet("a"), "[\ufffd\ufffd] a"},
	} {
		lines, _ := process(t, c.text)
		var got []string
		for _, l := range lines {
			if l.Error != "" {
				l.ID = "[" + l.ID + "]"
			}
			got = append(got, l.ID)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", c.name, strings.Join(got, " "), c.want)
		}
	}
}

// Every fault names the field and says what to do.
func TestFaults(t *testing.T) {
	of := func(change string) string { // the quiet case with fields put over it
		return strings.TrimSuffix(quiet("x"), "}") + "," + change + "}"
	}
	series := func(s string) string { return of(`"series":{"frequency":52,"observed":` + s + "}") }
	for _, c := range []struct{ text, where, say string }{
		{`{"id":"x",}`, "case", "is not valid JSON at byte 11"},
		{`["x"]`, "line 1, case", "give an object"},
		{of(`"schema":"aberration-golden/2"`), "schema", `give "aberration-golden/1"`},
		{of(`"method":"magic"`), "method", "is not known"},
		{of(`"method":5`), "method", "give a text"},
		{series("[]"), "series.observed", "give at least one"},
		{series("null"), "series.observed", "give at least one"},
		{series(`"Inf"`), "series.observed", "give a list"},
		{series(`[1,2,3,4,5,6,7,"Inf"]`), "series.observed", "value 8 is +Inf; counts are 0 or more"},
		{series("[1,-1]"), "series.observed", "value 2 is -1; counts are 0 or more"},
		{series("[1e999]"), "series.observed", "holds 1e999, which is too large"},
		{series("[1" + strings.Repeat("0", 400) + "]"), "series.observed", "…, which is too large"},
		{series(`["many"]`), "series.observed", "give a number"},
		{of(`"range":[0,8]`), "range", "from 1 to 8"},
		{of(`"range":[8,9]`), "range", "from 1 to 8"},
		{of(`"range":[5,4]`), "range", "from 1 to 8"},
		{of(`"range":[1.5,4]`), "range", "from 1 to 8"},
		{of(`"range":8`), "range", "give a list"},
		{of(`"series":{"observed":[1],"frequency":0.5}`), "series.frequency", "a whole number from 1 to 366"},
		{of(`"series":{"observed":[1],"frequency":52,"population":[1,2]}`), "series.population", "has 2 values for 1 counts"},
		{of(`"series":{"observed":[1],"frequency":52,"population":[-1]}`), "series.population", "give numbers of 0 or more"},
		{of(`"series":{"observed":[1],"frequency":52,"epoch_as_date":true}`), "series.epoch", "has 0 dates for 1 counts"},
		{of(`"series":{"observed":[1,2],"frequency":52,"epoch_as_date":true,"epoch":["2026-02-30","x"]}`), "series.epoch", "give a date such as"},
		{of(`"series":{"observed":[1,2],"frequency":52,"epoch_as_date":true,"epoch":["2026-02-08","2026-02-01"]}`), "series.epoch", "does not come after"},
		{of(`"control":[]`), "control", "give an object"},
		{of(`"control":{"baseline":7.5}`), "control.baseline", "is 7.5; give a whole number"},
		{of(`"control":{"baseline":true}`), "control.baseline", "give a whole number"},
		{of(`"control":{"method":"C4"}`), "control.method", "give C1, C2 or C3"},
		{of(`"method":"glrnb","control":{"Mtilde":0}`), "control.Mtilde", "give 1 period or more"},
		{of(`"method":"glrnb","control":{"Mtilde":"x"}`), "control.Mtilde", "give a whole number"},
		{of(`"method":"glrnb","control":{"change":"x"}`), "control.change", "give intercept or epi"},
		{of(`"method":"glrnb","control":{"dir":"x"}`), "control.dir", "give inc or dec"},
		{of(`"method":"glrnb","control":{"ret":"x"}`), "control.ret", "give value or cases"},
		{of(`"method":"glrnb","control":{"c.ARL":-1}`), "control.c.ARL", "give a limit of 0 or more"},
		{of(`"method":"glrnb","control":{"theta":0}`), "control.theta", "null to have it estimated"},
		{of(`"method":"glrnb","control":{"xMax":-1}`), "control.xMax", "give a count"},
		{of(`"method":"glrnb","control":{"xMax":1e9}`), "control.xMax", "from 0 to 1e6"},
		{of(`"method":"glrnb","control":{"alpha":-1}`), "control.alpha", "give the dispersion"},
		{of(`"method":"glrnb","control":{"mu0":[3]}`), "control.alpha", "give it too"},
		{of(`"method":"glrnb","control":{"mu0":[1,2]}`), "control.mu0", "has 2 means"},
		{of(`"method":"glrpois","control":{"mu0_model":null},"output":{"mu0":[0]}`), "output.mu0", "give numbers above 0"},
		{of(`"method":"glrnb","control":{"mu0_model":{"S":27}}`), "control.mu0_model.S", "from 0 to 26"},
	} {
		lines, _ := process(t, c.text)
		if len(lines) != 1 || !strings.Contains(lines[0].Error, ": "+c.where+": ") || !strings.Contains(lines[0].Error, c.say) {
			t.Errorf("%s\n  %+v\n  want %s: %s", c.text, lines, c.where, c.say)
		}
	}
}

// However cases are laid out, in whatever number of rounds and workers, the output is the same; and damaged ones in between change nothing
// but their own lines.
func TestLayoutDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "n")
		var plain, laid strings.Builder
		for i := range n {
			one := quiet(fmt.Sprint(i))
			plain.WriteString(one + "\n")
			var b bytes.Buffer
			switch rapid.IntRange(0, 3).Draw(t, "layout") {
			case 0:
				_ = json.Indent(&b, []byte(one), "", rapid.SampledFrom([]string{" ", "\t", "    "}).Draw(t, "indent"))
			case 1:
				b.WriteString("  " + one + "\r\n\r\n")
			case 2:
				b.WriteString(one)
			default:
				b.WriteString(rapid.SampledFrom([]string{"garbage\n", `{"id":"cut","series":{"ob` + "\n", "[1,2]\n", "}\n"}).Draw(t, "damage") + one + "\n")
			}
			laid.Write(b.Bytes())
		}
		var want, got bytes.Buffer
		if _, err := Process(&want, strings.NewReader(plain.String()), aberration.Reference, 1); err != nil {
			t.Fatal(err)
		}
		bad, err := Process(&got, iotest.OneByteReader(strings.NewReader(laid.String())), aberration.Reference, rapid.IntRange(0, 5).Draw(t, "workers"))
		if err != nil {
			t.Fatal(err)
		}
		var good []string
		for l := range strings.Lines(got.String()) {
			if strings.HasSuffix(l, "\"error\":null}\n") {
				good = append(good, l)
			} else {
				bad--
			}
		}
		if strings.Join(good, "") != want.String() || bad != 0 {
			t.Errorf("%q\n%s\nwant\n%s", laid.String(), got.String(), want.String())
		}
	})
}

// More cases than one round holds come out in their order.
func TestManyRounds(t *testing.T) {
	var b strings.Builder
	for i := range 3*round + 7 {
		b.WriteString(quiet(fmt.Sprint(i)) + "\n")
	}
	lines, bad := process(t, b.String())
	if len(lines) != 3*round+7 || bad != 0 || !slices.IsSortedFunc(lines, func(a, b line) int { return len(a.ID)*10000 - len(b.ID)*10000 + strings.Compare(a.ID, b.ID) }) {
		t.Errorf("%d lines, %d bad", len(lines), bad)
	}
}

// A source or a destination that fails is an error, after what came before it.
func TestReadAndWriteFail(t *testing.T) {
	broken := errors.New("broken")
	var out bytes.Buffer
	_, err := Process(&out, io.MultiReader(strings.NewReader(quiet("a")+"\n"), iotest.ErrReader(broken)), aberration.Reference, 1)
	if !errors.Is(err, broken) || !strings.Contains(out.String(), `"id":"a"`) {
		t.Errorf("%v: %s", err, out.String())
	}
	if _, err := Process(failing{}, strings.NewReader(quiet("a")), aberration.Reference, 1); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// What a case says of its output changes nothing, but for means that the control says were given.
func TestOutputIsIgnored(t *testing.T) {
	run := func(more string) []float64 {
		t.Helper()
		c, err := Decode([]byte(`{"method":"glrpois","series":{"observed":[1,2,3,2,1,2,3,2],"frequency":4},"range":[7,8]` + more + `}`))
		if err != nil {
			t.Fatal(err)
		}
		o, err := c.Run()
		if err != nil {
			t.Fatal(err)
		}
		return o.Get("mu0").Numbers
	}
	fitted := run("")
	for _, more := range []string{`,"output":{"mu0":[50,60]}`, `,"control":{"mu0_model":{"S":1}},"output":{"mu0":[50,60]}`, `,"control":{"mu0_model":null}`, `,"output":{"mu0":"damaged"}`} {
		if got := run(more); !slices.Equal(got, fitted) {
			t.Errorf("%s: %v, want %v", more, got, fitted)
		}
	}
	for _, more := range []string{`,"control":{"mu0_model":null},"output":{"mu0":[50,60]}`, `,"control":{"mu0":[50,60]},"output":{"mu0":[7,7]}`} {
		if got := run(more); !slices.Equal(got, []float64{50, 60}) {
			t.Errorf("%s: %v", more, got)
		}
	}
}
