package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry/recognise"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/signal"
)

type recogniseCmd struct{}

// Run reads one text per line and writes one JSON line each, with the names that ship with the product.
func (recogniseCmd) Run(r *run) error {
	names, err := fs.Sub(data.FS, "substances")
	if err != nil {
		return err
	}
	lex, err := recognise.Load(names)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(r.out)
	in := bufio.NewReaderSize(r.in, 1<<16)
	for {
		line, err := in.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		ended := err != nil
		if ended && line == "" {
			return out.Flush()
		}
		for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
			line = line[:len(line)-1]
		}
		if err := recognise.WriteJSON(out, lex.Recognise(line)); err != nil {
			return err
		}
		if ended {
			return out.Flush()
		}
	}
}

type replayCmd struct {
	database
	From    string `help:"First day whose signals are printed." placeholder:"DATE"`
	To      string `help:"Last day." placeholder:"DATE"`
	Country string `help:"Country or outside place; all that have data by default." placeholder:"CODE"`
	JSON    bool   `name:"json" help:"Print JSON lines (the only form)."`
}

func (c *replayCmd) Run(r *run) (err error) {
	from, _, err := baqylau.ParseDate(c.From)
	if err != nil {
		return err
	}
	to, _, err := baqylau.ParseDate(c.To)
	if err != nil {
		return err
	}
	a, err := c.open(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(r.ctx)) }()
	countries, err := countriesOf(r, a, c.Country)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(r.out)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, country := range countries {
		if err := a.Signals.Replay(r.ctx, country, from, to, func(l signal.Line) error { return enc.Encode(l) }); err != nil {
			return err
		}
	}
	return out.Flush()
}

func countriesOf(r *run, a *app.App, only string) ([]string, error) {
	if only != "" {
		return []string{only}, nil
	}
	return series.Countries(r.ctx, a.DB.Read)
}

type detectCmd struct {
	database
	AsOf    string `help:"Detect with only what was known on this day; today by default." placeholder:"DATE"`
	Country string `help:"Country or outside place; all that have data by default." placeholder:"CODE"`
	JSON    bool   `name:"json" help:"Print JSON."`
}

func (c *detectCmd) Run(r *run) (err error) {
	asOf, _, err := baqylau.ParseDate(c.AsOf)
	if err != nil {
		return err
	}
	a, err := c.open(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(r.ctx)) }()
	if asOf.IsZero() {
		asOf = change.Today(a.Writer.Now())
	}
	countries, err := countriesOf(r, a, c.Country)
	if err != nil {
		return err
	}
	for _, country := range countries {
		res, err := a.Signals.Detect(r.ctx, country, asOf)
		if err != nil {
			return err
		}
		if c.JSON {
			if err := json.NewEncoder(r.out).Encode(map[string]any{"country": country, "as_of": asOf, "run": res}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(r.out, "%s %s %+v\n", country, asOf, res)
	}
	return nil
}
