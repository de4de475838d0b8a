package ui

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// htmxConfig switches off what the content security policy forbids: styles that htmx would insert, and eval.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"historyCacheSize":0,"scrollBehavior":"instant","selfRequestsOnly":true}`

func rootAttributes(p Page) templ.Attributes {
	a := templ.Attributes{}
	if p.Prefs.Theme != "" {
		a["data-theme"] = p.Prefs.Theme
	}
	if p.Posted {
		a["data-posted"] = true
	}
	if p.Wall {
		a["data-wall"] = true
	}
	if p.Prefs.Keys != "" {
		a["data-keys"] = p.Prefs.Keys
	}
	return a
}

// menuName names the user menu on a phone, where a figure stands for the person.
func menuName(ctx context.Context, u *User) string {
	if u == nil {
		return locale.T(ctx, "ui.settings")
	}
	return locale.T(ctx, "ui.user_menu", "Name", u.Name)
}

func openAttribute(p Page) templ.Attributes {
	if p.Open {
		return templ.Attributes{"data-open": true}
	}
	return nil
}

// current marks the link to the page one is on.
func current(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func currentTrue(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}

func boolText(b bool) string { return strconv.FormatBool(b) }

// langShort and langName are written in the language itself, so that anyone finds theirs on any page.
func langShort(l baqylau.Lang) string {
	return map[baqylau.Lang]string{baqylau.Kazakh: "Қаз", baqylau.Russian: "Рус", baqylau.English: "Eng"}[l]
}

func langName(l baqylau.Lang) string {
	return map[baqylau.Lang]string{baqylau.Kazakh: "Қазақша", baqylau.Russian: "Русский", baqylau.English: "English"}[l]
}
