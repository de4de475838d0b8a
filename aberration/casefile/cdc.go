package casefile

import "github.com/baqylau/baqylau/aberration"

// cdc is algo.cdc of surveillance.
func cdc(c *Case) (Output, error) {
	in := struct {
		B, M  int
		Alpha float64
	}{B: 5, M: 1, Alpha: 0.025}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	switch {
	case in.B < 1 || in.B > 1000:
		return nil, badControl("b", "is %d; give the number of years back, 1 to 1000", in.B)
	case in.M < 0 || in.M > 12:
		return nil, badControl("m", "is %d; give 0 to 12 blocks of four weeks either side", in.M)
	case !(in.Alpha > 0 && in.Alpha < 1):
		return nil, badControl("alpha", "is %v; give a number above 0 and below 1", in.Alpha)
	case c.Series.Frequency != 52:
		return nil, badSeries("series.frequency", "is %d; this method sums weeks, so give a weekly series (52)", c.Series.Frequency)
	}
	d := aberration.NewCDC(in.B, in.M, in.Alpha)
	d.Mode = c.Mode
	if c.First < d.Lookback() {
		return nil, badSeries("range", "begins at %d, but the blocks need %d weeks before it", c.First+1, d.Lookback())
	}
	rs := c.judge(d)
	return append(c.decided(rs), numbers("aggregated_count", rs, func(r aberration.Result) float64 { return r.Statistic })), nil
}
