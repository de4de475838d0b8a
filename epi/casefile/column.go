package casefile

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// column is one column of data: texts as they are printed, numbers where the texts are such, and what is missing.
type column struct {
	texts   []string
	numbers []float64 // NaN where the text is no number, and where it is missing
	missing []bool
}

// table are the columns of a case, read as they are asked for.
type table struct {
	raw  map[string]json.RawMessage
	read map[string]*column
	rows int // -1 as long as none has been read
}

func (c *Case) table() (*table, error) {
	var all map[string]json.RawMessage
	if err := c.Value(c.data, &all, code(epi.InvalidSetting), "data"); err != nil {
		return nil, err
	}
	return &table{all, map[string]*column{}, -1}, nil
}

// column is the column of a name that stands in the given field of the case.
func (t *table) column(name, field string) (*column, error) {
	if c := t.read[name]; c != nil {
		return c, nil
	}
	raw, there := t.raw[name]
	if !there {
		names := make([]string, 0, len(t.raw))
		for n := range t.raw {
			names = append(names, n)
		}
		return nil, invalid(field, "names the column %s, which data does not have%s", strconv.Quote(jsoncases.Short(name)), meant(name, names))
	}
	var values []any
	if len(raw) == 0 || raw[0] != '[' || json.Unmarshal(raw, &values) != nil {
		return nil, invalid("data."+jsoncases.Short(name), "is %s; give a list with one value a row, null where it is missing", jsoncases.KindOf(raw))
	}
	if t.rows >= 0 && len(values) != t.rows {
		return nil, fault(epi.UnequalLengths, "data."+jsoncases.Short(name), "has %d values, a column before it %d; give one a row", len(values), t.rows)
	}
	t.rows = len(values)
	c := &column{make([]string, len(values)), make([]float64, len(values)), make([]bool, len(values))}
	for i, v := range values {
		switch v := v.(type) {
		case nil:
			c.missing[i], c.numbers[i] = true, math.NaN()
		case float64:
			c.numbers[i], c.texts[i] = v, printed(v)
		case bool:
			c.texts[i] = "FALSE" // as R prints it
			if v {
				c.texts[i], c.numbers[i] = "TRUE", 1
			}
		case string:
			c.texts[i], c.numbers[i] = v, math.NaN()
			if n, err := strconv.ParseFloat(v, 64); err == nil {
				c.numbers[i] = n
			}
		default:
			return nil, invalid("data."+jsoncases.Short(name), "value %d is a list or an object; give a number, a text or null", i+1)
		}
	}
	t.read[name] = c
	return c, nil
}

func meant(name string, names []string) string {
	if m := jsoncases.Nearest(name, names); m != "" {
		return "; did you mean " + m + "?"
	}
	return ""
}

// printed is a number as text, by which it is compared with codes and levels.
func printed(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// text is a value of a request as text: texts as they are, numbers and yes or no as columns print them.
func text(raw json.RawMessage) (s string, ok bool) {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return "", false
	}
	switch v := v.(type) {
	case string:
		return v, true
	case float64:
		return printed(v), true
	case bool:
		if v {
			return "TRUE", true
		}
		return "FALSE", true
	}
	return "", false
}

// values are the numbers of a column that is to be estimated, NaN where they are missing.
func (t *table) values(name, field string) ([]float64, error) {
	c, err := t.column(name, field)
	if err != nil {
		return nil, err
	}
	for i, v := range c.numbers {
		if !c.missing[i] && (math.IsNaN(v) || math.IsInf(v, 0)) {
			return nil, fault(epi.MissingValue, "data."+jsoncases.Short(name), "value %d is %s; give a number, or null where it is missing", i+1, strconv.Quote(jsoncases.Short(c.texts[i])))
		}
	}
	return c.numbers, nil
}

// complete are the columns of the given names, which may miss nothing.
func (t *table) complete(names []string, field string) ([]*column, error) {
	out := make([]*column, len(names))
	for i, name := range names {
		c, err := t.column(name, field)
		if err != nil {
			return nil, err
		}
		for row, m := range c.missing {
			if m {
				return nil, fault(epi.MissingValue, "data."+jsoncases.Short(name), "value %d is missing; a column of the design must be whole", row+1)
			}
		}
		out[i] = c
	}
	return out, nil
}
