package mapping

import (
	"strconv"

	"gopkg.in/yaml.v3"

	"github.com/baqylau/baqylau"
)

// decoder walks a YAML tree strictly: every key must be foreseen and every value of its type. It collects all faults, each
// with line and path. Walking by hand, not by struct tags, is what gives each fault its line.
type decoder struct {
	errs  baqylau.Errors
	nodes int // visited so far; aliases may multiply them
}

const (
	maxYAML  = 1 << 20 // bytes
	maxNodes = 200_000
	maxFault = 50 // faults told at once
)

func (d *decoder) fail(n *yaml.Node, path, key string, args ...any) {
	if len(d.errs) < maxFault {
		d.errs = append(d.errs, invalid(key, append(args, "line", n.Line, "field", path)...).On(path))
	}
}

// follow resolves an alias and counts the visit.
func (d *decoder) follow(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	d.nodes++
	return n
}

func (d *decoder) exhausted() bool { return d.nodes > maxNodes }

// keys is what an object may hold: key → reader of its value.
type keys map[string]func(n *yaml.Node, path string)

// object reads a mapping node, refusing unknown and repeated keys.
func (d *decoder) object(n *yaml.Node, path string, known keys) {
	d.pairs(n, path, func(k, v *yaml.Node, at string) {
		if read, ok := known[k.Value]; ok {
			read(v, at)
		} else {
			d.fail(k, at, "import.mapping.unknown_key")
		}
	})
}

// pairs visits the key-value pairs of a mapping node.
func (d *decoder) pairs(n *yaml.Node, path string, visit func(k, v *yaml.Node, at string)) {
	if n = d.follow(n); n.Kind != yaml.MappingNode {
		d.fail(n, path, "import.mapping.not_object")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content) && !d.exhausted(); i += 2 {
		k, v := d.follow(n.Content[i]), n.Content[i+1]
		at := k.Value
		if path != "" {
			at = path + "." + k.Value
		}
		switch {
		case k.Kind != yaml.ScalarNode:
			d.fail(k, path, "import.mapping.not_text")
		case seen[k.Value]:
			d.fail(k, at, "import.mapping.repeated_key")
		default:
			seen[k.Value] = true
			visit(k, v, at)
		}
	}
}

// list visits the items of a sequence; a single value counts as a list of one.
func (d *decoder) list(n *yaml.Node, path string, visit func(n *yaml.Node, at string)) {
	if n = d.follow(n); n.Kind != yaml.SequenceNode {
		visit(n, path)
		return
	}
	for i, item := range n.Content {
		if d.exhausted() {
			return
		}
		visit(item, path+"["+strconv.Itoa(i+1)+"]")
	}
}

// str reads any scalar as its text: codes such as 01 or no keep their spelling.
func (d *decoder) str(to *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n = d.follow(n); n.Kind != yaml.ScalarNode {
			d.fail(n, path, "import.mapping.not_text")
		} else if n.Tag != "!!null" {
			*to = n.Value
		}
	}
}

func (d *decoder) strs(to *[]string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		d.list(n, path, func(n *yaml.Node, at string) {
			var s string
			d.str(&s)(n, at)
			*to = append(*to, s)
		})
	}
}

func (d *decoder) yes(to *bool) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n = d.follow(n); n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
			d.fail(n, path, "import.mapping.not_bool")
			return
		}
		*to = n.Value == "true"
	}
}

// num reads an integer of lo..hi.
func (d *decoder) num(to *int, lo, hi int) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		n = d.follow(n)
		v, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || v < lo || v > hi {
			d.fail(n, path, "import.mapping.not_number", "low", lo, "high", hi)
			return
		}
		*to = v
	}
}

func (d *decoder) table(to *map[string]string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		m := map[string]string{}
		d.pairs(n, path, func(k, v *yaml.Node, at string) {
			var s string
			d.str(&s)(v, at)
			m[k.Value] = s
		})
		*to = m
	}
}
