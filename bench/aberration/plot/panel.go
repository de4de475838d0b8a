package main

import (
	"bytes"
	"fmt"
	"math"

	"github.com/baqylau/baqylau/aberration"
)

// panel is one drawing: a detector from the first period that it judges.
type panel struct {
	file, title string
	detector    aberration.Detector
	first       int
	limit       float64 // of the statistic, for charts that have no bound in cases
	window      int     // above 1: the bars are sums of so many weeks, as the detector's are
}

// The drawing in pixels: counts above, and below them the statistic of a chart.
const (
	width, left, right = 900, 40, 12
	top, high          = 34, 150 // the counts begin here and are that high
	chartHigh          = 70
	firstYear          = 1990
	perYear            = 52
	ink                = "#222"
	bars               = "#b8c4cc"
	blue, red          = "#0b6e99", "#b3541e"
)

func (p panel) svg(counts []float64, rs []aberration.Result) []byte {
	var b bytes.Buffer
	height := top + high + 24
	if p.limit > 0 {
		height += chartHigh + 32
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11" role="img" aria-label="%s on salmonella.agona">`+"\n", width, height, p.title)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="#fff"/><text x="%d" y="16" font-weight="bold" fill="%s">%s</text>`+"\n", left, ink, p.title)
	p.legend(&b)
	counts = sums(counts, p.window)
	most := 0.0
	for _, y := range counts {
		most = max(most, y)
	}
	for _, r := range rs {
		if !math.IsNaN(r.Bound) && p.limit == 0 {
			most = max(most, r.Bound)
		}
	}
	f := frame{n: len(counts), top: top, high: high, most: most}
	f.axis(&b)
	fmt.Fprintf(&b, `<path stroke="%s" stroke-width="2" d="`, bars)
	for i, y := range counts {
		if y > 0 {
			fmt.Fprintf(&b, "M%.1f %.1fV%.0f", f.x(i), f.y(y), f.y(0))
		}
	}
	b.WriteString("\"/>\n")
	f.line(&b, p.first, rs, func(r aberration.Result) float64 { return r.Expected }, blue, ` stroke-dasharray="5 3"`)
	if p.limit == 0 {
		f.line(&b, p.first, rs, func(r aberration.Result) float64 { return r.Bound }, red, "")
	}
	for i, r := range rs {
		if r.Alarm {
			x, y := f.x(p.first+i), f.y(counts[p.first+i])-3
			fmt.Fprintf(&b, `<path d="M%.1f %.1fl-4 -7h8z" fill="%s"/>`, x, y, ink)
		}
	}
	b.WriteByte('\n')
	if p.limit > 0 {
		p.statistic(&b, len(counts), rs)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// sums are the sums of each period and those before it, so many together.
func sums(counts []float64, window int) []float64 {
	out := make([]float64, len(counts))
	for i := range counts {
		for _, y := range counts[max(0, i-max(window, 1)+1) : i+1] {
			out[i] += y
		}
	}
	return out
}

func (p panel) unit() string {
	if p.window > 1 {
		return fmt.Sprintf("cases in %d weeks", p.window)
	}
	return "cases a week"
}

// statistic is the lower plot of a chart: where it stands, and its limit.
func (p panel) statistic(b *bytes.Buffer, n int, rs []aberration.Result) {
	most := p.limit
	for _, r := range rs {
		if !math.IsNaN(r.Statistic) {
			most = max(most, r.Statistic)
		}
	}
	f := frame{n: n, top: top + high + 36, high: chartHigh, most: min(most, 4*p.limit)}
	f.axis(b)
	fmt.Fprintf(b, `<path d="M%d %.1fH%d" stroke="%s"/>`, left, f.y(p.limit), width-right, red)
	f.line(b, p.first, rs, func(r aberration.Result) float64 { return min(r.Statistic, f.most) }, ink, "")
}

func (p panel) legend(b *bytes.Buffer) {
	x := width - right - 345
	fmt.Fprintf(b, `<rect x="%d" y="9" width="3" height="8" fill="%s"/><text x="%d" y="16" fill="#555">%s</text>`, x, bars, x+8, p.unit())
	fmt.Fprintf(b, `<path d="M%d 12h18" stroke="%s" stroke-width="1.5" stroke-dasharray="5 3"/><text x="%d" y="16" fill="#555">expected</text>`, x+105, blue, x+127)
	word := "bound"
	if p.limit > 0 {
		word = "limit"
	}
	fmt.Fprintf(b, `<path d="M%d 12h18" stroke="%s" stroke-width="1.5"/><text x="%d" y="16" fill="#555">%s</text>`, x+191, red, x+213, word)
	fmt.Fprintf(b, `<path d="M%d 17l-4 -7h8z" fill="%s"/><text x="%d" y="16" fill="#555">alarm</text>`+"\n", x+267, ink, x+277)
}

// frame maps periods and values to pixels.
type frame struct {
	n, top, high int
	most         float64
}

func (f frame) x(i int) float64 {
	return left + (float64(i)+0.5)*float64(width-left-right)/float64(f.n)
}

func (f frame) y(v float64) float64 {
	return float64(f.top+f.high) - v/max(f.most, 1e-9)*float64(f.high)
}

// axis draws the years below and about four round values at the left.
func (f frame) axis(b *bytes.Buffer) {
	step := math.Pow(10, math.Floor(math.Log10(max(f.most, 1e-9))))
	for _, m := range []float64{0.25, 0.5, 1, 2} {
		if f.most/(step*m) <= 5 {
			step *= m
			break
		}
	}
	for v := 0.0; v <= f.most; v += step {
		fmt.Fprintf(b, `<path d="M%d %.1fH%d" stroke="#e4e4e4"/><text x="%d" y="%.1f" text-anchor="end" fill="#555">%g</text>`, left, f.y(v), width-right, left-4, f.y(v)+4, v)
	}
	for i := 0; i < f.n; i += perYear {
		fmt.Fprintf(b, `<text x="%.1f" y="%d" fill="#555">%d</text>`, f.x(i), f.top+f.high+14, firstYear+i/perYear)
	}
	b.WriteByte('\n')
}

// line draws one value of the results, broken where it is undefined.
func (f frame) line(b *bytes.Buffer, first int, rs []aberration.Result, of func(aberration.Result) float64, colour, more string) {
	fmt.Fprintf(b, `<path fill="none" stroke="%s" stroke-width="1.5"%s d="`, colour, more)
	pen := "M"
	for i, r := range rs {
		v := of(r)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			pen = "M"
			continue
		}
		fmt.Fprintf(b, "%s%.1f %.1f", pen, f.x(first+i), f.y(v))
		pen = "L"
	}
	b.WriteString("\"/>\n")
}
