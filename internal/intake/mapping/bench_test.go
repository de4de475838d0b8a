package mapping

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
)

// BenchmarkCSV reads a generated table of 100,000 rows and eight columns; the figure to look at is rows/s.
func BenchmarkCSV(b *testing.B) {
	const n = 100_000
	var buf bytes.Buffer
	buf.WriteString("id,date,region,kind,substance,amount,unit,age\n")
	for i := range n {
		fmt.Fprintf(&buf, "%d,%02d.%02d.20%02d,R1,seizure,MDMA,%d.5,g,%d\n", i, i%28+1, i%12+1, i%20, i%100, i%90)
	}
	m := mustParse(b, plain)
	b.SetBytes(int64(buf.Len()))
	b.ReportAllocs()
	for b.Loop() {
		r, err := m.Open(bytes.NewReader(buf.Bytes()), "x.csv", today)
		if err != nil {
			b.Fatal(err)
		}
		count := 0
		for {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || len(rec.Problems) > 0 {
				b.Fatal(err, rec.Problems)
			}
			count++
		}
		if count != n {
			b.Fatal(count)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
