package casefile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzProcess: whatever the text, every case gives one line of the contract, and nothing panics.
func FuzzProcess(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			f.Fatal(err)
		}
		if b.Len() < 4000 {
			f.Add(b.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 20000 {
			return
		}
		var out bytes.Buffer
		bad, err := Process(&out, bytes.NewReader(text), "f", 1)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(out.String()) {
			var got map[string]json.RawMessage
			if err := json.Unmarshal([]byte(l), &got); err != nil || got["id"] == nil || (string(got["output"]) == "null") == (string(got["error"]) == "null") {
				t.Fatalf("no line of the contract: %s", l)
			}
			if string(got["error"]) != "null" {
				bad--
			}
		}
		if bad != 0 {
			t.Fatalf("%d bad cases without their line", bad)
		}
	})
}

// FuzzDesign: whatever the design and the request over a small sample, they run or are a fault that says where.
func FuzzDesign(f *testing.F) {
	f.Add(`{"ids":["p"],"strata":["s"],"weights":"w","lonely_psu":"adjust"}`, `{"estimand":"mean","var":"y"}`)
	f.Add(`{"ids":["p","q"],"fpc":["n1","n2"],"lonely_psu":"average"}`, `{"estimand":"quantile","var":"y","p":0.5}`)
	f.Add(`{"strata":["s"],"fpc":["n1"],"lonely_psu":"remove","poststrata":{"vars":["g"],"totals":[{"key":["a"],"n":50},{"key":["b"],"n":30}]}}`, `{"estimand":"proportion","var":"g","level":"a","domain":{"var":"s","values":["1",2]}}`)
	f.Add(`{"weights":"z","rake":{"margins":[{"vars":["g"],"totals":[{"key":["a"],"n":50},{"key":["b"],"n":30}]},{"vars":["s"],"totals":[{"key":[1],"n":9},{"key":[2],"n":71}]}]}}`, `{"estimand":"ratio","num":"y","den":"x"}`)
	f.Add(`{"weights":"x","strata":["p","q"]}`, `{"estimand":"total","var":"z"}`)
	f.Fuzz(func(t *testing.T, design, item string) {
		if len(design)+len(item) > 3000 || !json.Valid([]byte(design)) || !json.Valid([]byte(item)) {
			return
		}
		text := fmt.Sprintf(`{"method":"survey","data":{"p":["1","1","2","2","3","3","4"],"q":[1,2,1,1,1,2,1],"s":[1,1,1,1,2,2,2],"g":["a","b","a","b","a","b","a"],"w":[3,4,5,6,7,8,9],"z":[0,0,1,0,2,1e300,0],
"n1":[9,9,9,9,9,9,9],"n2":[3,3,4,4,5,5,1],"x":[1,0,-1,0,2,null,3],"y":[1,null,3,1e308,-5,2,"7"]},"design":%s,"request":{"items":[%s]}}`, design, item)
		c, err := Decode([]byte(text))
		if err != nil {
			return
		}
		out, err := c.Run()
		if err != nil {
			if !strings.HasPrefix(err.Error(), "epi: ") {
				t.Error(err)
			}
			return
		}
		if _, err := json.Marshal(out); err != nil {
			t.Error(err)
		}
	})
}
