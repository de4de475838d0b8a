package casefile

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
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
	bad, err := Process(&out, strings.NewReader(text), "", aberration.Reference, 2)
	if err != nil {
		t.Fatal(err)
	}
	errs := 0
	for l := range strings.Lines(out.String()) {
		var got map[string]json.RawMessage
		if err := json.Unmarshal([]byte(l), &got); err != nil || len(got) != 3 && (len(got) != 4 || got["warnings"] == nil) || got["id"] == nil || (string(got["output"]) == "null") == (string(got["error"]) == "null") {
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

type line struct {
	ID, Error string
	Warnings  []string
}

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
		{`["x"]`, "case", "is a list, not a case; give one JSON object a case"},
		{"null", "case", "is null, not a case; give one JSON object a case"},
		{"5", "case", "is a number, not a case"},
		{`"text"`, "case", "is a text, not a case"},
		{"hello", "case", "is not valid JSON at byte 1"},
		{`{"id":7}`, "id", "is a number; give a text"},
		{of(`"schema":"aberration-golden/2"`), "schema", `give "aberration-golden/1"`},
		{of(`"method":"magic"`), "method", `is "magic", which is not known; give one of bayes, binomialCUSUM, cdc, `},
		{of(`"method":"EarsC"`), "method", "(did you mean earsC?)"},
		{of(`"method":null`), "method", "is missing; give one of "},
		{of(`"method":5`), "method", "give a text"},
		{series("[]"), "series.observed", "give at least one"},
		{series("null"), "series.observed", "give at least one"},
		{series(`"Inf"`), "series.observed", "give a list"},
		{series(`[1,2,3,4,5,6,7,"Inf"]`), "series.observed", "value 8 is +Inf; counts are 0 or more"},
		{series("[1,-1]"), "series.observed", "value 2 is -1; counts are 0 or more"},
		{series("[1e999]"), "series.observed", "value 1 is 1e999, which is too large"},
		{series("[1" + strings.Repeat("0", 400) + "]"), "series.observed", "…, which is too large"},
		{series(`[1,"many"]`), "series.observed", "value 2 is a text; give a number"},
		{of(`"range":[0,8]`), "range", "from 1 to 8"},
		{of(`"range":[8,9]`), "range", "from 1 to 8"},
		{of(`"range":[5,4]`), "range", "from 1 to 8"},
		{of(`"range":[1.5,4]`), "range", "from 1 to 8"},
		{of(`"range":8`), "range", "is a number; give a list"},
		{of(`"range":[1,{}]`), "range", "value 2 is an object; give a number"},
		{of(`"series":[]`), "series", "is a list; give an object"},
		{of(`"series":null`), "series.observed", "give at least one"},
		{of(`"series":{"observed":[1],"frequency":52,"epoch":[7]}`), "series.epoch", "value 1 is a number; give a text"},
		{of(`"series":{"observed":[1],"frequency":0.5}`), "series.frequency", "a whole number from 1 to 366"},
		{of(`"series":{"observed":[1],"frequency":52,"population":[1,2]}`), "series.population", "has 2 values for 1 counts"},
		{of(`"series":{"observed":[1],"frequency":52,"population":[-1]}`), "series.population", "give numbers of 0 or more"},
		{of(`"series":{"observed":[1],"frequency":52,"epoch_as_date":true}`), "series.epoch", "has 0 dates for 1 counts"},
		{of(`"series":{"observed":[1,2],"frequency":52,"epoch_as_date":true,"epoch":["2026-02-30","x"]}`), "series.epoch", "give a date such as"},
		{of(`"series":{"observed":[1,2],"frequency":52,"epoch_as_date":true,"epoch":["2026-02-08","2026-02-01"]}`), "series.epoch", "does not come after"},
		{of(`"control":[]`), "control", "give an object"},
		{of(`"control":{"baseline":7.5}`), "control.baseline", "is 7.5; give a whole number"},
		{of(`"control":{"baseline":true}`), "control.baseline", "is true; give a whole number"},
		{of(`"control":{"baseline":1e30}`), "control.baseline", "is 1e30; give a whole number"},
		{of(`"control":{"alpha":"x"}`), "control.alpha", "is a text; give a number"},
		{of(`"method":"farringtonFlexible","control":{"trend":"yes"}`), "control.trend", "is a text; give true or false"},
		{of(`"method":"farringtonFlexible","control":{"limit54":"x"}`), "control.limit54", "is a text; give a number or a list of numbers"},
		{of(`"method":"farringtonFlexible","control":{"limit54":[5,true]}`), "control.limit54", "value 2 is true; give a number"},
		{of(`"method":"farringtonFlexible","control":{"limit54":1e999}`), "control.limit54", "is 1e999, which is too large"},
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
		{of(`"method":"glrnb","control":{"mu0_model":5}`), "control.mu0_model", "is a number; give an object"},
		{of(`"method":"glrnb","control":{"mu0_model":{"trend":1}}`), "control.mu0_model.trend", "is a number; give true or false"},
		{of(`"method":"glrnb","control":{"mu0":{"S":-1}}`), "control.mu0.S", "from 0 to 26"},
		{of(`"method":"glrnb","control":{"mu0":"glm"}`), "control.mu0", "is a text; give a number or a list of numbers"},
	} {
		lines, _ := process(t, c.text)
		if len(lines) != 1 || !strings.Contains(lines[0].Error, ": line 1, "+c.where+": ") || !strings.Contains(lines[0].Error, c.say) {
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
		if _, err := Process(&want, strings.NewReader(plain.String()), "", aberration.Reference, 1); err != nil {
			t.Fatal(err)
		}
		bad, err := Process(&got, iotest.OneByteReader(strings.NewReader(laid.String())), "", aberration.Reference, rapid.IntRange(0, 5).Draw(t, "workers"))
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
	const n = 3*256 + 7 // a round holds 256
	for i := range n {
		b.WriteString(quiet(fmt.Sprint(i)) + "\n")
	}
	lines, bad := process(t, b.String())
	if len(lines) != n || bad != 0 || !slices.IsSortedFunc(lines, func(a, b line) int { return len(a.ID)*10000 - len(b.ID)*10000 + strings.Compare(a.ID, b.ID) }) {
		t.Errorf("%d lines, %d bad", len(lines), bad)
	}
}

// A source or a destination that fails is an error, after what came before it.
func TestReadAndWriteFail(t *testing.T) {
	broken := errors.New("broken")
	var out bytes.Buffer
	_, err := Process(&out, io.MultiReader(strings.NewReader(quiet("a")+"\n"), iotest.ErrReader(broken)), "", aberration.Reference, 1)
	if !errors.Is(err, broken) || !strings.Contains(out.String(), `"id":"a"`) {
		t.Errorf("%v: %s", err, out.String())
	}
	if _, err := Process(failing{}, strings.NewReader(quiet("a")), "", aberration.Reference, 1); !errors.Is(err, io.ErrClosedPipe) {
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

// Names that nothing reads are said, with the one that was probably meant, and change nothing else.
func TestWarnings(t *testing.T) {
	of := func(change string) string { return strings.TrimSuffix(quiet("x"), "}") + "," + change + "}" }
	for _, c := range []struct{ text, want string }{
		{of(`"control":{"basline":9}`), "control.basline is not known to earsC and was not used; did you mean baseline?"},
		{of(`"control":{"Baseline":3}`), "control.Baseline is not known to earsC and was not used; did you mean baseline?"},
		{of(`"control":{"min_sigma":3}`), "control.min_sigma is not known to earsC and was not used; did you mean minSigma?"},
		{of(`"control":{"quux":3,"alhpa":1}`), "control.alhpa is not known to earsC and was not used; did you mean alpha?|control.quux is not known to earsC and was not used"},
		{of(`"control":{"range":[1,2]}`), "control.range is not known to earsC and was not used; range stands beside control, not in it"},
		{of(`"control":{"b":3}`), "control.b is not known to earsC and was not used"},
		{of(`"control":{"verbose":true,"plot":false,"glmWarnings":true,"fitFun":"f","baseline":5}`), ""},
		{of(`"serie":{}`), "serie is not known and was not used; did you mean series?"},
		{of(`"Range":[1,2],"r_call":"","mu0_fit":0`), "Range is not known and was not used; did you mean range?"},
		{of(`"series":{"observed":[1,2,3,4,5,6,7,8],"frequency":52,"obs":[9],"label":"a"}`), "series.obs is not known and was not used; did you mean observed?"},
		{of(`"control":{"` + strings.Repeat("x", 100) + `":1}`), "control." + strings.Repeat("x", 80) + "… is not known to earsC and was not used"},
		{of(`"control":{"":1}`), "control. is not known to earsC and was not used"},
		{of(`"method":"bayes","control":{"b":0,"h":3}`), "control.h is not known to bayes and was not used"},
		{of(`"method":"glrpois","control":{"mu0":3,"alpha":0.2}`), "control.alpha is not used by glrpois, whose counts have no dispersion; glrnb has it"},
		{of(`"method":"glrpois","control":{"mu0":3,"mu0_model":{"Trend":true}}`), "control.mu0 was not used, because control.mu0_model is given too|control.mu0_model.Trend is not known to glrpois and was not used; did you mean trend?"},
	} {
		lines, bad := process(t, c.text)
		if got := strings.Join(lines[0].Warnings, "|"); bad != 0 || got != c.want {
			t.Errorf("%s: %d bad\n got %s\nwant %s", c.text, bad, got, c.want)
		}
	}
	lines, bad := process(t, `{"id":"x","method":"earsC","series":{"obs":[1]}}`)
	if bad != 1 || len(lines[0].Warnings) != 1 {
		t.Errorf("a case that cannot be run keeps its warnings: %v", lines)
	}
}

// Errors say in which file and line their case begins, and the file alone where it holds one case.
func TestErrorsSayWhere(t *testing.T) {
	bad := "{\n\"id\":\"x\"}\n"
	for _, c := range []struct{ text, name, want string }{
		{bad, "one.json", "aberration: invalid_series: one.json, series.observed: "},
		{"\n" + bad, "", "aberration: invalid_series: line 2, series.observed: "},
		{quiet("a") + "\n\n" + bad, "b.jsonl", "aberration: invalid_series: b.jsonl line 3, series.observed: "},
		{bad + quiet("a"), "standard input", "aberration: invalid_series: standard input line 1, series.observed: "},
		{quiet("a") + "\n5", "b.jsonl", "aberration: invalid_series: b.jsonl line 2, case: is a number"},
	} {
		var out bytes.Buffer
		if _, err := Process(&out, strings.NewReader(c.text), c.name, aberration.Reference, 1); err != nil || !strings.Contains(out.String(), `"error":"`+c.want) {
			t.Errorf("%q: %v\n%s\nwant %s", c.text, err, out.String(), c.want)
		}
	}
}

// R's mu0 is one argument: numbers, or the settings of a model, which the reference cases write as mu0_model.
func TestModelInMu0(t *testing.T) {
	run := func(method, control string) string {
		t.Helper()
		var b strings.Builder
		for i := range 60 {
			fmt.Fprintf(&b, ",%d", 3+i*i%7)
		}
		var out bytes.Buffer
		if bad, err := Process(&out, strings.NewReader(fmt.Sprintf(`{"method":%q,"series":{"observed":[%s],"frequency":12},"range":[50,60],"control":%s}`, method, b.String()[1:], control)), "", aberration.Reference, 1); bad != 0 || err != nil {
			t.Fatal(out.String(), err)
		}
		return out.String()
	}
	for _, method := range []string{"glrpois", "glrnb"} {
		for _, model := range []string{`{"S":2,"trend":true,"refit":true}`, `{"S":0}`, `{}`} {
			if got, want := run(method, `{"alpha":0,"mu0":`+model+`}`), run(method, `{"alpha":0,"mu0_model":`+model+`}`); got != want || strings.Contains(got, "warnings") {
				t.Errorf("%s %s: %s, want %s", method, model, got, want)
			}
		}
		if run(method, `{"alpha":0,"mu0":{"S":0}}`) == run(method, `{"alpha":0}`) {
			t.Error("the settings change nothing")
		}
	}
}

// A guarded run has no decision at a missing period, whatever the method; R's FALSE of farringtonFlexible is for reference.
func TestMissingPeriodHasNoAlarm(t *testing.T) {
	counts := strings.Repeat("3,1,4,1,5,9,2,6,5,3,5,8,", 8) + "null,4"
	for _, method := range slices.Sorted(maps.Keys(methods)) {
		control := map[string]string{"bayes": `{"b":2,"w":3}`, "rogerson": `{"theta0t":4,"s":1,"ARL0":100}`, "binomialCUSUM": `{"pi0":0.1,"pi1":0.2,"n":50}`, "glrnb": `{"alpha":0.1}`}[method]
		frequency, repeat := 12, 1
		if method == "cdc" {
			frequency, repeat = 52, 5
		}
		text := strings.Repeat(counts[:strings.Index(counts, "null")], repeat) + "null,4"
		n := strings.Count(text, ",") + 1
		c, err := Decode(fmt.Appendf(nil, `{"method":%q,"series":{"observed":[%s],"frequency":%d},"range":[%d,%d],"control":%s}`, method, text, frequency, n-2, n, cmp.Or(control, "{}")))
		if err != nil {
			t.Fatal(method, err)
		}
		o, err := c.Run()
		if err != nil {
			t.Fatal(method, err)
		}
		if alarm := o.Get("alarm"); !alarm.Undefined[1] {
			t.Errorf("%s: %+v", method, alarm)
		}
	}
}
