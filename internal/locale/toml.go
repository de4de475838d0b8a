package locale

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// unmarshalTOML reads the part of TOML that message files use (see the package comment) into map[string]any, as go-i18n
// expects of an unmarshal function; a table becomes a map[string]any under its whole name, dots included. Anything else,
// and a key given twice, is an error that names the line.
func unmarshalTOML(data []byte, v any) error {
	root := map[string]any{}
	var table map[string]any // the table that a line belongs to, nil above all tables
	for i, line := range strings.Split(strings.TrimPrefix(string(data), "\uFEFF"), "\n") {
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			table = map[string]any{}
			err = openTable(root, line, table)
		case table != nil:
			err = addForm(table, line)
		default:
			err = addPair(root, line)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	*v.(*any) = root
	return nil
}

func openTable(root map[string]any, line string, table map[string]any) error {
	key, rest, err := cutKey(line[1:])
	if err != nil {
		return err
	}
	if rest, ok := strings.CutPrefix(rest, "]"); !ok || !blank(rest) {
		return fmt.Errorf("a table is written [\"key\"]")
	}
	return put(root, key, table)
}

// addForm adds a line of a table, which holds plural forms only: a message below a table would silently belong to it.
func addForm(table map[string]any, line string) error {
	if key, _, _ := cutKey(line); !slices.Contains([]string{"one", "few", "many", "other"}, key) {
		return fmt.Errorf("%q stands in a table, which may hold one, few, many and other; move it above all tables", key)
	}
	return addPair(table, line)
}

func addPair(at map[string]any, line string) error {
	key, rest, err := cutKey(line)
	if err != nil {
		return err
	}
	rest, ok := strings.CutPrefix(rest, "=")
	if !ok {
		return fmt.Errorf("no = after %q", key)
	}
	text, rest, err := cutString(strings.TrimSpace(rest))
	if err != nil {
		return fmt.Errorf("%q: %w", key, err)
	}
	if !blank(rest) {
		return fmt.Errorf("%q: unexpected %q after the text", key, rest)
	}
	return put(at, key, text)
}

func put(m map[string]any, key string, v any) error {
	if _, twice := m[key]; twice {
		return fmt.Errorf("%q is given twice", key)
	}
	m[key] = v
	return nil
}

// cutKey splits a quoted or bare dotted key from what follows it.
func cutKey(s string) (key, rest string, err error) {
	s = strings.TrimSpace(s)
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		key, rest, err = cutString(s)
		return key, strings.TrimSpace(rest), err
	}
	n := strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
	})
	if n < 1 {
		return "", "", fmt.Errorf("a key is expected at %q", s)
	}
	return s[:n], strings.TrimSpace(s[n:]), nil
}

// cutString splits a basic "…" or literal '…' string of one line from what follows it.
func cutString(s string) (text, rest string, err error) {
	if strings.HasPrefix(s, "'") {
		text, rest, ok := strings.Cut(s[1:], "'")
		if !ok {
			return "", "", fmt.Errorf("the closing ' is missing")
		}
		return text, rest, nil
	}
	if strings.HasPrefix(s, `"`) && !strings.HasPrefix(s, `"""`) {
		q, err := strconv.QuotedPrefix(s) // TOML's escapes of a basic string are a subset of Go's
		if err != nil {
			return "", "", fmt.Errorf("the closing \" is missing or an escape is wrong")
		}
		text, err = strconv.Unquote(q)
		return text, s[len(q):], err
	}
	return "", "", fmt.Errorf("a text in quotes on one line is expected")
}

func blank(s string) bool { s = strings.TrimSpace(s); return s == "" || s[0] == '#' }
