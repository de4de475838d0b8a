package tablefile

import (
	"strconv"

	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/jsoncases"
)

// appendLine writes {"id":…,"cells":[…]} or {"id":…,"releases":[{"cells":[…]},…]}, or {"id":…,"error":…}; and last the warnings, where there are any.
func (c *Case) appendLine(b []byte, answers []suppress.Answer, err error) []byte {
	b = append(b, `{"id":`...)
	b = jsoncases.AppendString(b, c.ID)
	switch {
	case err != nil:
		b = append(b, `,"error":`...)
		b = jsoncases.AppendString(b, err.Error())
	case c.Single:
		b = appendCells(append(b, ','), c.Releases.Tables[0], answers[0])
	default:
		b = append(b, `,"releases":[`...)
		for i, a := range answers {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendCells(append(b, '{'), c.Releases.Tables[i], a), '}')
		}
		b = append(b, ']')
	}
	for i, w := range c.Warnings {
		if i == 0 {
			b = append(b, `,"warnings":[`...)
		} else {
			b = append(b, ',')
		}
		b = jsoncases.AppendString(b, w)
	}
	if len(c.Warnings) > 0 {
		b = append(b, ']')
	}
	return append(b, "}\n"...)
}

// appendCells writes the cells of a table in their order.
func appendCells(b []byte, t suppress.Table, a suppress.Answer) []byte {
	b = append(b, `"cells":[`...)
	for i, o := range a {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"key":[`...)
		for k, code := range t.Cells[i].Key {
			if k > 0 {
				b = append(b, ',')
			}
			b = jsoncases.AppendString(b, code)
		}
		b = append(b, `],"n":`...)
		switch o.Why {
		case suppress.Shown:
			b = strconv.AppendInt(b, int64(o.N), 10)
			b = append(b, `,"why":null}`...)
		case suppress.Primary:
			b = append(b, `null,"why":"primary"}`...)
		case suppress.Secondary:
			b = append(b, `null,"why":"secondary"}`...)
		}
	}
	return append(b, ']')
}
