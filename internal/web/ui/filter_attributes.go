package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// beside are the parts of a list page that follow it: the filter bar itself stays, or whoever types would lose the field.
var beside = []string{"views", "chips", "save", "count", "exports"}

// filterRequest lets htmx ask for the list alone while one types or chooses. It takes the list and what stands beside it out of the answer by their identifiers.
func filterRequest(f Filters) templ.Attributes {
	if f.Target == "" { // the whole page is asked for as soon as something is chosen: with scripts there is no button
		return templ.Attributes{"data-auto": true}
	}
	var follow []string
	for _, part := range beside {
		follow = append(follow, f.Target+"-"+part+":innerHTML")
	}
	return templ.Attributes{
		"hx-get": f.Action, "hx-target": f.Target, "hx-select": f.Target, "hx-select-oob": strings.Join(follow, ","), "hx-swap": "outerHTML",
		"hx-push-url": "true", "hx-sync": "this:replace", "hx-indicator": "closest .list-body",
		"hx-trigger": "input delay:250ms, change, submit",
	}
}

// besideAttribute marks a part that follows the list.
func besideAttribute(f Filters, part string) templ.Attributes {
	if f.Target == "" {
		return nil
	}
	return idAttribute(strings.TrimPrefix(f.Target, "#") + "-" + part)
}
