// Command plot draws the figures of bench/pages: a table in Markdown on standard output and one small plot for each kind of page, both axes logarithmic, so that what is
// flat looks flat and what grows as the work does rises by the diagonal.
//
//	go run ./bench/pages/plot -figures docs/pages.csv -plot docs/pages.svg
package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"slices"
	"strconv"
)

// panel is one small plot. Bound is the issue's, from above or (least) from below; 0 is none.
type panel struct {
	figure, title string
	bound         float64
	least         bool
}

var panels = []panel{
	{"reports: list p95", "reports, p95 ms", 100, false}, {"reports: filter p95", "reports filtered, p95 ms", 100, false}, {"reports: sort p95", "reports sorted, p95 ms", 100, false},
	{"reports: search p95", "reports searched, p95 ms", 100, false}, {"reports: saved view p95", "reports, saved view, p95 ms", 100, false}, {"occurrences: list p95", "occurrences, p95 ms", 100, false},
	{"occurrences: filter p95", "occurrences filtered, p95 ms", 100, false}, {"substances: list and search p95", "substances, p95 ms", 100, false}, {"signals p95", "signals, p95 ms", 100, false},
	{"overview p95", "overview, p95 ms", 150, false}, {"substance p95", "substance, p95 ms", 150, false}, {"region p95", "region, p95 ms", 150, false},
	{"import", "import, rows/s", 5_000, true}, {"import, memory", "memory of an import, MB", 200, false},
	{"merge proposals p95", "merge proposals, p95 ms", 1000, false}, {"start", "start, ms", 500, false}, {"resident at rest", "memory at rest, MB", 150, false}, {"resident under load", "memory under load, MB", 0, false},
	{"export of reports, CSV", "export of reports, CSV, rows/s", 50_000, true}, {"export of occurrences, CSV", "export of occurrences, CSV, rows/s", 50_000, true},
	{"export of reports, XLSX", "export of reports, XLSX, rows/s", 50_000, true}, {"export of reports, CSV, resident", "memory of an export, MB", 0, false},
}

// figures are values by figure, engine and size.
type figures map[string]map[string]map[int]float64

// read takes lines of engine, size, figure, unit and value; a later line replaces an earlier one of the same.
func read(r io.Reader) (figures, error) {
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	f := figures{}
	for _, l := range lines {
		if len(l) != 5 {
			return nil, fmt.Errorf("%d fields in %q", len(l), l)
		}
		size, err1 := strconv.Atoi(l[1])
		value, err2 := strconv.ParseFloat(l[4], 64)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		if f[l[2]] == nil {
			f[l[2]] = map[string]map[int]float64{}
		}
		if f[l[2]][l[0]] == nil {
			f[l[2]][l[0]] = map[int]float64{}
		}
		f[l[2]][l[0]][size] = value
	}
	return f, nil
}

var engines = []struct{ key, name, colour string }{{"sqlite", "SQLite", "#0b6e99"}, {"postgres", "PostgreSQL", "#b3541e"}}

func (f figures) sizes() (list []int) {
	for _, byEngine := range f {
		for _, bySize := range byEngine {
			for n := range bySize {
				if !slices.Contains(list, n) {
					list = append(list, n)
				}
			}
		}
	}
	slices.Sort(list)
	return list
}

// table writes every figure of the panels, SQLite / PostgreSQL, by size.
func (f figures) table(w io.Writer) {
	sizes := f.sizes()
	fmt.Fprint(w, "| SQLite / PostgreSQL | bound |")
	for _, n := range sizes {
		fmt.Fprintf(w, " %s |", short(n))
	}
	fmt.Fprint(w, "\n|---|---|")
	for range sizes {
		fmt.Fprint(w, "---|")
	}
	for _, p := range panels {
		fmt.Fprintf(w, "\n| %s | %s |", p.title, p.boundText())
		for _, n := range sizes {
			cell := ""
			for i, e := range engines {
				if i > 0 {
					cell += " / "
				}
				if v, ok := f[p.figure][e.key][n]; ok {
					cell += strconv.FormatFloat(v, 'f', 0, 64)
				} else {
					cell += "–"
				}
			}
			fmt.Fprintf(w, " %s |", cell)
		}
	}
	fmt.Fprintln(w)
}

func (p panel) boundText() string {
	switch {
	case p.bound == 0:
		return ""
	case p.least:
		return "≥ " + strconv.FormatFloat(p.bound, 'f', 0, 64)
	}
	return "≤ " + strconv.FormatFloat(p.bound, 'f', 0, 64)
}

func short(n int) string {
	if n >= 1_000_000 {
		return fmt.Sprintf("%d million", n/1_000_000)
	}
	return fmt.Sprintf("%d thousand", n/1000)
}

// tick is a power of ten, short enough to stand left of an axis.
func tick(v float64) string {
	switch {
	case v >= 1e6:
		return strconv.FormatFloat(v/1e6, 'f', -1, 64) + " M"
	case v >= 1e4:
		return strconv.FormatFloat(v/1e3, 'f', -1, 64) + " k"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

const (
	across        = 4
	wide, high    = 260., 170. // of a panel
	left, right   = 48., 14.
	top, bottom   = 30., 26.
	first, last   = 1e4, 3e6 // of the sizes
	leastY, mostY = 1., 1e6
)

// draw writes the plots. A panel spans three decades around its values and its bound.
func (f figures) draw(w io.Writer) error {
	out := bufio.NewWriter(w)
	rows := (len(panels) + across - 1) / across
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="sans-serif" font-size="10" role="img" aria-label="Pages, exports and memory from ten thousand to three million occurrences">`+"\n", wide*across, high*float64(rows)+24)
	fmt.Fprintf(out, `<rect width="100%%" height="100%%" fill="#fff"/>`+"\n")
	for i, e := range engines {
		fmt.Fprintf(out, `<text x="%d" y="15" fill="%s">● %s</text>`, 48+90*i, e.colour, e.name)
	}
	fmt.Fprintf(out, `<text x="240" y="15" fill="#777">– – bound; both axes logarithmic: occurrences to the right</text>`+"\n")
	for i, p := range panels {
		f.panel(out, p, wide*float64(i%across), 24+high*float64(i/across))
	}
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}

func (f figures) panel(w io.Writer, p panel, x0, y0 float64) {
	low, highest := p.span(f)
	x := func(n float64) float64 {
		return x0 + left + (wide-left-right)*math.Log(n/first)/math.Log(last/first)
	}
	y := func(v float64) float64 {
		return y0 + top + (high-top-bottom)*(1-math.Log(min(max(v, low), highest)/low)/math.Log(highest/low))
	}
	fmt.Fprintf(w, `<text x="%.1f" y="%.1f" font-weight="bold">%s</text>`, x0+left, y0+18, p.title)
	for v := low; v <= highest*1.01; v *= 10 {
		fmt.Fprintf(w, `<path d="M%.1f %.1fH%.1f" stroke="#ddd"/><text x="%.1f" y="%.1f" text-anchor="end" fill="#555">%s</text>`, x(first), y(v), x(last), x(first)-4, y(v)+3, tick(v))
	}
	for _, n := range []struct {
		n     float64
		label string
	}{{1e4, "10 k"}, {1e5, "100 k"}, {1e6, "1 M"}, {3e6, "3 M"}} {
		fmt.Fprintf(w, `<text x="%.1f" y="%.1f" text-anchor="middle" fill="#555">%s</text>`, x(n.n), y0+high-12, n.label)
	}
	if p.bound > 0 {
		fmt.Fprintf(w, `<path d="M%.1f %.1fH%.1f" stroke="#777" stroke-dasharray="4 3"/>`, x(first), y(p.bound), x(last))
	}
	for _, e := range engines {
		points, dots := "", ""
		for _, n := range f.sizes() {
			if v, ok := f[p.figure][e.key][n]; ok {
				points += fmt.Sprintf("%.1f,%.1f ", x(float64(n)), y(v))
				dots += fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="2.5"><title>%s, %d: %.1f</title></circle>`, x(float64(n)), y(v), e.name, n, v)
			}
		}
		fmt.Fprintf(w, `<polyline points="%s" fill="none" stroke="%s" stroke-width="1.5"/><g fill="%s">%s</g>`, points, e.colour, e.colour, dots)
	}
	fmt.Fprintln(w)
}

// span is the decades that a panel shows.
func (p panel) span(f figures) (low, highest float64) {
	low, highest = mostY, leastY
	for _, bySize := range f[p.figure] {
		for _, v := range bySize {
			low, highest = min(low, v), max(highest, v)
		}
	}
	if p.bound > 0 {
		low, highest = min(low, p.bound), max(highest, p.bound)
	}
	low = max(leastY, math.Pow(10, math.Floor(math.Log10(max(low, leastY)))))
	return low, max(low*100, math.Pow(10, math.Ceil(math.Log10(highest))))
}

func main() {
	log.SetFlags(0)
	in, out := flag.String("figures", "docs/pages.csv", "figures that bench/pages wrote (BAQYLAU_PAGES_OUT)"), flag.String("plot", "docs/pages.svg", "file to draw")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		log.Fatal(err)
	}
}

func run(in, out string) error {
	src, err := os.Open(in)
	if err != nil {
		return err
	}
	defer src.Close()
	f, err := read(src)
	if err != nil {
		return err
	}
	f.table(os.Stdout)
	dst, err := os.Create(out)
	if err != nil {
		return err
	}
	return errors.Join(f.draw(dst), dst.Close())
}
