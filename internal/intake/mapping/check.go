package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
)

// Check tells what keeps a mapping from being used: the faults that Parse finds in a text, without their lines.
// It serves mappings made by code or on a page.
func (m *Mapping) Check() error { return m.faults().OrNil() }

// checker collects faults of meaning.
type checker struct {
	m      *Mapping
	target Target // of m; the zero value for reports
	errs   baqylau.Errors
}

func (m *Mapping) faults() baqylau.Errors {
	c := &checker{m: m}
	if m.Name == "" {
		c.fail("name", "import.mapping.missing")
	}
	c.file("file", m.File)
	if m.Target == "" {
		c.report()
	} else if !c.rows() {
		return c.errs
	}
	c.oneOf("group", string(m.Group), string(NoGroup), string(Consecutive), string(Anywhere))
	if m.Group != NoGroup && len(m.Fields["key"].Picks) == 0 {
		c.fail("group", "import.mapping.group_key")
	}
	c.tests("skip", m.Skip)
	c.tests("only", m.Only)
	if j := m.Join; j != nil {
		for name, v := range map[string]string{"name": j.Name, "on": j.On, "key": j.Key} {
			if v == "" {
				c.fail("join."+name, "import.mapping.missing")
			}
		}
		c.file("join.file", j.File)
	}
	for name, f := range m.Fields {
		if kind, ok := c.kindOf(name); ok {
			c.field("fields."+name, kind, f)
		} else {
			c.fail("fields."+name, "import.mapping.unknown_key")
		}
	}
	for i, s := range m.Substances {
		c.substance(fmt.Sprintf("substances[%d]", i+1), s)
	}
	slices.SortStableFunc(c.errs, func(a, b *baqylau.Error) int { return strings.Compare(a.Field, b.Field) })
	return c.errs
}

func (c *checker) fail(path, key string, args ...any) {
	c.errs = append(c.errs, invalid(key, append(args, "field", path, "line", 0)...).On(path))
}

func (c *checker) oneOf(path, v string, list ...string) {
	if !slices.Contains(list, v) {
		c.fail(path, "import.mapping.not_listed", "value", clip(v), "list", strings.Trim(strings.Join(list, ", "), ", "))
	}
}

func (c *checker) file(path string, f File) {
	c.oneOf(path+".format", f.Format, append([]string{""}, Standards...)...)
	c.oneOf(path+".encoding", f.Encoding, append([]string{""}, Encodings...)...)
	c.oneOf(path+".delimiter", f.Delimiter, "", ",", ";", "\t", "|")
	c.oneOf(path+".decimal", f.Decimal, "", ".", ",")
}

func (c *checker) tests(path string, ts []Test) {
	for _, t := range ts {
		if t.Column == "" || len(t.Values) == 0 {
			c.fail(path, "import.mapping.missing")
		}
	}
}

// only faults every key in given that the field's kind does not take.
func (c *checker) only(path string, given map[string]bool) {
	for key, set := range given {
		if set {
			c.fail(strings.TrimPrefix(path+"."+key, "."), "import.mapping.misplaced")
		}
	}
}

// table returns the code table meant, faulting a name that does not exist.
func (c *checker) table(path, name string, inline map[string]string) map[string]string {
	if name == "" {
		return inline
	}
	t, ok := c.m.Codes[name]
	if !ok {
		c.fail(path, "import.mapping.no_table", "value", clip(name))
	}
	return t
}

func (c *checker) substance(path string, s Substance) {
	if s.Column == "" {
		c.fail(path+".column", "import.mapping.missing")
	}
	c.oneOf(path+".as", string(s.As), string(Text), string(Name), string(List), string(Flag))
	if s.As == Flag && (s.Name == "") == (s.Class == "") {
		c.fail(path+".name", "import.mapping.flag_name")
	}
	if s.As == List && s.Separator == "" {
		c.fail(path+".separator", "import.mapping.missing")
	}
	if s.Joined && c.m.Join == nil {
		c.fail(path+".joined", "import.mapping.no_join")
	}
	codes := s.Table != "" || s.Codes != nil
	c.only(path, map[string]bool{
		"name": s.As != Flag && s.Name != "", "class": s.As != Flag && s.Class != "",
		"yes": s.As != Flag && s.Yes != nil, "no": s.As != Flag && s.No != nil,
		"separator": s.As != List && s.Separator != "", "codes": codes && s.As != Name && s.As != List,
		"unknown": s.Unknown != "" && s.As != Flag && !codes,
		"skip":    s.As == Flag && s.Skip != nil,
	})
	c.oneOf(path+".unknown", string(s.Unknown), "", string(Fault), string(Keep), string(Ignore), string(AsText), string(AsNote))
	if s.As == Flag && s.Unknown == Keep {
		c.fail(path+".unknown", "import.mapping.misplaced")
	}
	c.table(path+".codes", s.Table, s.Codes)
	c.tests(path+".when", s.When)
	for name, f := range map[string]Field{"role": s.Role, "level": s.Level} {
		if len(f.Picks) > 0 {
			c.field(path+"."+name, fieldRule{name: name, list: vocabulary[name]}, f)
		}
	}
}
