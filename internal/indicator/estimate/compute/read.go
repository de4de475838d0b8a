package compute

import (
	"encoding/csv"
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/epi"
)

// mostRows bounds what one table of inputs may hold: an estimate is a page, not an import.
const mostRows = 20000

// reader turns fields into figures and keeps what is wrong with them.
type reader struct {
	in   Inputs
	errs baqylau.Errors
}

func (r *reader) bad(field, key string, args ...any) {
	r.errs = append(r.errs, baqylau.E(baqylau.Invalid, key, args...).On(field))
}

// number is a field with a figure; NaN where it is empty.
func (r *reader) number(name string) float64 {
	s := r.in[name]
	if s == "" {
		return math.NaN()
	}
	v, ok := decimal(s)
	if !ok {
		r.bad(name, "error.number")
	}
	return v
}

// fail keeps why package epi refused.
func (r *reader) fail(err error, arguments map[string]string) {
	var e *baqylau.Error
	if errors.As(refused(err, arguments), &e) {
		r.errs = append(r.errs, e)
	}
}

// level is the share of a confidence level, which is asked for in percent.
func (r *reader) level() float64 {
	v := r.number("level")
	if !(v >= 50 && v <= 99.9) {
		r.bad("level", "estimate.error.level")
	}
	return v / 100
}

// whole is a setting from low to high.
func (r *reader) whole(name string, low, high int) int {
	v := r.number(name)
	if v != math.Trunc(v) || v < float64(low) || v > float64(high) || math.IsNaN(v) {
		r.bad(name, "error.range", "Low", low, "High", high)
		return low
	}
	return int(v)
}

func (r *reader) seed() uint64 { return uint64(r.whole("seed", 0, 1<<31-1)) } //nolint:gosec // not negative

func (r *reader) tick(name string) bool { return r.in[name] != "" }

// thousands may be parted by the comma, or it is that of decimals: nobody can tell, and what was entered is read again whatever the language of the page.
var thousands = regexp.MustCompile(`^[+-]?[1-9]\d{0,2}(,\d{3})+$`)

// decimal reads a number as people of the three languages write it: spaces between thousands, a comma or a point before the decimals; 1,500 is refused.
func decimal(s string) (float64, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(strings.TrimSpace(s))
	if thousands.MatchString(s) {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v) && !strings.ContainsAny(s, "xXpP_")
}

// table is a field of rows: the cells of its lines, empty lines left out. Cells are parted by tabs, semicolons, commas or, where there are none of them, spaces.
func (r *reader) table(name string) (rows [][]string) {
	text := strings.TrimPrefix(r.in[name], "\ufeff")
	if text == "" {
		return nil
	}
	for _, comma := range "\t;," {
		if !strings.ContainsRune(text, comma) {
			continue
		}
		in := csv.NewReader(strings.NewReader(text))
		in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace, in.LazyQuotes = comma, -1, true, true
		all, err := in.ReadAll()
		if err != nil {
			r.bad(name, "estimate.error.rows")
			return nil
		}
		rows = all
		break
	}
	if rows == nil {
		for line := range strings.Lines(text) {
			rows = append(rows, strings.Fields(line))
		}
	}
	rows = slices.DeleteFunc(rows, func(row []string) bool { return strings.TrimSpace(strings.Join(row, "")) == "" })
	if len(rows) > mostRows {
		r.bad(name, "estimate.error.rows_many", "Most", mostRows)
		return nil
	}
	return rows
}

// columns reads a field of rows as columns of figures. The first line may name them, in any order; without such a line they come in the order of names. An empty cell, or
// a dash, is missing (NaN). Columns beyond must may be left out, and are then nil.
func (r *reader) columns(name string, must int, names ...string) map[string][]float64 {
	rows := r.table(name)
	if rows == nil {
		if len(r.errs) == 0 {
			r.bad(name, "error.required")
		}
		return nil
	}
	place := map[string]int{}
	if _, ok := decimal(rows[0][0]); !ok && strings.TrimSpace(rows[0][0]) != "" && rows[0][0] != "-" {
		for i, cell := range rows[0] {
			cell = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(cell)), " ", "_")
			if !slices.Contains(names, cell) {
				continue
			}
			if _, twice := place[cell]; twice {
				r.bad(name, "estimate.error.column_twice", "Column", cell)
				return nil
			}
			place[cell] = i
		}
		rows = rows[1:]
	} else {
		for i, n := range names[:min(len(names), len(rows[0]))] {
			place[n] = i
		}
	}
	for _, n := range names[:must] {
		if _, ok := place[n]; !ok {
			r.bad(name, "estimate.error.column", "Columns", strings.Join(names[:must], ", "))
			return nil
		}
	}
	out := map[string][]float64{}
	for n, at := range place {
		out[n] = make([]float64, len(rows))
		for i, row := range rows {
			out[n][i] = math.NaN()
			if at >= len(row) || missing(row[at]) {
				continue
			}
			v, ok := decimal(row[at])
			if !ok {
				r.bad(name, "estimate.error.cell", "Row", i+1, "Column", n, "Value", short(row[at]))
				return nil
			}
			out[n][i] = v
		}
	}
	return out
}

// missing reports whether a cell says that there is no figure.
func missing(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "-", "–", "na", "nan", "null", ".":
		return true
	}
	return false
}

// short is a cell for a message.
func short(s string) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return strings.TrimSpace(s)
}

// refused says why package epi refused, at the field that it means.
func refused(err error, arguments map[string]string) error {
	var e *epi.Error
	if !errors.As(err, &e) {
		return err
	}
	return refusal(e.Reason, field(e.Argument, arguments), e.At)
}

// withRow are the reasons that can name a row; a message with the row stands beside the one without.
var withRow = []epi.Reason{epi.MissingValue, epi.NegativeValue, epi.NotPositive, epi.NotACount, epi.TooLarge, epi.InvalidSetting, epi.Duplicate}

func refusal(reason epi.Reason, field string, at int) error {
	if at >= 0 && slices.Contains(withRow, reason) {
		return baqylau.E(baqylau.Invalid, "estimate.reason_row."+reason.String(), "Row", at+1).On(field)
	}
	return baqylau.E(baqylau.Invalid, "estimate.reason."+reason.String()).On(field)
}
