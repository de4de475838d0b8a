package ui

import "github.com/a-h/templ"

func ticksOf(c Chart) []float64 { ticks, _ := c.scale(); return ticks }

// labelClass tells where the label of category i shows: "" always, "wide-x" on wide drawings, "none" never.
func labelClass(c Chart, i int) string {
	wide, narrow := c.labelled(i)
	switch {
	case narrow:
		return ""
	case wide:
		return "wide-x"
	}
	return "none"
}

func limitAttributes(c Chart) templ.Attributes {
	if c.Limit == nil {
		return nil
	}
	return templ.Attributes{"data-limit": machine(c.Limit.Value), "data-limit-name": c.Limit.Name}
}

func provisionalAttribute(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"data-provisional": true}
	}
	return nil
}

func looseAttribute(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"data-loose": true}
	}
	return nil
}
