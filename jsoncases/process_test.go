package jsoncases_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/jsoncases"
)

// double is a runner as packages write theirs: it doubles the number of a case, which must be positive.
func double(b, text []byte, where string) ([]byte, bool) {
	var in struct {
		jsoncases.Head
		Value jsoncases.Number
	}
	d := jsoncases.Decoder{Form: "doubles/1", Code: "doubles: invalid"}
	err := d.Case(text, &in.Head, &in)
	if err == nil && !(in.Value > 0) {
		err = &jsoncases.Fault{Code: d.Code, Field: "value", Say: fmt.Sprintf("is %v; give a number above 0", float64(in.Value))}
	}
	jsoncases.Locate(err, where)
	return jsoncases.AppendLine(b, in.ID, func(b []byte) []byte { return jsoncases.AppendNumber(b, 2*float64(in.Value)) }, err, d.Warnings), err == nil
}

// Good and bad cases come out in their order, each on its line, whatever the layout.
func TestCasesAreRunInOrder(t *testing.T) {
	in := `{"id":"a","value":2}` + "\n{\n \"id\": \"b\",\n \"value\": -1\n}\n" + `{"id":"c","valeu":2,"value":1.5}` + "\n[1]\n" + `{"id":"d","va` + "\n" + `{"id":"e","schema":"other/1"}` + "\n" + `{"id":"f","value":"Inf"}`
	want := []string{
		`{"id":"a","output":4,"error":null}`,
		`{"id":"b","output":null,"error":"doubles: invalid: f line 2, value: is -1; give a number above 0"}`,
		`{"id":"c","output":3,"error":null,"warnings":["valeu is not known and was not used; did you mean value?"]}`,
		`{"id":"","output":null,"error":"doubles: invalid: f line 7, case: is a list, not a case; give one JSON object a case"}`,
		`{"id":"d","output":null,"error":"doubles: invalid: f line 8, case: is not valid JSON at byte 13 (unexpected end of JSON input); give one JSON object in the form doubles/1"}`,
		`{"id":"e","output":null,"error":"doubles: invalid: f line 9, schema: is \"other/1\"; give \"doubles/1\""}`,
		`{"id":"f","output":"Inf","error":null}`,
	}
	for workers := range 4 {
		var out bytes.Buffer
		bad, err := jsoncases.Process(&out, strings.NewReader(in), "f", workers, double)
		got := strings.Split(strings.TrimSpace(out.String()), "\n")
		if err != nil || bad != 4 || !slices.Equal(got, want) {
			t.Errorf("%d workers: %d bad, %v\n%s\nwant\n%s", workers, bad, err, out.String(), strings.Join(want, "\n"))
		}
	}
}

// Every index is done once, by however many.
func TestEach(t *testing.T) {
	for _, n := range []int{0, 1, 7, 1000} {
		done := make([]int, n)
		jsoncases.Each(n, 3, func(i int) { done[i]++ })
		if slices.ContainsFunc(done, func(d int) bool { return d != 1 }) {
			t.Errorf("%d: %v", n, done)
		}
	}
}
