package casefile

import (
	"encoding/json"
	"strconv"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// texts are several texts, or one that stands alone.
type texts []string

// UnmarshalJSON reads a list or a single text.
func (ts *texts) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*ts = make(texts, 1)
		return json.Unmarshal(b, &(*ts)[0])
	}
	return json.Unmarshal(b, (*[]string)(ts))
}

// column reads a column of data that the request names; field is where it does.
func (c *Case) column(name, field string, to any) error {
	raw, there := jsoncases.Members(c.data)[name]
	if !there || jsoncases.IsNull(raw) {
		return invalid(field, "is %q, and data has no column of that name", jsoncases.Short(name))
	}
	return c.Value(raw, to, code(epi.MissingValue), "data."+name)
}

// cell is one value of a column as the text it prints as, numbers in their shortest form; missing for null.
type cell struct {
	text    string
	missing bool
}

// UnmarshalJSON reads a text, a number, true or false, or null.
func (v *cell) UnmarshalJSON(b []byte) error {
	*v = cell{missing: string(b) == "null"}
	if v.missing || len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &v.text)
	}
	if n, err := strconv.ParseFloat(string(b), 64); err == nil {
		v.text = strconv.FormatFloat(n, 'g', -1, 64)
		return nil
	}
	var flag bool
	if err := json.Unmarshal(b, &flag); err != nil {
		return err
	}
	v.text = strconv.FormatBool(flag)
	return nil
}

// level is what every request may have besides its own settings.
type level struct {
	Level float64 `json:"ci_level"`
}

// usual is a level of 95 %.
var usual = level{0.95}
