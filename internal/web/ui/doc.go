// Package ui is the design system: templ components that turn plain data into HTML. They read no database and no request; what
// they need of the reader (language, zone) comes from the context, and every word from the caller or the catalogue.
//
// Pages obey a strict content security policy: no inline script, no style attribute. Everything here works without scripts for
// reading and for sending a form; the script only adds to it. docs/design-system.md tells how to build a page.
package ui

//go:generate go tool templ generate
