package casefile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/aberration"
)

// FuzzProcess: whatever the text, every case gives one line of the contract, and nothing panics.
func FuzzProcess(f *testing.F) {
	for _, name := range []string{"ears_ha_c3", "glrpois_k1_mu0_given", "bayes1_k1", "cdc_agona", "rki2_k1", "cusum_k1_rossi", "outbreakP_k1_cases", "glrnb_agona_est", "farrington_m1_b3_notrend"} {
		raw, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte(quiet("a") + "\n{\"id\":\"x\",\"series\":{\"obs\n" + quiet("b")))
	f.Add([]byte(`{"id":"x","method":"glrnb","series":{"observed":[0,0,0,1e300,null,"Inf"],"frequency":366},"range":[4,6],"control":{"mu0":[1],"alpha":1e-300,"ret":"cases"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 20000 {
			return
		}
		process(t, string(text))
	})
}

// FuzzControl: whatever the settings of a method, they run or are a fault.
func FuzzControl(f *testing.F) {
	seen := map[string]int{}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var g struct {
			Method  string
			Control json.RawMessage
		}
		if err := json.Unmarshal(raw, &g); err != nil {
			f.Fatal(file, err)
		}
		if seen[g.Method]++; seen[g.Method] <= 4 {
			var b bytes.Buffer
			if err := json.Compact(&b, g.Control); err != nil {
				f.Fatal(err)
			}
			f.Add(g.Method, b.String(), false, 70)
		}
	}
	f.Add("glrnb", `{"mu0":1e-300,"alpha":1e99,"ret":"cases","dir":"dec","xMax":300}`, true, 1)
	f.Add("farringtonFlexible", `{"b":1,"w":-1,"noPeriods":1e9}`, true, 30)
	f.Fuzz(func(t *testing.T, method, control string, guarded bool, first int) {
		if len(control) > 2000 || !json.Valid([]byte(control)) {
			return
		}
		var b strings.Builder
		for i := range 80 {
			fmt.Fprintf(&b, ",%d", i*i%7)
		}
		text := fmt.Sprintf(`{"method":%q,"series":{"observed":[%s],"frequency":12},"range":[%d,80],"control":%s}`, method, b.String()[1:], max(1, min(80, first)), control)
		c, err := Decode([]byte(text))
		if err != nil {
			return
		}
		if guarded {
			c.Mode = aberration.Guarded
		}
		if _, err := c.Run(); err != nil && !strings.Contains(err.Error(), ": ") {
			t.Error(err)
		}
	})
}
