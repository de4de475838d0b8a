package death

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
)

// columns of selections.csv, in any order.
var columns = []string{"selection", "rule", "registers", "underlying", "with", "drugs", "manners", "valid_from", "valid_to", "verified", "source"}

// Load reads the rules of a file with the columns of data/indicators/selections.csv. Items of a list are parted by spaces or "|". Codes: Invalid with the line.
func Load(r io.Reader) (Rules, error) {
	in := csv.NewReader(r)
	in.Comment = '#'
	lines, err := in.ReadAll()
	if err != nil {
		return nil, baqylau.E(baqylau.Invalid, "death.rules.read").Because(err)
	}
	if len(lines) < 2 {
		return nil, baqylau.E(baqylau.Invalid, "death.rules.empty")
	}
	at := map[string]int{}
	for i, name := range lines[0] {
		at[strings.TrimPrefix(name, "\ufeff")] = i
	}
	for _, c := range columns {
		if _, ok := at[c]; !ok {
			return nil, baqylau.E(baqylau.Invalid, "death.rules.column", "Column", c)
		}
	}
	var out Rules
	seen := map[string]bool{}
	for i, line := range lines[1:] {
		rule, err := parse(func(c string) string { return strings.TrimSpace(line[at[c]]) })
		if err == nil && seen[string(rule.Selection)+"/"+rule.Name] {
			err = baqylau.E(baqylau.Invalid, "death.rules.twice", "Rule", rule.Name)
		}
		if err != nil {
			return nil, baqylau.E(baqylau.Invalid, "death.rules.line", "Line", i+2).Because(err)
		}
		seen[string(rule.Selection)+"/"+rule.Name] = true
		out = append(out, rule)
	}
	return out, nil
}

func parse(get func(column string) string) (r Rule, err error) {
	r = Rule{Selection: Selection(get("selection")), Name: get("rule"), Verified: get("verified") == "yes", Source: get("source")}
	choose := func(column, value string, ok bool) {
		if !ok && err == nil {
			err = baqylau.E(baqylau.Invalid, "death.rules.value", "Column", column, "Value", clip(value))
		}
	}
	choose("selection", string(r.Selection), slices.Contains(Selections, r.Selection))
	choose("rule", r.Name, r.Name != "" && strings.Trim(r.Name, "abcdefghijklmnopqrstuvwxyz0123456789_") == "")
	for _, v := range items(get("registers")) {
		choose("registers", v, slices.Contains(Registers, Register(v)))
		r.Registers = append(r.Registers, Register(v))
	}
	for _, v := range items(get("manners")) {
		choose("manners", v, slices.Contains(Manners, Manner(v)))
		r.Manners = append(r.Manners, Manner(v))
	}
	r.Drugs = items(get("drugs"))
	for _, v := range []struct {
		column string
		to     *[]Span
	}{{"underlying", &r.Underlying}, {"with", &r.With}} {
		spans, e := ParseSpans(get(v.column))
		choose(v.column, get(v.column), e == nil)
		*v.to = spans
	}
	for _, v := range []struct {
		column string
		to     *baqylau.Date
	}{{"valid_from", &r.From}, {"valid_to", &r.To}} {
		day, _, e := baqylau.ParseDate(get(v.column))
		choose(v.column, get(v.column), e == nil)
		*v.to = day
	}
	choose("valid_to", r.To.String(), r.To.IsZero() || !r.To.Before(r.From))
	choose("underlying", "", len(r.Underlying)+len(r.With)+len(r.Drugs) > 0) // a rule without any would take every death
	return r, err
}

func items(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '|' })
}
