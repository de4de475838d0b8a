package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// explain says in the words of a case what encoding/json found wrong: the field, empty for the whole text, and a sentence.
func explain(err error) (field, say string) {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return written(wrong.Field), wrongType(wrong)
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return "", fmt.Sprintf("is not valid JSON at byte %d (%s); give one JSON object in the form %s", syntax.Offset, short(syntax.Error()), Schema)
	}
	return "", fmt.Sprintf("cannot be read (%s); give one JSON object in the form %s", short(err.Error()), Schema)
}

// written is the name of a field as the form writes it: like R's argument, which begins with a small letter but for these.
func written(field string) string {
	for _, capital := range []string{"Mtilde", "M", "S", "ARL0", "FIR"} {
		if field == capital {
			return field
		}
	}
	if field == "" {
		return ""
	}
	return strings.ToLower(field[:1]) + field[1:]
}

func wrongType(wrong *json.UnmarshalTypeError) string {
	number, isNumber := strings.CutPrefix(wrong.Value, "number ")
	kind := wrong.Type.Kind()
	switch {
	case isNumber && (kind == reflect.Float64 || kind == reflect.Float32):
		return fmt.Sprintf("holds %s, which is too large; give a number below 1e308", short(number))
	case isNumber && kind >= reflect.Int && kind <= reflect.Uint64:
		return fmt.Sprintf("is %s; give a whole number", short(number))
	}
	return fmt.Sprintf("holds a value of type %s; give %s", wrong.Value, wanted(kind))
}

func wanted(kind reflect.Kind) string {
	switch kind {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number"
	}
	return "a whole number"
}

// idOf is the id of a case that is broken after it.
func idOf(raw []byte) (id string) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return ""
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return ""
		}
		if key == "id" {
			_ = d.Decode(&id) // an id that is no text stays unknown
			return id
		}
		var skip json.RawMessage
		if d.Decode(&skip) != nil {
			return ""
		}
	}
	return ""
}

// short cuts what a file may have made very long.
func short(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}
