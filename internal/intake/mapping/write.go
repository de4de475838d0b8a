package mapping

import (
	"bytes"
	"slices"

	"gopkg.in/yaml.v3"
)

// YAML writes the mapping so that Parse gives it back: Parse(m.YAML()) equals m for every m that passes Check.
// Keys stand in the order of docs/mapping.md, tables in alphabetical order.
func (m *Mapping) YAML() []byte {
	o := object{}
	o.put("version", Version)
	o.str("name", m.Name).str("target", m.Target).str("source", m.Source).str("terms", m.Terms).str("notes", m.Notes)
	o.obj("file", fileNode(m.File))
	codes := object{}
	for _, name := range sortedKeys(m.Codes) {
		codes.put(name, m.Codes[name])
	}
	o.obj("codes", codes)
	o.obj("skip", testsNode(m.Skip)).obj("only", testsNode(m.Only)).str("group", string(m.Group))
	if j := m.Join; j != nil {
		jo := object{}
		jo.str("name", j.Name).str("on", j.On).str("key", j.Key).yes("required", j.Required).obj("file", fileNode(j.File))
		o.obj("join", jo)
	}
	if c := m.Cells; c != nil {
		co := object{}
		co.list("columns", c.Columns).list("except", c.Except)
		if len(co.content) == 0 {
			o.str("cells", "all")
		}
		o.obj("cells", co)
	}
	if m.Absent != nil {
		o.put("absent", m.Absent)
	}
	o.list("numbers", m.Odd)
	fields := object{}
	for _, name := range m.fieldNames() {
		if f, ok := m.Fields[name]; ok {
			fields.put(name, fieldNode(f))
		}
	}
	o.obj("fields", fields).list("extra", m.Extra)
	var subs []*yaml.Node
	for _, s := range m.Substances {
		so := object{}
		so.str("column", s.Column).str("as", string(s.As)).str("name", s.Name).str("class", s.Class).str("separator", s.Separator)
		so.codes(s.Table, s.Codes).str("unknown", string(s.Unknown)).list("yes", s.Yes).list("no", s.No).list("skip", s.Skip)
		so.field("role", s.Role).field("level", s.Level).obj("when", testsNode(s.When))
		so.yes("optional", s.Optional).yes("joined", s.Joined)
		subs = append(subs, so.node())
	}
	if len(subs) > 0 {
		o.put("substances", subs)
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	_ = enc.Encode(o.node()) // a tree of scalars always encodes, and a buffer always takes it
	return b.Bytes()
}

// object builds a YAML mapping in the order of the calls, leaving out what is empty.
type object struct{ content []*yaml.Node }

func (o *object) node() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Content: o.content} }

func (o *object) put(key string, v any) *object {
	o.content = append(o.content, scalar(key), value(v))
	return o
}

func (o *object) str(key, v string) *object {
	if v != "" {
		o.put(key, v)
	}
	return o
}

func (o *object) yes(key string, v bool) *object {
	if v {
		o.put(key, v)
	}
	return o
}

func (o *object) list(key string, v []string) *object {
	if v != nil {
		o.put(key, v)
	}
	return o
}

func (o *object) obj(key string, v object) *object {
	if len(v.content) > 0 {
		o.put(key, v.node())
	}
	return o
}

func (o *object) codes(name string, table map[string]string) *object {
	if table != nil {
		return o.put("codes", table)
	}
	return o.str("codes", name)
}

func (o *object) field(key string, f Field) *object {
	if len(f.Picks) > 0 {
		o.put(key, fieldNode(f))
	}
	return o
}

func fileNode(f File) object {
	o := object{}
	o.str("format", f.Format).str("encoding", f.Encoding).str("delimiter", f.Delimiter).str("decimal", f.Decimal).str("sheet", f.Sheet)
	if f.HeaderRow > 0 {
		o.put("header_row", f.HeaderRow)
	}
	if f.HeaderRows > 0 {
		o.put("header_rows", f.HeaderRows)
	}
	o.list("empty", f.Empty)
	return o
}

func testsNode(ts []Test) object {
	o := object{}
	for _, t := range ts {
		o.put(t.Column, t.Values)
	}
	return o
}

// fieldNode writes a lone constant as a scalar, one pick as an object, several as a list.
func fieldNode(f Field) *yaml.Node {
	var picks []*yaml.Node
	for i, p := range f.Picks {
		o := object{}
		o.str("column", p.Column).list("columns", p.Columns).str("value", p.Value).yes("sheet", p.Sheet).yes("above", p.Above).str("header", p.Header)
		o.str("match", p.Match).yes("down", p.Down).str("flag", p.Flag).str("separator", p.Separator).yes("joined", p.Joined).codes(p.Table, p.Codes).str("unknown", string(p.Unknown))
		o.obj("when", testsNode(p.When)).list("formats", p.Formats).str("month_before", p.MonthBefore.String())
		if p.AfterDays != nil {
			o.put("after_days", *p.AfterDays)
		}
		o.yes("digest", p.Digest).yes("optional", p.Optional).yes("required", f.Required && i == 0)
		if len(o.content) == 2 && p.Value != "" {
			picks = append(picks, scalar(p.Value))
			continue
		}
		picks = append(picks, o.node())
	}
	if len(picks) == 1 {
		return picks[0]
	}
	return value(picks)
}

func scalar(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	if n.Style == 0 { // let "no", "01" and the empty text keep their quotes
		_ = n.Encode(s)
	}
	return n
}

func value(v any) *yaml.Node {
	n := &yaml.Node{}
	switch v := v.(type) {
	case *yaml.Node:
		return v
	case string:
		return scalar(v)
	case []*yaml.Node:
		return &yaml.Node{Kind: yaml.SequenceNode, Content: v}
	case []string:
		n.Kind, n.Style = yaml.SequenceNode, yaml.FlowStyle
		for _, s := range v {
			n.Content = append(n.Content, scalar(s))
		}
		return n
	case map[string]string:
		n.Kind = yaml.MappingNode
		for _, k := range sortedKeys(v) {
			n.Content = append(n.Content, scalar(k), scalar(v[k]))
		}
		return n
	}
	_ = n.Encode(v) // numbers and booleans only
	return n
}

func sortedKeys[V any](m map[string]V) []string {
	ks := make([]string, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}
