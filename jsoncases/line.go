package jsoncases

import "encoding/json"

// AppendLine writes one line of output: {"id":…,"output":{…},"error":null}, or with a null output and the error; and last the warnings, where there are any. Output
// appends the object of a case that could be run.
func AppendLine(b []byte, id string, output func(b []byte) []byte, err error, warnings []string) []byte {
	b = append(b, `{"id":`...)
	b = AppendString(b, id)
	if err != nil {
		b = append(b, `,"output":null,"error":`...)
		b = AppendString(b, err.Error())
	} else {
		b = append(b, `,"output":`...)
		b = output(b)
		b = append(b, `,"error":null`...)
	}
	for i, w := range warnings {
		if i == 0 {
			b = append(b, `,"warnings":[`...)
		} else {
			b = append(b, ',')
		}
		b = AppendString(b, w)
	}
	if len(warnings) > 0 {
		b = append(b, ']')
	}
	return append(b, "}\n"...)
}

// AppendString writes a text in its quotes.
func AppendString(b []byte, s string) []byte {
	q, _ := json.Marshal(s) // a string always can
	return append(b, q...)
}
