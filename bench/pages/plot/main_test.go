package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

const some = `sqlite,10000,start,ms,300.0
sqlite,1000000,start,ms,3000.0
sqlite,10000,overview p95,ms,999.0
sqlite,10000,overview p95,ms,40.4
postgres,10000,"export of reports, CSV",rows/s,60123.4
`

// Every figure is in the table and in the plot, the last one of the same kind; what grows rises.
func TestPlot(t *testing.T) {
	f, err := read(strings.NewReader(some))
	if err != nil {
		t.Fatal(err)
	}
	var table, plot bytes.Buffer
	f.table(&table)
	for _, row := range []string{"| start, ms | ≤ 500 | 300 / – | 3000 / – |", "| overview, p95 ms | ≤ 150 | 40 / – | – / – |", "| export of reports, CSV, rows/s | ≥ 50000 | – / 60123 | – / – |"} {
		if !strings.Contains(table.String(), row) {
			t.Errorf("no %q in\n%s", row, &table)
		}
	}
	if err := f.draw(&plot); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(plot.Bytes()))
	circles := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := tok.(xml.StartElement); ok && s.Name.Local == "circle" {
			circles++
		}
	}
	if circles != 4 {
		t.Errorf("%d points instead of 4", circles)
	}
	if low, high := (panel{figure: "start", bound: 500}).span(f); low != 100 || high != 10_000 {
		t.Errorf("start spans %v to %v", low, high)
	}
	if _, err := read(strings.NewReader("sqlite,many,start,ms,1\n")); err == nil {
		t.Error("a size that is no number is taken")
	}
}
