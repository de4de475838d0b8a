package jsoncases

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// explain says in the words of a case what encoding/json found wrong with a value that was to become one of type want.
func explain(raw json.RawMessage, want reflect.Type, err error, form string) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("is not valid JSON at byte %d (%s); give one JSON object in the form %s", syntax.Offset, Short(syntax.Error()), form)
	}
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return fmt.Sprintf("cannot be read (%s); give one JSON object in the form %s", Short(err.Error()), form)
	}
	var each []json.RawMessage
	if want.Kind() == reflect.Slice && json.Unmarshal(raw, &each) == nil {
		one := want.Elem()
		if want == reflect.TypeFor[Numbers]() {
			one = reflect.TypeFor[Number]()
		}
		for i, e := range each {
			if err := json.Unmarshal(e, reflect.New(one).Interface()); err != nil {
				return fmt.Sprintf("value %d %s", i+1, explain(e, one, err, form))
			}
		}
	}
	number, isNumber := strings.CutPrefix(wrong.Value, "number ")
	kind := want.Kind()
	switch {
	case isNumber && kind >= reflect.Float32 && kind <= reflect.Float64, isNumber && want == reflect.TypeFor[Numbers]():
		return fmt.Sprintf("is %s, which is too large; give a number below 1e308", Short(number))
	case isNumber && kind >= reflect.Int && kind <= reflect.Uint64:
		return fmt.Sprintf("is %s; give a whole number", Short(number))
	}
	return fmt.Sprintf("is %s; give %s", KindOf(raw), wanted(want))
}

// KindOf is what a JSON value is.
func KindOf(raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 'n', 't', 'f':
		return string(raw)
	}
	return "a number"
}

func wanted(t reflect.Type) string {
	if t == reflect.TypeFor[Numbers]() {
		return "a number or a list of numbers"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Slice:
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

// Short cuts what a file may have made very long.
func Short(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}
