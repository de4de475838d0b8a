package casefile

import "github.com/baqylau/baqylau/aberration"

// bayes is bayes of surveillance.
func bayes(c *Case) (Output, error) {
	in := struct {
		B, W  int
		ActY  bool
		Alpha float64
	}{W: 6, ActY: true, Alpha: 0.05}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	if !(in.Alpha > 0 && in.Alpha < 1) {
		return nil, badControl("alpha", "is %v; give a number above 0 and below 1", in.Alpha)
	}
	if err := c.earlier(in.B, in.W, in.ActY); err != nil {
		return nil, err
	}
	d := aberration.NewBayes(in.B, in.W, in.ActY, in.Alpha)
	d.Mode = c.Mode
	return c.decided(c.judge(d)), nil
}

// rki is rki of surveillance.
func rki(c *Case) (Output, error) {
	in := struct {
		B, W int
		ActY bool
	}{B: 2, W: 4}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	if err := c.earlier(in.B, in.W, in.ActY); err != nil {
		return nil, err
	}
	return c.decided(c.judge(aberration.RKI{Years: in.B, HalfWidth: in.W, CurrentYear: in.ActY, Mode: c.Mode})), nil
}

// earlier refuses choices of reference values that are empty, or reach the judged period or beyond the start of the series.
func (c *Case) earlier(b, w int, actY bool) error {
	f := c.Series.Frequency
	switch {
	case b < 0 || b > 1000:
		return badControl("b", "is %d; give the number of years back, 0 to 1000", b)
	case w < 0 || b > 0 && w >= f:
		return badControl("w", "is %d; give 0 or more periods, fewer than the %d of a year", w, f)
	case b == 0 && !actY:
		return badControl("b", "is 0 with actY false, so there are no reference values; give 1 or more, or actY true")
	case c.First < max(1, b*f+w):
		return badSeries("range", "begins at %d, but the reference values need %d periods before it", c.First+1, max(1, b*f+w))
	}
	return nil
}
