package web

import (
	"math/big"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// Form reads the fields of a submitted form, trims them, and collects what is wrong; the values stay at hand so that the page
// can be shown again exactly as it was typed.
type Form struct {
	Values map[string][]string
	Errors baqylau.Errors
	Lang   baqylau.Lang // of the page; numbers are read as it writes them
}

// maxForm bounds a form without files.
const maxForm = 1 << 20

// ReadForm parses the body of a POST (urlencoded or multipart up to maxBytes of files kept in memory; 0 means no files).
// Codes: TooMany when it is larger than allowed, Invalid when it cannot be parsed.
func (c *Ctx) ReadForm(maxBytes int64) (*Form, error) {
	c.R.Body = http.MaxBytesReader(c.W, c.R.Body, maxForm+maxBytes)
	var err error
	if strings.HasPrefix(c.R.Header.Get("Content-Type"), "multipart/form-data") {
		err = c.R.ParseMultipartForm(maxForm + maxBytes)
	} else {
		err = c.R.ParseForm()
	}
	if err != nil {
		if strings.Contains(err.Error(), "too large") {
			return nil, baqylau.E(baqylau.TooMany, "error.too_large").Because(err)
		}
		return nil, baqylau.E(baqylau.Invalid, "error.form").Because(err)
	}
	for name, values := range c.R.PostForm {
		for _, v := range append(values, name) {
			if !utf8.ValidString(v) || strings.IndexByte(v, 0) >= 0 { // no browser sends them and no database takes them
				return nil, baqylau.E(baqylau.Invalid, "error.characters").On(name)
			}
		}
	}
	return &Form{Values: c.R.PostForm, Lang: locale.Lang(c.Context())}, nil
}

// Get is the trimmed first value of a field.
func (f *Form) Get(name string) string {
	if v := f.Values[name]; len(v) > 0 {
		return strings.TrimSpace(v[0])
	}
	return ""
}

// All is every value of a field, trimmed, empty ones left out.
func (f *Form) All(name string) []string {
	var out []string
	for _, v := range f.Values[name] {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Bad records an error at a field.
func (f *Form) Bad(name, key string, args ...any) {
	f.Errors = append(f.Errors, baqylau.E(baqylau.Invalid, key, args...).On(name))
}

// Text is a field of at most max characters; required fields must not be empty. Control characters other than line breaks and tabs are refused.
func (f *Form) Text(name string, required bool, max int) string {
	v := strings.ReplaceAll(f.Get(name), "\r\n", "\n")
	switch {
	case v == "" && required:
		f.Bad(name, "error.required")
	case utf8.RuneCountInString(v) > max:
		f.Bad(name, "error.too_long", "Max", max)
	case !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\t' || r == 0x7f }):
		f.Bad(name, "error.characters")
	}
	return v
}

// Choice is a field whose value must be in list; "" is allowed unless required.
func (f *Form) Choice(name string, required bool, list ...string) string {
	v := f.Get(name)
	if v == "" && !required {
		return ""
	}
	if v == "" {
		f.Bad(name, "error.choose")
	} else if !slices.Contains(list, v) {
		f.Bad(name, "error.choice")
	}
	return v
}

// Choices is a field with several values, each in list.
func (f *Form) Choices(name string, list ...string) []string {
	vs := f.All(name)
	for _, v := range vs {
		if !slices.Contains(list, v) {
			f.Bad(name, "error.choice")
			break
		}
	}
	return vs
}

// Date is an ISO date field, not after today (the centre's day) and not before 1900.
func (f *Form) Date(name string, required bool, today baqylau.Date) (baqylau.Date, baqylau.Precision) {
	v := f.Get(name)
	if v == "" {
		if required {
			f.Bad(name, "error.required")
		}
		return baqylau.Date{}, baqylau.Day
	}
	d, p, err := baqylau.ParseDate(v)
	switch {
	case err != nil:
		f.Bad(name, "error.date", "value", v)
	case d.After(today):
		f.Bad(name, "error.date_future")
	case d.Before(baqylau.NewDate(1900, 1, 1)):
		f.Bad(name, "error.date_old")
	}
	return d, p
}

// Decimal is a non-negative number of at most 12 digits before and 6 after the point, returned exactly as text with a point; it is read as the language of the page
// writes it (locale.Plain).
func (f *Form) Decimal(name string, required bool) string {
	v, _ := locale.Plain(f.Lang, f.Get(name))
	if v == "" {
		if required {
			f.Bad(name, "error.required")
		}
		return ""
	}
	whole, frac, _ := strings.Cut(v, ".")
	r, ok := new(big.Rat).SetString(v)
	switch {
	case !ok || strings.ContainsAny(v, "eE/xX_+"):
		f.Bad(name, "error.number")
	case r.Sign() < 0:
		f.Bad(name, "error.negative")
	case len(whole) > 12 || len(frac) > 6:
		f.Bad(name, "error.number_size")
	}
	return v
}

// Int is a whole number between low and high; "" gives low-1 when not required.
func (f *Form) Int(name string, required bool, low, high int) int {
	v := f.Get(name)
	if v == "" {
		if required {
			f.Bad(name, "error.required")
		}
		return low - 1
	}
	n, ok := new(big.Int).SetString(v, 10)
	if !ok || !n.IsInt64() || n.Int64() < int64(low) || n.Int64() > int64(high) {
		f.Bad(name, "error.range", "Low", low, "High", high)
		return low - 1
	}
	return int(n.Int64())
}

// Bool is a checkbox.
func (f *Form) Bool(name string) bool { return f.Get(name) != "" }

// Err is the collected errors, or nil.
func (f *Form) Err() error { return f.Errors.OrNil() }
