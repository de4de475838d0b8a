package casefile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
)

// page is the documentation that these tests hold to the code.
const page = "../../docs/methods/aberration-cases.md"

type parameter struct{ name, standard string }

var (
	row    = regexp.MustCompile("^\\| `([^`]+)` \\| .* \\| (.*) \\| .* \\|$")
	quoted = regexp.MustCompile("`([^`]+)`")
)

// tables are the rows of the tables of parameters by the headings before them: a method each, or "A case".
func tables(t *testing.T) map[string][]parameter {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]parameter{}
	var under []string
	for l := range strings.Lines(string(text)) {
		l = strings.TrimSpace(l)
		if heading, ok := strings.CutPrefix(l, "## "); ok {
			under = []string{heading}
		}
		if heading, ok := strings.CutPrefix(l, "### "); ok {
			under = nil
			for _, m := range quoted.FindAllStringSubmatch(heading, -1) {
				under = append(under, m[1])
			}
		}
		if m := row.FindStringSubmatch(l); m != nil {
			for _, u := range under {
				standard := ""
				if strings.HasPrefix(m[2], "`") {
					standard = quoted.FindStringSubmatch(m[2])[1]
				}
				found[u] = append(found[u], parameter{m[1], standard})
			}
		}
	}
	return found
}

// needed is what a case must say at least, for methods that do not run on their defaults alone.
var needed = map[string]string{"rogerson": `"theta0t":3,"s":1,"ARL0":100`, "binomialCUSUM": `"pi0":0.1,"pi1":0.2,"n":50`}

// shapes are series that settings act on: a level, a slow rise with outbreaks among more and more people, and hardly any cases.
var shapes = []func(week int) int{
	func(i int) int { return 1 + i*i%7 + i%52/20 },
	func(i int) int { return 2 + i/60 + i*i%5 + max(0, i%97-91)*3 + max(0, i-405) },
	func(i int) int { return 1 / (1 + i%9) },
}

// documented is a case of the method with these settings, over eight years of weeks.
func documented(t *testing.T, shape func(int) int, method, control string) *Case {
	t.Helper()
	var counts, people strings.Builder
	for i := range 420 {
		fmt.Fprintf(&counts, ",%d", shape(i))
		fmt.Fprintf(&people, ",%d", 1000+i*i)
	}
	c, err := Decode(fmt.Appendf(nil, `{"method":%q,"series":{"observed":[%s],"frequency":52,"population":[%s]},"range":[400,420],"control":{%s}}`, method, counts.String()[1:], people.String()[1:], control))
	if err != nil {
		t.Fatal(method, err)
	}
	c.Mode = aberration.Reference
	return c
}

// The page and the code know the same methods, the same settings of each, and the same fields of a case.
func TestPageNamesEverySetting(t *testing.T) {
	known := tables(t)
	for method := range methods {
		c := documented(t, shapes[0], method, needed[method])
		if strings.HasPrefix(method, "glr") {
			c = documented(t, shapes[0], method, `"mu0_model":{}`)
		}
		whole := slices.Clone(c.Known)
		if _, err := c.Run(); err != nil {
			t.Errorf("%s: %v", method, err)
		}
		sameNames(t, "A case", known["A case"], whole)
		settings := c.Known[len(whole):]
		for i, name := range settings {
			settings[i] = strings.TrimPrefix(name, "control.")
		}
		sameNames(t, method, known[method], settings)
	}
	for heading := range known {
		if _, ok := methods[heading]; !ok && heading != "A case" && heading != "What comes out" {
			t.Errorf("the page has a table of %s, which is no method", heading)
		}
	}
}

func sameNames(t *testing.T, of string, page []parameter, code []string) {
	t.Helper()
	var names []string
	for _, p := range page {
		names = append(names, p.name)
	}
	slices.Sort(names)
	if code = slices.Sorted(slices.Values(code)); !slices.Equal(names, code) {
		t.Errorf("%s: the page has %v, the code %v", of, names, code)
	}
}

// A case that writes out every default of the page prints what one without them does.
func TestPageDefaults(t *testing.T) {
	tested := 0
	for method, parameters := range tables(t) {
		if methods[method] == nil {
			continue
		}
		control, model := map[string]json.RawMessage{}, map[string]json.RawMessage{}
		for _, p := range parameters {
			if !json.Valid([]byte(p.standard)) {
				continue
			}
			if name, ok := strings.CutPrefix(p.name, "mu0_model."); ok {
				model[name] = json.RawMessage(p.standard)
			} else {
				control[p.name] = json.RawMessage(p.standard)
			}
			tested++
		}
		if err := json.Unmarshal([]byte("{"+needed[method]+"}"), &control); err != nil {
			t.Fatal(err)
		}
		written := object(t, control)
		for _, more := range []string{"", `,"method":"C3","alpha":0.025`, `,"trans":"pearsonNegBin"`, `,"noPeriods":10`, `,"reweight":false`, `,"ret":"value"`, `,"mu0_model":` + object(t, model)} { // where other defaults count
			if more != "" && control[strings.Split(more, `"`)[1]] == nil {
				continue
			}
			for i, shape := range shapes {
				without := documented(t, shape, method, strings.TrimPrefix(needed[method]+strings.Replace(more, `,"alpha":0.025`, "", 1), ","))
				with := documented(t, shape, method, written[1:len(written)-1]+more)
				if strings.HasPrefix(more, `,"mu0_model"`) {
					without = documented(t, shape, method, `"mu0_model":{}`)
				}
				if got, want := output(t, with), output(t, without); !bytes.Equal(got, want) {
					t.Errorf("%s%s, series %d: with the page's defaults\n%s, without\n%s", method, more, i, got, want)
				}
			}
		}
	}
	if tested < 60 {
		t.Errorf("only %d defaults found", tested)
	}
}

func object(t *testing.T, fields map[string]json.RawMessage) string {
	t.Helper()
	b, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func output(t *testing.T, c *Case) []byte {
	t.Helper()
	o, err := c.Run()
	if err != nil {
		t.Fatal(c.Method, err)
	}
	return jsoncases.AppendLine(nil, "", o.append, nil, c.Warnings)
}

// Every method prints the columns of the page, and no others.
func TestPageColumns(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range slices.Sorted(maps.Keys(methods)) {
		_, line, _ := strings.Cut(string(text), "\n| `"+method+"` | ")
		line, _, _ = strings.Cut(line, "\n")
		want := []string{"t", "upperbound", "alarm"}
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			want = append(want, m[1])
		}
		control := needed[method]
		if method == "farringtonFlexible" { // a baseline with nothing in it, where R stops
			control = `"thresholdMethod":"nbPlugin","b":7,"pastWeeksNotIncluded":1000`
		}
		o, err := documented(t, shapes[0], method, control).Run()
		if err != nil {
			t.Fatal(method, err)
		}
		var got []string
		for _, c := range o {
			got = append(got, c.Name)
		}
		if slices.Sort(want); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
			t.Errorf("%s: prints %v, the page says %v", method, got, want)
		}
	}
}

// The cases of the page run, and the first prints what the page says.
func TestPageExamplesRun(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, m[1])
	}
	if len(blocks) != 3 {
		t.Fatalf("%d blocks", len(blocks))
	}
	var out bytes.Buffer
	if bad, err := Process(&out, strings.NewReader(blocks[0]+blocks[2]), "", aberration.Reference, 1); bad != 0 || err != nil {
		t.Fatal(bad, err, out.String())
	}
	if first, rest, _ := strings.Cut(out.String(), "\n"); first+"\n" != blocks[1] || strings.Contains(rest, "warnings") {
		t.Errorf("the page says\n%sbut it prints\n%s", blocks[1], out.String())
	}
}
