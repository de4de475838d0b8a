package casefile

import (
	"math"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// share is x out of n.
type share struct{ X, N jsoncases.Number }

// unknownShare is what a share is before it is read.
func unknownShare() share {
	nan := jsoncases.Number(math.NaN())
	return share{nan, nan}
}

// proportion is a simple share with its four intervals.
func proportion(c *Case) (any, error) {
	in, request := unknownShare(), usual
	if err := c.readData(&in); err != nil {
		return nil, err
	}
	if err := c.readRequest(&request); err != nil {
		return nil, err
	}
	x, n := float64(in.X), float64(in.N)
	var out [4]interval
	for i, method := range []func(x, n, level float64) (epi.Interval, error){epi.Wilson, epi.ClopperPearson, epi.Jeffreys, epi.AgrestiCoull} {
		limits, err := method(x, n, request.Level)
		if err != nil {
			return nil, refused(err, fields)
		}
		out[i] = interval(limits)
	}
	return struct {
		Estimate       jsoncases.Number `json:"estimate"`
		Wilson         interval         `json:"wilson"`
		ClopperPearson interval         `json:"clopper_pearson"`
		Jeffreys       interval         `json:"jeffreys"`
		AgrestiCoull   interval         `json:"agresti_coull"`
	}{jsoncases.Number(x / n), out[0], out[1], out[2], out[3]}, nil
}
