package estimate

import (
	"encoding/json"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
)

// example is a published study that can be opened and worked through. Its name is the message estimate.example.<Code>.
type example struct {
	Code, Method, Country, Citation string
	Year                            int
	Inputs                          compute.Inputs
}

// examples are the studies that are shipped.
func examples() (out []example) {
	b, err := data.FS.ReadFile("indicators/estimate-examples.json")
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		panic("estimate: " + err.Error()) // a shipped file, found by the first test
	}
	return out
}

// estimate is an example as an estimate that nobody keeps.
func (x example) estimate(title string) (Estimate, error) {
	m, _ := compute.Of(x.Method)
	e := Estimate{Method: x.Method, Title: title, Target: "other", Country: x.Country, Place: x.Country, Start: baqylau.NewDate(x.Year, 1, 1), End: baqylau.NewDate(x.Year, 12, 31), Age: define.AllAges,
		Inputs: m.Clean(x.Inputs), Published: true, Citation: x.Citation, Full: true}
	out, err := m.Run(e.Inputs)
	if err == nil {
		e.fill(out)
	}
	return e, err
}
