package mapping

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"sort"
	"strconv"

	"gopkg.in/yaml.v3"

	"github.com/baqylau/baqylau"
)

// Version is the format's version. A mapping states it, so that a later format can still read it.
const Version = 1

var yamlLine = regexp.MustCompile(`line (\d+)`)

// Parse reads a mapping in YAML. It is strict: an unknown or repeated key, a missing or contradictory part, or a value outside
// its list is a fault. All faults are returned together as baqylau.Errors, each Invalid with line and field.
func Parse(b []byte) (*Mapping, error) {
	if len(b) > maxYAML {
		return nil, invalid("import.mapping.large", "limit", maxYAML>>20)
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	var root, more yaml.Node
	if err := decode(dec, &root); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, invalid("import.mapping.empty")
		}
		line := 1
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ = strconv.Atoi(m[1])
		}
		return nil, invalid("import.mapping.syntax", "line", line).Because(err)
	}
	if decode(dec, &more) == nil {
		return nil, invalid("import.mapping.documents", "line", more.Line)
	}
	d, m := &decoder{}, &Mapping{Codes: map[string]map[string]string{}, Fields: map[string]Field{}}
	d.mapping(root.Content[0], m)
	if d.exhausted() {
		return nil, invalid("import.mapping.large", "limit", maxYAML>>20)
	}
	if len(d.errs) == 0 {
		for _, e := range m.faults() {
			d.fail(find(root.Content[0], e.Field), e.Field, e.Key, flat(e.Args)...)
		}
	}
	sort.SliceStable(d.errs, func(i, j int) bool { return d.errs[i].Args["line"].(int) < d.errs[j].Args["line"].(int) })
	if err := d.errs.OrNil(); err != nil {
		return nil, err
	}
	return m, nil
}

// decode guards against the YAML library, which panics on some damaged input.
func decode(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("line 1: not YAML")
		}
	}()
	return dec.Decode(n)
}

func (d *decoder) mapping(n *yaml.Node, m *Mapping) {
	version := 0
	d.object(n, "", keys{
		"version": d.num(&version, Version, Version),
		"name":    d.str(&m.Name), "source": d.str(&m.Source), "terms": d.str(&m.Terms), "notes": d.str(&m.Notes),
		"file": d.file(&m.File),
		"codes": func(n *yaml.Node, path string) {
			d.pairs(n, path, func(k, v *yaml.Node, at string) {
				var t map[string]string
				d.table(&t)(v, at)
				m.Codes[k.Value] = t
			})
		},
		"target": d.target(&m.Target),
		"skip":   d.tests(&m.Skip), "only": d.tests(&m.Only),
		"cells":  func(n *yaml.Node, path string) { m.Cells = &Cells{}; d.cells(n, path, m.Cells) },
		"absent": d.table(&m.Absent), "numbers": d.strs(&m.Odd),
		"group": d.str((*string)(&m.Group)),
		"join":  func(n *yaml.Node, path string) { m.Join = &Join{}; d.join(n, path, m.Join) },
		"fields": func(n *yaml.Node, path string) {
			d.pairs(n, path, func(k, v *yaml.Node, at string) {
				var f Field
				d.field(&f)(v, at)
				m.Fields[k.Value] = f
			})
		},
		"extra": d.strs(&m.Extra),
		"substances": func(n *yaml.Node, path string) {
			d.list(n, path, func(n *yaml.Node, at string) {
				var s Substance
				d.substance(n, at, &s)
				m.Substances = append(m.Substances, s)
			})
		},
	})
	if version == 0 && len(d.errs) == 0 {
		d.fail(n, "version", "import.mapping.missing")
	}
}

func (d *decoder) file(f *File) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		d.object(n, path, keys{
			"format": d.str(&f.Format), "encoding": d.str(&f.Encoding), "delimiter": d.str(&f.Delimiter), "decimal": d.str(&f.Decimal),
			"sheet": d.str(&f.Sheet), "header_row": d.num(&f.HeaderRow, 0, 10_000), "header_rows": d.num(&f.HeaderRows, 1, 5),
			"empty": d.strs(&f.Empty),
		})
	}
}

// target reads what the rows become; a report is nothing special.
func (d *decoder) target(to *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if d.str(to)(n, path); *to == ReportTarget {
			*to = ""
		}
	}
}

// cells reads the columns with figures; `cells: all` are all that nothing else names.
func (d *decoder) cells(n *yaml.Node, path string, c *Cells) {
	if f := d.follow(n); f.Kind == yaml.ScalarNode && f.Value == "all" {
		return
	}
	d.object(n, path, keys{"columns": d.strs(&c.Columns), "except": d.strs(&c.Except)})
}

func (d *decoder) join(n *yaml.Node, path string, j *Join) {
	d.object(n, path, keys{"name": d.str(&j.Name), "on": d.str(&j.On), "key": d.str(&j.Key),
		"required": d.yes(&j.Required), "file": d.file(&j.File)})
}

func (d *decoder) tests(to *[]Test) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		d.pairs(n, path, func(k, v *yaml.Node, at string) {
			t := Test{Column: k.Value}
			d.strs(&t.Values)(v, at)
			*to = append(*to, t)
		})
	}
}

// field reads a constant, one pick, or a list of picks.
func (d *decoder) field(f *Field) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		d.list(n, path, func(n *yaml.Node, at string) {
			var p Pick
			if n = d.follow(n); n.Kind == yaml.ScalarNode {
				d.str(&p.Value)(n, at)
			} else {
				d.pick(n, at, &p, &f.Required)
			}
			f.Picks = append(f.Picks, p)
		})
	}
}

func (d *decoder) pick(n *yaml.Node, path string, p *Pick, required *bool) {
	d.object(n, path, keys{
		"column": d.str(&p.Column), "columns": d.strs(&p.Columns), "value": d.str(&p.Value), "codes": d.codes(&p.Table, &p.Codes),
		"unknown": d.str((*string)(&p.Unknown)), "when": d.tests(&p.When), "optional": d.yes(&p.Optional),
		"required": d.yes(required), "formats": d.strs(&p.Formats), "digest": d.yes(&p.Digest),
		"sheet": d.yes(&p.Sheet), "above": d.yes(&p.Above), "header": d.str(&p.Header), "match": d.str(&p.Match),
		"down": d.yes(&p.Down), "flag": d.str(&p.Flag), "separator": d.str(&p.Separator), "joined": d.yes(&p.Joined),
		"month_before": func(n *yaml.Node, path string) {
			var s string
			d.str(&s)(n, path)
			date, prec, err := baqylau.ParseDate(s)
			if err != nil || prec != baqylau.Day || date.IsZero() {
				d.fail(n, path, "import.mapping.not_date", "value", clip(s))
			}
			p.MonthBefore = date
		},
		"after_days": func(n *yaml.Node, path string) {
			p.AfterDays = new(int)
			d.num(p.AfterDays, 0, 3650)(n, path)
		},
	})
}

// codes reads a table's name or the table itself.
func (d *decoder) codes(name *string, table *map[string]string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if d.follow(n).Kind == yaml.ScalarNode {
			d.str(name)(n, path)
			return
		}
		d.table(table)(n, path)
	}
}

func (d *decoder) substance(n *yaml.Node, path string, s *Substance) {
	d.object(n, path, keys{
		"column": d.str(&s.Column), "as": d.str((*string)(&s.As)), "name": d.str(&s.Name), "class": d.str(&s.Class),
		"separator": d.str(&s.Separator), "codes": d.codes(&s.Table, &s.Codes), "unknown": d.str((*string)(&s.Unknown)),
		"yes": d.strs(&s.Yes), "no": d.strs(&s.No), "skip": d.strs(&s.Skip), "role": d.field(&s.Role), "level": d.field(&s.Level),
		"when": d.tests(&s.When), "optional": d.yes(&s.Optional), "joined": d.yes(&s.Joined),
	})
}

// find returns the node at a path such as "fields.age[2].column", or the nearest one that exists.
func find(n *yaml.Node, path string) *yaml.Node {
	for _, step := range pathSteps.FindAllString(path, -1) {
		for n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		next := n
		if i, err := strconv.Atoi(step); err == nil && n.Kind == yaml.SequenceNode && i <= len(n.Content) {
			next = n.Content[i-1]
		} else {
			for k := 0; k+1 < len(n.Content) && n.Kind == yaml.MappingNode; k += 2 {
				if n.Content[k].Value == step {
					next = n.Content[k+1]
				}
			}
		}
		n = next
	}
	return n
}

var pathSteps = regexp.MustCompile(`[^.\[\]]+`)

func flat(args map[string]any) (list []any) {
	for k, v := range args {
		list = append(list, k, v)
	}
	return list
}
