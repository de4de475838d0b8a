package casefile

import (
	"fmt"
	"math"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

type nsumItem struct {
	Name     string           `json:"name"`
	Estimate jsoncases.Number `json:"estimate"`
	SE       jsoncases.Number `json:"se"`
	Normal   interval         `json:"ci_normal"`
}

// nsum is network scale-up: a column of data for each group, known or hidden.
func nsum(c *Case) (any, error) {
	request := struct {
		Population jsoncases.Number
		Known      []struct {
			Col  string
			Size jsoncases.Number
		}
		Hidden texts
		Level  float64 `json:"ci_level"`
	}{Population: jsoncases.Number(math.NaN()), Level: usual.Level}
	if err := c.readRequest(&request); err != nil {
		return nil, err
	}
	data, err := c.table()
	if err != nil {
		return nil, err
	}
	known, sizes := make([][]float64, len(request.Known)), make([]float64, len(request.Known))
	for i, k := range request.Known {
		reports, err := data.values(k.Col, fmt.Sprintf("request.known[%d].col", i))
		if err != nil {
			return nil, err
		}
		if bad := firstBad(reports); bad >= 0 { // the columns have names of their own, which a refusal by epi does not know
			return nil, fault(epi.MissingValue, "data."+k.Col, "value %d is missing or below 0; give the number of persons known", bad+1)
		}
		known[i], sizes[i] = reports, float64(k.Size)
	}
	s, err := epi.NewScaleUp(float64(request.Population), known, sizes)
	if err != nil {
		return nil, refused(err, fields)
	}
	items := make([]nsumItem, len(request.Hidden))
	for i, name := range request.Hidden {
		reports, err := data.values(name, "request.hidden")
		if err != nil {
			return nil, err
		}
		h, err := s.Hidden(reports, request.Level)
		if err != nil {
			return nil, refused(err, map[string]string{"reports": "data." + name, "level": "request.ci_level"})
		}
		items[i] = nsumItem{name, jsoncases.Number(h.Estimate), jsoncases.Number(h.SE), interval(h.Normal)}
	}
	degrees := make([]jsoncases.Number, len(s.Degrees))
	for i, d := range s.Degrees {
		degrees[i] = jsoncases.Number(d)
	}
	return struct {
		MeanDegree jsoncases.Number   `json:"mean_degree"`
		Degrees    []jsoncases.Number `json:"degrees"`
		Items      []nsumItem         `json:"items"`
	}{jsoncases.Number(s.MeanDegree), degrees, items}, nil
}

// firstBad is the index of the first number that is missing or below 0, or -1.
func firstBad(vs []float64) int {
	for i, v := range vs {
		if !(v >= 0) || math.IsInf(v, 1) {
			return i
		}
	}
	return -1
}
