package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/web/export"
)

type exportCmd struct {
	database
	What   string `arg:"" help:"reports, findings, occurrences, series or signals." enum:"reports,findings,occurrences,series,signals"`
	Format string `help:"csv, or json for JSON lines." default:"csv" enum:"csv,json"`
	JSON   bool   `name:"json" help:"The same as --format=json."`
}

// exports are the tables an operator may take out, without pseudonyms, texts of questions or names of accounts.
var exports = map[string]string{
	"reports": `SELECT r.receipt, r.kind, r.channel, r.state, r.domain, r.country, COALESCE(r.region,'') AS region, r.place_type, COALESCE(r.occurred_on,'') AS occurred_on,
		r.occurred_precision, r.known_on, r.sex, r.age_band, r.fatal, r.text, s.code AS source FROM report r JOIN source s ON s.id = r.source_id
		WHERE ` + intake.Visible("r") + ` AND r.superseded_on IS NULL ORDER BY r.recorded_at, r.id`,
	"findings": `SELECT r.receipt, o.ref AS occurrence, COALESCE(s.name,'') AS substance, COALESCE(s.inchikey,'') AS inchikey, COALESCE(f.family,'') AS family, f.unidentified,
		f.role, f.level, f.confidence, f.known_on, COALESCE(f.superseded_on,'') AS superseded_on FROM finding f JOIN report r ON r.id = f.report_id
		JOIN occurrence o ON o.id = f.occurrence_id LEFT JOIN substance s ON s.id = f.substance_id WHERE ` + intake.Visible("r") + ` ORDER BY f.id`,
	"occurrences": `SELECT o.ref, o.country, COALESCE(o.region,'') AS region, COALESCE(o.occurred_on,'') AS occurred_on, o.known_on, COALESCE(m.ref,'') AS merged_into
		FROM occurrence o LEFT JOIN occurrence m ON m.id = o.merged_into WHERE ` + intake.Visible("o") + ` ORDER BY o.id`,
	"series": `SELECT country, region, dim, dim_id, kind, week, known_on, SUM(n) AS n FROM series_cell WHERE ` + series.Revealed + `
		GROUP BY country, region, dim, dim_id, kind, week, known_on HAVING SUM(n) <> 0 ORDER BY country, dim, dim_id, week, known_on`,
	"signals": `SELECT s.ref, s.type, s.country, COALESCE(s.region,'') AS region, COALESCE(x.name,'') AS substance, COALESCE(s.family,'') AS family, s.raised_on,
		COALESCE(s.first_event_on,'') AS first_event_on, s.events, s.priority, s.confidence, s.state FROM signal s LEFT JOIN substance x ON x.id = s.substance_id ORDER BY s.raised_on, s.id`,
}

// Run streams one table; taking data out is an act of the journal.
func (c *exportCmd) Run(r *run) error {
	return c.withApp(r, func(a *app.App) error {
		err := a.Writer.Do(r.ctx, access.TheSystem(), access.ExportRun, func(_ context.Context, tx *change.Tx) error {
			tx.Subject("export", c.What, "", map[string]any{"command": true})
			return nil
		})
		if err != nil {
			return err
		}
		rows, err := a.DB.Read.QueryContext(r.ctx, exports[c.What])
		if err != nil {
			return err
		}
		defer rows.Close()
		head, err := rows.Columns()
		if err != nil {
			return err
		}
		out := bufio.NewWriter(r.out)
		cells := make([]any, len(head))
		for i := range cells {
			cells[i] = new(any)
		}
		write := c.writer(out, head)
		for rows.Next() {
			if err := rows.Scan(cells...); err != nil {
				return err
			}
			if err := write(cells); err != nil {
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return out.Flush()
	})
}

func (c *exportCmd) writer(out *bufio.Writer, head []string) func([]any) error {
	value := func(p any) any {
		v := *p.(*any)
		if b, ok := v.([]byte); ok {
			return string(b)
		}
		return v
	}
	if c.JSON || c.Format == "json" {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		return func(cells []any) error {
			m := make(map[string]any, len(head))
			for i, h := range head {
				m[h] = value(cells[i])
			}
			return enc.Encode(m)
		}
	}
	w := csv.NewWriter(out)
	started := false
	return func(cells []any) error {
		if !started {
			started = true
			if err := w.Write(head); err != nil {
				return err
			}
		}
		line := make([]string, len(head))
		for i := range head {
			line[i] = export.Guard(strings.ToValidUTF8(fmt.Sprint(value(cells[i])), "\uFFFD"))
		}
		if err := w.Write(line); err != nil {
			return err
		}
		w.Flush()
		return w.Error()
	}
}
