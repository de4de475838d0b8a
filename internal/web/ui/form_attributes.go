package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

func itoa(n int) string { return strconv.Itoa(n) }

func multipart(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"enctype": "multipart/form-data"}
	}
	return nil
}

func inputType(f Field) string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func rows(f Field) string {
	if f.Rows == 0 {
		return "3"
	}
	return itoa(f.Rows)
}

func orOne(value string) string {
	if value == "" {
		return "1"
	}
	return value
}

// optionalControl drops "required": an unticked box is an answer.
func optionalControl(f Field) Field { f.Optional = true; return f }

// lookupText is the visible half of a Lookup: its words go under their own name.
func lookupText(l Lookup) textField { return textField{l.Field} }

type textField struct{ Field }

func (f textField) attributes() templ.Attributes {
	a := f.Field.attributes()
	a["name"] = f.Name + "_text"
	a["autocomplete"] = "off"
	return a
}

func describedBy(f Field) templ.Attributes {
	a := templ.Attributes{}
	if d := f.described(); d != "" {
		a["aria-describedby"] = d
	}
	return a
}

func nameValue(b Button) templ.Attributes {
	if b.Name == "" {
		return nil
	}
	return templ.Attributes{"name": b.Name, "value": b.Value}
}

func keyAttribute(b Button) templ.Attributes {
	if b.Key == "" {
		return nil
	}
	return templ.Attributes{"data-key": b.Key, "aria-keyshortcuts": b.Key}
}
