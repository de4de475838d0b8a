package casefile

import "github.com/baqylau/baqylau/aberration"

// ears is earsC of surveillance.
func ears(c *Case) (Output, error) {
	in := struct {
		Method          string
		Baseline        int
		MinSigma, Alpha *float64
	}{Method: "C1", Baseline: 7}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	d := aberration.EARS{Baseline: in.Baseline, Alpha: 0.001}
	switch in.Method {
	case "C1", "C2":
		d.Method = int(in.Method[1] - '0')
	case "C3":
		d.Method, d.Alpha = 3, 0.025
	default:
		return nil, badControl("method", "is %q; give C1, C2 or C3", in.Method)
	}
	if in.Alpha != nil {
		d.Alpha = *in.Alpha
	}
	if in.MinSigma != nil {
		d.MinSigma = *in.MinSigma
	}
	switch {
	case d.Baseline < 2:
		return nil, badControl("baseline", "is %d; give 2 periods or more", d.Baseline)
	case !(d.Alpha > 0 && d.Alpha <= 0.5):
		return nil, badControl("alpha", "is %v; give a number above 0, at most 0.5", d.Alpha)
	case !(d.MinSigma >= 0):
		return nil, badControl("minSigma", "is %v; give 0 or more", d.MinSigma)
	}
	d = aberration.NewEARS(d.Method, d.Baseline, d.Alpha, d.MinSigma)
	d.Mode = c.Mode
	return c.standard(c.judge(d)), nil
}
