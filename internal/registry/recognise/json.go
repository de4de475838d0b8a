package recognise

import (
	"bytes"
	"encoding/json"
	"io"
)

// WriteJSON writes r as one line of JSON. The three lists are always arrays, never null.
func WriteJSON(w io.Writer, r Result) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false) // chemical names and quotes stay readable
	return enc.Encode(r)
}

// MarshalJSON keeps empty lists as [] so that a reader never has to tell "none" from "absent".
func (r Result) MarshalJSON() ([]byte, error) {
	type plain Result // without this method
	p := plain(r)
	if p.Findings == nil {
		p.Findings = []Finding{}
	}
	if p.Questions == nil {
		p.Questions = []Question{}
	}
	if p.Unidentified == nil {
		p.Unidentified = []Unidentified{}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(p)
	return b.Bytes(), err
}
