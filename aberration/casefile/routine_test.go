package casefile

import (
	"strings"
	"testing"

	"github.com/baqylau/baqylau/aberration"
)

func TestRoutine(t *testing.T) {
	of := func(control string) string {
		return `{"id":"r","method":"routine","series":{"observed":[` + strings.Repeat("0,0,1,0,", 20) + `0,2,3],"frequency":52},"range":[5,83],"control":` + control + `}`
	}
	c, err := Decode([]byte(of(`{}`)))
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.Run()
	if err != nil {
		t.Fatal(err)
	}
	want := aberration.Default().Evaluate(&c.Series, 82, nil)
	if p, u, a := out.Get("pvalue"), out.Get("upperbound"), out.Get("alarm"); len(p.Numbers) != 79 || p.Numbers[78] != want.PValue || u.Numbers[78] != want.Bound || a.Flags[78] != want.Alarm {
		t.Errorf("p %v, bound %v, alarm %v; the detector says %+v", p.Numbers[78], u.Numbers[78], a.Flags[78], want)
	}
	for control, field := range map[string]string{`{"alpha":0}`: "control.alpha", `{"start":1}`: "control.start", `{"stay":0.01}`: "control.stay", `{"years":0}`: "control.years", `{"gap":53}`: "control.gap", `{"gap":"x"}`: "control"} {
		c, err := Decode([]byte(of(control)))
		if err == nil {
			_, err = c.Run()
		}
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", control, err)
		}
	}
}
