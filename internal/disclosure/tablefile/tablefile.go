// Package tablefile reads tables and releases in the forms disclosure-table/1 and disclosure-releases/1 and writes which of their cells may be shown, one line of JSON for each
// file. The forms are described in docs/methods/disclosure.md.
package tablefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/jsoncases"
)

// The forms.
const (
	TableForm    = "disclosure-table/1"
	ReleasesForm = "disclosure-releases/1"
)

const invalid = "disclosure: invalid_table"

// Case is what a file holds: one table, or several with their links.
type Case struct {
	ID       string
	Single   bool
	Releases suppress.Releases
	Warnings []string // what of the file was not used
}

// Process answers every case of in and writes one line each to out, in the order of the input: see jsoncases.Process.
func Process(out io.Writer, in io.Reader, name string, workers int) (bad int, err error) {
	return jsoncases.Process(out, in, name, workers, func(b, text []byte, where string) ([]byte, bool) {
		c, err := Decode(text)
		var answers []suppress.Answer
		if err == nil {
			answers, err = suppress.ProtectAll(c.Releases, suppress.Publication)
			if f, ok := errors.AsType[*suppress.Fault](err); ok {
				err = &jsoncases.Fault{Code: invalid, Field: f.Where, Say: f.Say}
			}
		}
		jsoncases.Locate(err, where)
		return c.appendLine(b, answers, err), err == nil
	})
}

type table struct {
	Dimensions []json.RawMessage
	Cells      []json.RawMessage
	Rule       json.RawMessage
}

type dimension struct {
	Name    string
	Codes   []string
	Total   string
	Parents map[string]string
}

type cell struct {
	Key []string
	N   int
}

type rule struct {
	Threshold int
	Round     int
}

// Decode reads one case. The error is a *jsoncases.Fault.
func Decode(text []byte) (Case, error) {
	var c Case
	d := &jsoncases.Decoder{Form: TableForm, Code: invalid}
	err := c.decode(d, text)
	c.Warnings = d.Warnings
	return c, err
}

func (c *Case) decode(d *jsoncases.Decoder, text []byte) error {
	members := map[string]json.RawMessage{}
	if trimmed := bytes.TrimSpace(text); json.Valid(trimmed) && trimmed[0] == '{' {
		members = jsoncases.Members(trimmed)
	}
	_, several := members["releases"]
	if several {
		d.Form = ReleasesForm
	}
	var file struct {
		jsoncases.Head
		table
		Releases []json.RawMessage
		Links    []json.RawMessage
		Sequence bool
	}
	err := d.Case(text, &file.Head, &file)
	if c.ID = file.ID; err != nil {
		return err
	}
	if c.Single = !several; c.Single {
		t, err := file.read(d, "")
		c.Releases.Tables = []suppress.Table{t}
		return err
	}
	c.Releases.Sequence = file.Sequence
	for i, raw := range file.Releases {
		at := fmt.Sprintf("releases[%d].", i)
		var t table
		if err := d.Object(raw, &t, invalid, at, "", "schema", "id"); err != nil {
			return err
		}
		read, err := t.read(d, at)
		if err != nil {
			return err
		}
		c.Releases.Tables = append(c.Releases.Tables, read)
	}
	return c.links(d, file.Links)
}

func (t table) read(d *jsoncases.Decoder, at string) (suppress.Table, error) {
	var out suppress.Table
	for i, raw := range t.Dimensions {
		var v dimension
		if err := d.Object(raw, &v, invalid, fmt.Sprintf("%sdimensions[%d].", at, i), ""); err != nil {
			return out, err
		}
		out.Dimensions = append(out.Dimensions, suppress.Dimension(v))
	}
	out.Cells = make([]suppress.Cell, 0, len(t.Cells))
	for i, raw := range t.Cells {
		var v cell
		field := fmt.Sprintf("%scells[%d]", at, i)
		if err := d.Object(raw, &v, invalid, field+".", ""); err != nil {
			return out, err
		}
		if _, ok := jsoncases.Members(raw)["n"]; !ok || jsoncases.IsNull(jsoncases.Members(raw)["n"]) {
			return out, &jsoncases.Fault{Code: invalid, Field: field, Say: "has no count n; give one, 0 where there is nobody"}
		}
		out.Cells = append(out.Cells, suppress.Cell(v))
	}
	v := rule{Threshold: -1}
	if err := d.Object(t.Rule, &v, invalid, at+"rule.", ""); err != nil {
		return out, err
	}
	if v.Threshold < 0 {
		return out, &jsoncases.Fault{Code: invalid, Field: at + "rule", Say: "has no threshold; give the smallest count that is shown, for example 5"}
	}
	out.Rule = suppress.Rule(v)
	return out, nil
}

func (c *Case) links(d *jsoncases.Decoder, raws []json.RawMessage) error {
	for i, raw := range raws {
		at := fmt.Sprintf("links[%d].", i)
		var v struct {
			Total json.RawMessage
			Parts []json.RawMessage
		}
		if err := d.Object(raw, &v, invalid, at, ""); err != nil {
			return err
		}
		total, err := ref(v.Total, at+"total")
		if err != nil {
			return err
		}
		l := suppress.Link{Total: total}
		for k, p := range v.Parts {
			part, err := ref(p, fmt.Sprintf("%sparts[%d]", at, k))
			if err != nil {
				return err
			}
			l.Parts = append(l.Parts, part)
		}
		c.Releases.Links = append(c.Releases.Links, l)
	}
	return nil
}

// ref reads [release, [code, …]].
func ref(raw json.RawMessage, field string) (suppress.Ref, error) {
	var (
		r    suppress.Ref
		pair []json.RawMessage
	)
	if json.Unmarshal(raw, &pair) == nil && len(pair) == 2 && json.Unmarshal(pair[0], &r.Release) == nil && json.Unmarshal(pair[1], &r.Key) == nil {
		return r, nil
	}
	return r, &jsoncases.Fault{Code: invalid, Field: field, Say: `is not [release, [code, …]]; give for example [0, ["T", "R01"]]`}
}
