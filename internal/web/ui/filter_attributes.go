package ui

import "github.com/a-h/templ"

// filterRequest lets htmx ask for the list alone while one types or chooses.
func filterRequest(f Filters) templ.Attributes {
	if f.Target == "" {
		return nil
	}
	return templ.Attributes{
		"hx-get": f.Action, "hx-target": f.Target, "hx-push-url": "true", "hx-sync": "this:replace",
		"hx-trigger": "input delay:250ms, change, submit",
	}
}
