package casefile

import (
	"math"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// captureRequest is that of both estimators.
type captureRequest struct {
	Estimator string
	Lists     texts
	Profile   string
	Level     float64 `json:"ci_level"`
}

// captureRecapture is the estimate from two lists, or all log-linear models of two to five.
func captureRecapture(c *Case) (any, error) {
	request := captureRequest{Profile: "best", Level: usual.Level}
	if err := c.readRequest(&request); err != nil {
		return nil, err
	}
	switch request.Estimator {
	case "two_list":
		return twoLists(c, request.Level)
	case "loglinear":
		return logLinear(c, request)
	}
	return nil, invalid("request.estimator", "%s", jsoncases.Unknown(request.Estimator, []string{"two_list", "loglinear"}))
}

type sizeOutput struct {
	N         jsoncases.Number `json:"N"`
	SE        jsoncases.Number `json:"se"`
	Normal    interval         `json:"ci_normal"`
	LogNormal interval         `json:"ci_lognormal"`
}

func sizeOf(s epi.PopulationSize) *sizeOutput {
	return &sizeOutput{jsoncases.Number(s.N), jsoncases.Number(s.SE), interval(s.Normal), interval(s.LogNormal)}
}

func twoLists(c *Case, level float64) (any, error) {
	nan := jsoncases.Number(math.NaN())
	in := struct{ N1, N2, M jsoncases.Number }{nan, nan, nan}
	if err := c.readData(&in); err != nil {
		return nil, err
	}
	n1, n2, m := float64(in.N1), float64(in.N2), float64(in.M)
	chapman, err := epi.Chapman(n1, n2, m, level)
	if err != nil {
		return nil, refused(err, fields)
	}
	out := struct {
		Distinct        jsoncases.Number `json:"distinct"`
		Chapman         *sizeOutput      `json:"chapman"`
		LincolnPetersen *sizeOutput      `json:"lincoln_petersen"`
	}{Distinct: jsoncases.Number(n1 + n2 - m), Chapman: sizeOf(chapman)}
	if m > 0 { // without overlap it does not exist
		l, err := epi.LincolnPetersen(n1, n2, m, level)
		if err != nil {
			return nil, refused(err, fields)
		}
		out.LincolnPetersen = sizeOf(l)
	}
	return out, nil
}
