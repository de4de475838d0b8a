package mapping

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
)

// fieldRule is what a field may say, for reports and targets alike.
type fieldRule struct {
	name string   // of the report's field, "" for those of targets
	kind Kind     // of the target's field, "" for those of reports
	list []string // the only values, nil for free ones
}

func (r fieldRule) date() bool {
	return r.name == "occurred" || r.name == "known" || r.kind == KindDate
}
func (r fieldRule) period() bool { return r.kind == KindPeriod }

// kindOf is the rule of a field; ok is false when the mapping's target has no such field.
func (c *checker) kindOf(name string) (r fieldRule, ok bool) {
	if c.m.Target == "" {
		return fieldRule{name: name, list: vocabulary[name]}, slices.Contains(FieldNames, name)
	}
	f, ok := c.target.Field(name)
	r = fieldRule{kind: f.Kind, list: f.List}
	if name == "key" || name == "known" {
		r.name = name
	}
	return r, ok
}

func (c *checker) field(path string, rule fieldRule, f Field) {
	if len(f.Picks) == 0 {
		c.fail(path, "import.mapping.missing")
	}
	for i, p := range f.Picks {
		at := path
		if len(f.Picks) > 1 {
			at = fmt.Sprintf("%s[%d]", path, i+1)
		}
		c.pick(at, rule, p)
	}
}

func (c *checker) pick(at string, rule fieldRule, p Pick) {
	ways := 0
	for _, set := range []bool{p.Column != "", p.Columns != nil, p.Value != "", p.AfterDays != nil, p.Digest, p.Sheet, p.Above, p.Header != ""} {
		if set {
			ways++
		}
	}
	if ways != 1 {
		c.fail(at, "import.mapping.one_way")
	}
	read := p.Column != "" || p.Columns != nil || p.Sheet || p.Above || p.Header != "" // a text of the file, no constant
	codes := p.Table != "" || p.Codes != nil
	c.only(at, map[string]bool{
		"formats":      len(p.Formats) > 0 && (!rule.date() && !rule.period() || !read),
		"month_before": !p.MonthBefore.IsZero() && rule.name != "occurred",
		"after_days":   p.AfterDays != nil && (rule.name != "known" || rule.kind != ""),
		"digest":       p.Digest && rule.name != "key",
		"codes":        codes && (!read || rule.date() || rule.kind == KindPerson || p.Flag != ""),
		"value":        p.Value != "" && (rule.kind == "" && rule.date() || rule.name == "key" || rule.kind == KindPerson),
		"unknown":      p.Unknown != "" && !codes && p.Flag == "" && (rule.name != "region" && rule.kind != KindPlace && rule.kind != KindSubstance || !read || p.Unknown == Ignore), // the registry is the table of regions, and cannot be asked whether to pass on
		"match":        p.Match != "" && !read,
		"down":         p.Down && p.Column == "" && p.Columns == nil,
		"header":       p.Header != "" && c.m.Cells == nil,
		"flag":         p.Flag != "" && (rule.kind == "" || !read),
		"separator":    p.Separator != "" && rule.kind != KindMulti,
		"joined":       p.Joined && (rule.kind == "" || p.Column == ""),
	})
	if p.Joined && c.m.Join == nil {
		c.fail(at+".joined", "import.mapping.no_join")
	}
	if rule.date() && read && len(p.Formats) == 0 {
		c.fail(at+".formats", "import.mapping.missing")
	}
	for _, format := range p.Formats {
		if _, ok := parseLayout(format); !ok && format != serialFormat {
			c.fail(at+".formats", "import.mapping.date_format", "value", clip(format))
		}
	}
	c.oneOf(at+".header", p.Header, "", headerAll, "1", "2", "3", "4", "5")
	c.oneOf(at+".unknown", string(p.Unknown), "", string(Fault), string(Keep), string(Ignore))
	if _, err := regexp.Compile(p.Match); err != nil || len(p.Match) > maxMatch {
		c.fail(at+".match", "import.mapping.match", "value", clip(p.Match))
	}
	c.tests(at+".when", p.When)
	table := c.table(at+".codes", p.Table, p.Codes)
	c.values(at, rule, p, table)
}

// maxMatch bounds a regular expression, whose program may be far longer than its text.
const maxMatch = 1000

// values checks the constants and the meanings of a table against the field's list.
func (c *checker) values(at string, rule fieldRule, p Pick, table map[string]string) {
	if rule.date() && p.Value != "" {
		if _, _, err := baqylau.ParseDate(p.Value); err != nil {
			c.fail(at, "import.mapping.not_date", "value", clip(p.Value))
		}
	}
	if rule.period() && p.Value != "" {
		if _, ok := parsePeriod(p.Value); !ok {
			c.fail(at, "import.mapping.not_period", "value", clip(p.Value))
		}
	}
	if rule.list == nil {
		return
	}
	for _, v := range []string{p.Value, p.Flag} {
		if v != "" {
			c.oneOf(at, v, rule.list...)
		}
	}
	for _, meaning := range table {
		parts := []string{meaning}
		if rule.kind == KindMulti {
			parts = strings.Split(meaning, multiSeparator)
		}
		for _, v := range parts {
			if v != "" {
				c.oneOf(at+".codes", v, rule.list...)
			}
		}
	}
}

// report checks the parts that only a report needs.
func (c *checker) report() {
	for _, f := range []string{"kind", "occurred"} {
		if len(c.m.Fields[f].Picks) == 0 {
			c.fail("fields."+f, "import.mapping.missing")
		}
	}
	if len(c.m.Substances) == 0 {
		c.fail("substances", "import.mapping.missing")
	}
	c.figures("")
}

// rows checks the parts of a mapping whose rows are no reports; false without a known target.
func (c *checker) rows() (ok bool) {
	if c.target, ok = TargetNamed(c.m.Target); !ok {
		names := []string{ReportTarget}
		for _, t := range Targets() {
			names = append(names, t.Name)
		}
		c.oneOf("target", c.m.Target, names...)
		return false
	}
	for _, f := range c.target.Fields {
		stated := func(name string) bool { return len(c.m.Fields[name].Picks) > 0 }
		if f.Required && !stated(f.Name) && !slices.ContainsFunc(f.Or, stated) && f.Name != c.target.Figure {
			c.fail("fields."+f.Name, "import.mapping.missing")
		}
	}
	c.only("", map[string]bool{"substances": c.m.Substances != nil})
	c.figures(c.target.Figure)
	return true
}

// figures checks what only targets with a figure take; field is the figure's field, "" for none.
func (c *checker) figures(field string) {
	m := c.m
	c.only("", map[string]bool{"cells": m.Cells != nil && field == "", "absent": m.Absent != nil && field == "", "numbers": m.Odd != nil && field == ""})
	if field != "" && (m.Cells == nil) == (len(m.Fields[field].Picks) == 0) { // the cells are the figure, or a column is
		c.fail("fields."+field, map[bool]string{true: "import.mapping.missing", false: "import.mapping.cells_figure"}[m.Cells == nil])
	}
	if m.Cells != nil && m.Group != NoGroup {
		c.fail("group", "import.mapping.misplaced")
	}
	for _, meaning := range m.Absent {
		c.oneOf("absent", meaning, append([]string{""}, Absences...)...)
	}
	for _, way := range m.Odd {
		c.oneOf("numbers", way, OddFigures...)
	}
}
