package jsoncases

import (
	"bytes"
	"encoding/json"
)

// Members are the values of an object by their names, of two with the same name the last. The text must be valid JSON: that is found out
// once for a whole case, so that this has only to look for the commas, and copies nothing.
func Members(object json.RawMessage) map[string]json.RawMessage {
	given := map[string]json.RawMessage{}
	rest := object
	for len(rest) > 1 {
		rest = bytes.TrimLeft(rest[1:], " \t\r\n") // after the brace or a comma
		end := valueEnd(rest)
		quoted := min(textEnd(rest), end)
		value := bytes.TrimSpace(rest[quoted:end])
		var name string
		if len(value) == 0 || json.Unmarshal(rest[:quoted], &name) != nil {
			break // an empty object
		}
		given[name] = bytes.TrimSpace(value[1:]) // after the colon
		rest = rest[end:]
	}
	return given
}

// valueEnd is where the first comma or closing bracket stands that belongs to the object around b.
func valueEnd(b []byte) int {
	for i, depth := 0, 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i += textEnd(b[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return i
			}
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(b)
}

// textEnd is the length of the text that b begins with, quotes included; 0 where it begins with none.
func textEnd(b []byte) int {
	if len(b) == 0 || b[0] != '"' {
		return 0
	}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}
