package national_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/bench/national"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

func write(t *testing.T, n int, seed uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := national.Write(&b, n, seed); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheSameSeedGivesTheSameCountry(t *testing.T) {
	a := write(t, 5000, 1)
	if !bytes.Equal(a, write(t, 5000, 1)) {
		t.Error("two runs with one seed differ")
	}
	if bytes.Equal(a, write(t, 5000, 2)) {
		t.Error("another seed gives the same records")
	}
	in := csv.NewReader(bytes.NewReader(a))
	in.Comma = ';'
	lines, err := in.ReadAll()
	if err != nil || len(lines) != 5001 {
		t.Fatalf("%d lines, want a header and 5,000 (%v)", len(lines), err)
	}
	for i := 2; i < len(lines); i++ {
		if lines[i][2] < lines[i-1][2] {
			t.Fatalf("line %d is of %s, after %s", i, lines[i][2], lines[i-1][2])
		}
	}
}

func TestTheMappingReadsEveryRecord(t *testing.T) {
	m, err := mapping.Parse([]byte(national.Mapping))
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Open(bytes.NewReader(write(t, 3000, 1)), "national.csv", mapping.Today(baqylau.DateOf(national.Last.AddDate(1, 0, 0))))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := 0
	for ; ; n++ {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || rec.Faulty() {
			t.Fatalf("row %d: %v %v", n, err, rec.Problems)
		}
	}
	if n != 3000 {
		t.Errorf("%d records read", n)
	}
}
