package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

const maxNesting = 16 // objects and lists inside one another; no operation needs more than four

var errBody = errors.New("JSON that two readers may understand differently")

// decode reads JSON and refuses what the standard library lets pass though two readers may understand it differently, or a database not at all:
// bytes that are not UTF-8, a name that stands twice in an object, a null character, and nesting beyond any need.
func decode(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errBody
	}
	if err := plain(data); err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// plain walks the tokens of a body.
func plain(data []byte) error {
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	var open []map[string]bool // the names of each open object, nil for a list
	name := false              // the next string is a name
	for {
		tok, err := in.Token()
		if errors.Is(err, io.EOF) {
			return nil // an unfinished body is found by the reader proper
		}
		if err != nil {
			return err
		}
		inside := func() bool { return len(open) > 0 && open[len(open)-1] != nil }
		switch t := tok.(type) {
		case json.Delim:
			switch t {
			case '{':
				open = append(open, map[string]bool{})
			case '[':
				open = append(open, nil)
			default:
				open = open[:len(open)-1]
			}
			if len(open) > maxNesting {
				return errBody
			}
			name = inside()
			continue
		case string:
			if strings.IndexByte(t, 0) >= 0 {
				return errBody
			}
			if name {
				names := open[len(open)-1]
				if names[t] {
					return errBody
				}
				names[t], name = true, false
				continue
			}
		}
		name = inside()
	}
}
