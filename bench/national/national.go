// Package national makes records at the size of a country for measurements: the same ones for the same number and seed, and drawn from real
// frequencies, which are those of the demonstration's Connecticut records (causes of death as written, substances, ages, sexes) and of Kazakhstan's population by
// region. Only kinds, days and delays are assumed; they stand below. Nothing here describes real events.
package national

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/data/mappings"
)

// Mapping reads what Write writes, with the flags of the extract that the records come from.
var Mapping = `version: 1
name: National records for measurements
source: measurement
file: {delimiter: ";"}
codes:
` + flags() + `fields:
  key: {column: number, required: true}
  kind: {column: kind}
  occurred: {column: occurred, formats: [YYYY-MM-DD]}
  known: {column: known, formats: [YYYY-MM-DD]}
  region: {column: region, unknown: keep}
  age: {column: age}
  sex: {column: sex}
substances:
  - {column: text, as: text, level: confirmed}
  - {column: substances, as: list, separator: "|", codes: flags, level: confirmed}
`

// flags is the table of that name in the shipped mapping.
func flags() string {
	b, err := mappings.FS.ReadFile("connecticut-extract.yaml")
	if err != nil {
		panic(err) // it is compiled in
	}
	_, table, _ := strings.Cut(string(b), "\n  flags:\n")
	lines := strings.SplitAfter(table, "\n")
	for i, l := range lines {
		if !strings.HasPrefix(l, "    ") {
			lines = lines[:i]
			break
		}
	}
	return "  flags:\n" + strings.Join(lines, "")
}

// What is assumed: the share of each kind of report, growth from year to year, the mean delay until a record is known.
var kinds = []struct {
	code  string
	share float64
}{{"seizure", 0.62}, {"biological_sample", 0.22}, {"acute_intoxication", 0.09}, {"collected_sample", 0.04}, {"death", 0.03}}

const (
	years     = 15
	growth    = 1.06
	meanDelay = 6.0 // days
	listed    = 0.2 // share of records that list substances besides naming them in words: three findings an occurrence
)

// Last is the last day on which something occurs.
var Last = time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)

var header = []string{"number", "kind", "occurred", "known", "region", "age", "sex", "text", "substances"}

// Write writes n records in the order of the days on which they occurred.
func Write(w io.Writer, n int, seed uint64) error {
	seen, err := connecticut()
	if err != nil {
		return err
	}
	places, err := regions()
	if err != nil {
		return err
	}
	out := csv.NewWriter(bufio.NewWriterSize(w, 1<<16))
	out.Comma = ';'
	if err := out.Write(header); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // the same country each time
	days := perDay(n)
	first := Last.AddDate(-years, 0, 1)
	row, number := make([]string, len(header)), 0
	for d, count := range days {
		day := first.AddDate(0, 0, d)
		for range count {
			number++
			one := seen[r.IntN(len(seen))]
			known := day.AddDate(0, 0, int(r.ExpFloat64()*meanDelay))
			row[0], row[1], row[2], row[3] = "N-"+strconv.Itoa(number), kind(r), day.Format(time.DateOnly), known.Format(time.DateOnly)
			row[4], row[5], row[6], row[7], row[8] = places.draw(r), one.age, one.sex, one.text, ""
			if r.Float64() < listed {
				row[8] = one.flags
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// perDay spreads n records over the days, growing from year to year.
func perDay(n int) []int {
	first := Last.AddDate(-years, 0, 1)
	total := int(Last.Sub(first).Hours()/24) + 1
	weight := func(d int) float64 { return math.Pow(growth, float64(d)/365.25) }
	sum := 0.0
	for d := range total {
		sum += weight(d)
	}
	days, upto, done := make([]int, total), 0.0, 0
	for d := range total {
		upto += weight(d)
		goal := int(math.Round(upto / sum * float64(n)))
		days[d], done = goal-done, goal
	}
	return days
}

func kind(r *rand.Rand) string {
	x := r.Float64()
	for _, k := range kinds {
		if x -= k.share; x < 0 {
			return k.code
		}
	}
	return kinds[0].code
}

// seenRow is what is drawn as one from the demonstration's records.
type seenRow struct{ age, sex, text, flags string }

func connecticut() ([]seenRow, error) {
	f, err := data.FS.Open("demo/connecticut-drug-deaths.csv.gz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	lines, err := csv.NewReader(z).ReadAll()
	if err != nil {
		return nil, err
	}
	var rows []seenRow
	for _, l := range lines[1:] {
		rows = append(rows, seenRow{age: l[3], sex: strings.ToLower(l[4]), text: l[5], flags: l[7]})
	}
	return rows, nil
}

// weighted are regions, as the statistics office writes them, with their population added up.
type weighted struct {
	names []string
	upto  []int
}

func (w weighted) draw(r *rand.Rand) string {
	x := r.IntN(w.upto[len(w.upto)-1])
	for i, u := range w.upto {
		if x < u {
			return w.names[i]
		}
	}
	return w.names[0]
}

// regions are the regions of Kazakhstan weighed by the population of the last year on record.
func regions() (w weighted, err error) {
	f, err := data.FS.Open("geo/kz-population.csv")
	if err != nil {
		return w, err
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return w, err
	}
	last := lines[len(lines)-1][2]
	sum := 0
	for _, l := range lines[1:] {
		if l[2] != last || l[0] == "KZ" {
			continue
		}
		n, err := strconv.Atoi(l[3])
		if err != nil {
			return w, fmt.Errorf("population of %s: %w", l[0], err)
		}
		sum += n
		w.names, w.upto = append(w.names, l[1]), append(w.upto, sum)
	}
	if sum == 0 {
		return w, fmt.Errorf("no population of %s", last)
	}
	return w, nil
}
