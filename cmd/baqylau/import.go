package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
)

type importCmd struct {
	database
	Mapping  string `help:"Mapping file." required:"" placeholder:"FILE.yaml"`
	Source   string `help:"Code of the source the rows belong to; by default the mapping's own." placeholder:"NAME"`
	Country  string `help:"Country of a source that is not known yet, ISO 3166-1 alpha-2 or an outside code." placeholder:"CODE"`
	GoodRows bool   `help:"Take the good rows of a file with faults; without it such a file writes nothing."`
	JSON     bool   `name:"json" help:"Print the result as JSON."`
	Join     string `help:"Second file, for mappings that join two." placeholder:"FILE"`
	Data     string `arg:"" help:"CSV or XLSX file, may be gzip-compressed." placeholder:"DATA"`
}

// importResult is what the command prints with --json.
type importResult struct {
	Batch  string        `json:"batch"`
	State  string        `json:"state"`
	Rows   int64         `json:"rows"`
	Good   int64         `json:"good"`
	Bad    int64         `json:"bad"`
	Same   int64         `json:"same"`
	Faults []importFault `json:"faults,omitempty"`
}

type importFault struct {
	Row     int    `json:"row"`
	Column  string `json:"column,omitempty"`
	Message string `json:"message"`
}

// shownFaults bounds what a terminal is shown; the rest is in the database.
const shownFaults = 20

func (c *importCmd) Run(r *run) (err error) {
	yaml, err := readFile(c.Mapping, "import.mapping_file")
	if err != nil {
		return err
	}
	f, err := os.Open(c.Data)
	if err != nil {
		return baqylau.E(baqylau.Invalid, "import.data_file", "File", c.Data).Because(err)
	}
	defer f.Close()
	a, err := c.open(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(r.ctx)) }()
	up := intake.Upload{Name: filepath.Base(c.Data), Content: f, Mapping: yaml, SourceCode: c.Source}
	if c.Join != "" {
		j, err := os.Open(c.Join)
		if err != nil {
			return baqylau.E(baqylau.Invalid, "import.data_file", "File", c.Join).Because(err)
		}
		defer j.Close()
		up.JoinName, up.Join = filepath.Base(c.Join), j
	}
	if err := a.EnsureSource(r.ctx, &up, c.Country); err != nil {
		return err
	}
	b, err := a.Intake.Stage(r.ctx, access.TheSystem(), up)
	if err != nil {
		return err
	}
	if b.State == "staged" && (b.Bad == 0 || c.GoodRows) {
		if err := a.Intake.Start(r.ctx, access.TheSystem(), b.ID, c.GoodRows); err != nil {
			return err
		}
		if err := a.Intake.Apply(r.ctx, b.ID); err != nil {
			return err
		}
		if b, err = a.Intake.BatchByID(r.ctx, a.DB.Read, access.TheSystem(), b.ID); err != nil {
			return err
		}
	}
	return c.report(r, a.Intake, b)
}

// report prints what became of the file; a file with faults that wrote nothing is bad input.
func (c *importCmd) report(r *run, s *intake.Service, b intake.Batch) error {
	res := importResult{Batch: b.Ref, State: b.State, Rows: b.Total, Good: b.Good, Bad: b.Bad, Same: b.SameRows}
	problems, err := intake.Problems(r.ctx, s.W.DB.Read, b.ID, shownFaults)
	if err != nil {
		return err
	}
	for _, p := range problems {
		for _, f := range p.Faults {
			if !f.Warning {
				res.Faults = append(res.Faults, importFault{Row: p.Row, Column: f.Column, Message: locale.Err(r.ctx, f.Err())})
			}
		}
	}
	if c.JSON {
		if err := json.NewEncoder(r.out).Encode(res); err != nil {
			return err
		}
	} else {
		for _, f := range res.Faults {
			fmt.Fprintln(r.errOut, f.Message)
		}
		fmt.Fprintln(r.out, locale.T(r.ctx, "import.result."+b.State, "Batch", b.Ref, "Rows", locale.Int(r.ctx, b.Total), "Good", locale.Int(r.ctx, b.Good),
			"Bad", locale.Int(r.ctx, b.Bad), "Same", locale.Int(r.ctx, b.SameRows)))
	}
	if b.State == "staged" {
		return baqylau.E(baqylau.Invalid, "import.has_faults")
	}
	return nil
}

type undoCmd struct {
	database
	Batch string `arg:"" help:"Reference of the import, for example I-2026-0001."`
}

func (c *undoCmd) Run(r *run) (err error) {
	a, err := c.open(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(r.ctx)) }()
	if err := a.Intake.Undo(r.ctx, access.TheSystem(), strings.TrimSpace(c.Batch)); err != nil {
		return err
	}
	fmt.Fprintln(r.out, locale.T(r.ctx, "import.result.undone", "Batch", c.Batch))
	return nil
}

func readFile(name, key string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, baqylau.E(baqylau.Invalid, key, "File", name).Because(err)
	}
	return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), nil
}
