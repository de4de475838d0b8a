package app_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	tables   = regexp.MustCompile(`(?s)<table.*?</table>`)
	rows     = regexp.MustCompile(`(?s)<tr.*?</tr>`)
	cells    = regexp.MustCompile(`(?s)<t[hd].*?</t[hd]>`)
	tags     = regexp.MustCompile(`(?s)<[^>]*>`)
	hideWord = []string{"hidden", "suppressed", "small number, hidden", "hidden: fewer than 5"}
	wholes   = []string{"total", "all", "sum", "kazakhstan", "both sexes", "all ages", "country", "kz", "t"}
)

// givenAway finds hidden cells of the tables of a page or a file that follow from a row or column: the only hidden one beside a shown total, with a small rest.
func givenAway(kind, body string) (out []string) {
	for _, table := range grids(kind, body) {
		out = append(out, sumsIn(table)...)
		out = append(out, sumsIn(turned(table))...)
	}
	return out
}

// sumsIn looks along the columns of a table.
func sumsIn(table [][]string) (out []string) {
	if len(table) < 3 {
		return nil
	}
	for j := 1; j < len(table[0]); j++ {
		total, sum, hidden, at := -1, 0, 0, 0
		for i, row := range table[1:] {
			if j >= len(row) {
				continue
			}
			n, isNumber := countIn(row[j])
			switch {
			case slices.Contains(wholes, strings.ToLower(row[0])):
				total = -1
				if isNumber {
					total = n
				}
			case slices.Contains(hideWord, strings.ToLower(row[j])):
				hidden, at = hidden+1, i+1
			case isNumber:
				sum += n
			}
		}
		if rest := total - sum; total >= 0 && hidden == 1 && rest > 0 && rest < 5 {
			out = append(out, fmt.Sprintf("%q of %q is hidden, and %d − %d leave %d", table[at][0], table[0][j], total, sum, rest))
		}
	}
	return out
}

// countIn reads a count as pages and files write it.
func countIn(s string) (int, bool) {
	n, err := strconv.Atoi(strings.NewReplacer(",", "", "\u00a0", "", "\u202f", "").Replace(s))
	return n, err == nil
}

// grids are the tables of a page or the one of a CSV file.
func grids(kind, body string) (out [][][]string) {
	if strings.HasPrefix(kind, "text/csv") {
		r := csv.NewReader(bytes.NewReader([]byte(strings.TrimPrefix(body, "\ufeff"))))
		r.FieldsPerRecord = -1
		if all, err := r.ReadAll(); err == nil {
			out = append(out, all)
		}
		return out
	}
	for _, table := range tables.FindAllString(body, -1) {
		var grid [][]string
		for _, row := range rows.FindAllString(table, -1) {
			var line []string
			for _, cell := range cells.FindAllString(row, -1) {
				line = append(line, strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(cell, " "))), " "))
			}
			grid = append(grid, line)
		}
		out = append(out, grid)
	}
	return out
}

// turned exchanges rows and columns.
func turned(table [][]string) (out [][]string) {
	for i, row := range table {
		for j, cell := range row {
			for len(out) <= j {
				out = append(out, make([]string, len(table)))
			}
			out[j][i] = cell
		}
	}
	return out
}

func TestTheAuditFindsWhatASumGivesAway(t *testing.T) {
	t.Parallel()
	page := func(last string) string {
		return "<table><tr><th>Region</th><th>Men</th></tr><tr><th>Total</th><td>1,023</td></tr><tr><th>A</th><td>1,013</td></tr><tr><th>B</th><td><span>hidden</span></td></tr><tr><th>C</th><td>" + last + "</td></tr></table>"
	}
	for last, want := range map[string]int{"7": 1, "hidden": 0, "3": 0, "10": 0} { // with 3 the hidden one is 7
		if got := givenAway("text/html", page(last)); len(got) != want {
			t.Errorf("C %s: %v", last, got)
		}
	}
	if got := givenAway("text/csv; charset=utf-8", "\ufeffregion,total,male,female\nA,12,10,suppressed\nB,12,6,6\n"); len(got) != 1 {
		t.Errorf("a row of a file: %v", got)
	}
}
