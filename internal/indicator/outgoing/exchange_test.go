package outgoing_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data/mappings"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/outgoing"
	"github.com/baqylau/baqylau/internal/intake/mapping"

	"github.com/baqylau/baqylau/internal/access"
)

// statement is what must survive a journey: the cell, its number or why there is none, and how it is meant.
func statement(o *indicator.Observation) string {
	v := "-"
	if o.Value != nil {
		v = strconv.FormatFloat(*o.Value, 'g', -1, 64)
	}
	return strings.Join([]string{o.Cell(), o.Unit, v, string(o.Absence), string(o.Qualifier), strconv.FormatBool(o.Provisional), o.Note}, "|")
}

// What is written in each format comes back through the product's one importer as it went: cells, numbers, zero and four absences, qualifiers, what is provisional.
func TestFiguresComeBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.record(figure("seizures_quantity", 14206.49, unit("kg"), drug("1.1")), figure("seizures_quantity", 0, unit("kg"), drug("opium")), figure("seizures_quantity", 12, unit("tablets"), drug("ecstasy_total")),
			figure("seizures_number", 0, drug("1.2"), absent(indicator.NotCollected)), figure("seizures_number", 0, drug("1.3"), absent(indicator.NotKnown)),
			figure("seizures_number", 0, drug("1.4"), absent(indicator.NotApplicable)), figure("seizures_number", 0, drug("2"), absent(indicator.Suppressed)),
			figure("pwid_estimate", 94600, unit("persons"), func(o *indicator.Observation) {
				o.Qualifier, o.Provisional, o.Note, o.Age, o.Sex = indicator.About, true, "from the ministry's letter", "15-64", "female"
			}),
			figure("offenders", 31, unit("persons"), func(o *indicator.Observation) { o.Age = "<18" }), figure("offenders", 8, unit("persons"), func(o *indicator.Observation) { o.Age = "65+" }),
			figure("offences_registered", 41, unit("offences"), func(o *indicator.Observation) { o.Breakdown = indicator.Breakdown{"article": "297"} }),
			figure("drug_crimes_registered", 2388, period("2025-01-01", "2025-08-31")))
		want := map[string]string{}
		all, err := indicator.Find(t.Context(), h.w.DB.Read, indicator.Question{AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil {
			t.Fatal(err)
		}
		for i := range all {
			want[all[i].Cell()] = statement(&all[i])
		}
		for n, c := range []struct {
			format, mapping string
			lost            []string // cells that the format has no words for
		}{{"dhis2-json", "centre-dhis2", []string{"drug_crimes_registered"}}, {"dhis2-xml", "centre-dhis2", []string{"drug_crimes_registered"}}, {"dhis2-csv", "centre-dhis2", []string{"drug_crimes_registered"}},
			{"adx", "centre-adx", nil}, {"sdmx-csv-1", "sdmx-csv", []string{"offences_registered"}}, {"sdmx-csv-2", "sdmx-csv", []string{"offences_registered"}}} {
			x, err := h.s.Exchange(t.Context(), epidemiology, outgoing.Wanted{AsOf: baqylau.MustDate("2026-03-02"), Format: c.format})
			if err != nil {
				t.Fatal(c.format, err)
			}
			if x.LeftOut != len(c.lost) || x.Figures != len(want)-len(c.lost) {
				t.Errorf("%s: %d figures, %d left out", c.format, x.Figures, x.LeftOut)
			}
			back := h.importBack(x, c.mapping, "b"+strconv.Itoa(n))
			for cell, said := range want {
				lost := false
				for _, l := range c.lost {
					lost = lost || strings.HasPrefix(cell, l+"|")
				}
				if got := back[cell]; !lost && got != said || lost && got != "" {
					t.Errorf("%s:\n%s came back as\n%s", c.format, said, got)
				}
			}
		}
	})
}

// importBack reads a file as an import of its own source does, and gives what it says by cell.
func (h *house) importBack(x *outgoing.Exchange, name, batch string) map[string]string {
	h.t.Helper()
	raw, err := mappings.FS.ReadFile(name + ".yaml")
	if err != nil {
		h.t.Fatal(err)
	}
	m, err := mapping.Parse(raw)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := m.Open(bytes.NewReader(x.Body), x.Name, mapping.Today(baqylau.MustDate("2026-03-02")))
	if err != nil {
		h.t.Fatal(err, string(x.Body))
	}
	defer func() { _ = r.Close() }()
	if _, err := h.w.DB.Write.ExecContext(h.t.Context(), `INSERT INTO batch (id, ref, no, source_id, mapping_yaml, org_id, account_id, domain, file_name, file_sha256, state, created_at)
		VALUES (?, ?, ?, 'ministry', '', '', '', 'neutral', 'f', 'x', 'applying', 0)`, batch, "I-"+batch, len(batch)+int(batch[1])); err != nil {
		h.t.Fatal(err)
	}
	origin := mapping.Origin{BatchID: batch, SourceID: "ministry", Country: "KZ", Domain: baqylau.NeutralDomain, Today: baqylau.MustDate("2026-03-02")}
	target := indicator.Target{S: h.s.Figures}
	var rows []*mapping.Row
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			h.t.Fatal(err)
		}
		for i := range rec.Rows {
			rows = append(rows, &rec.Rows[i])
		}
	}
	if err := target.Check(h.t.Context(), origin, rows); err != nil {
		h.t.Fatal(err)
	}
	for _, row := range rows {
		for _, p := range row.Problems {
			h.t.Errorf("%s: %v: %+v", x.Name, row.Values, p)
		}
		row.Values["citation"] = batch // a statement of its own beside the first
	}
	if err := h.w.Do(h.t.Context(), access.TheSystem(), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("batch", batch, "", nil)
		return target.Apply(ctx, tx, origin, rows)
	}); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.w.DB.Write.ExecContext(h.t.Context(), "UPDATE batch SET state = 'applied' WHERE id = ?", batch); err != nil {
		h.t.Fatal(err)
	}
	all, err := indicator.Find(h.t.Context(), h.w.DB.Read, indicator.Question{AsOf: baqylau.MustDate("2026-03-02")})
	if err != nil {
		h.t.Fatal(err)
	}
	out := map[string]string{}
	for i := range all {
		if all[i].BatchID == batch {
			out[all[i].Cell()] = statement(&all[i])
		}
	}
	if _, err := h.w.DB.Write.ExecContext(h.t.Context(), "UPDATE batch SET state = 'undone' WHERE id = ?", batch); err != nil {
		h.t.Fatal(err)
	}
	return out
}

// What the public may not see leaves as suppressed, without its number, in every format; made-up figures say so in the name and beside the number.
func TestNothingHiddenLeaves(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.record(figure("oat_clients", 3, unit("persons")), figure("seizures_number", 987654, func(o *indicator.Observation) { o.Synthetic = true }))
		all, err := indicator.Find(t.Context(), h.w.DB.Read, indicator.Question{Indicators: []string{"oat_clients"}, AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil || len(all) != 1 {
			t.Fatal(err)
		}
		h.hidden[all[0].ID] = true
		for _, f := range outgoing.Formats {
			res := h.visit(epidemiology, baqylau.English, "/outgoing/exchange/file?format="+f)
			body := res.Body.String()
			if res.Code != http.StatusOK || !strings.Contains(res.Header().Get("Content-Disposition"), "synthetic") {
				t.Errorf("%s: %d %v %.300s", f, res.Code, res.Header(), body)
			}
			if f != "sdmx-structure" && (!strings.Contains(body, "987654") || !strings.Contains(body, "synthetic data") || strings.Contains(body, `"3"`) || strings.Contains(body, ",3,")) {
				t.Errorf("%s: %s", f, body)
			}
		}
		for _, l := range baqylau.Langs {
			if page := h.visit(epidemiology, l, "/outgoing/exchange?from=2020&to=2025"); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "format=sdmx-csv-2") {
				t.Errorf("%s: %d", l, page.Code)
			}
		}
		if none := h.visit(epidemiology, baqylau.English, "/outgoing/exchange/file?format=sdmx-structure&from=1971&to=1971"); none.Code != http.StatusUnprocessableEntity || !strings.Contains(none.Body.String(), "no figures in this choice") {
			t.Errorf("the structure of no figures: %d", none.Code)
		}
		if bad := h.visit(epidemiology, baqylau.English, "/outgoing/exchange/file?format=pdf"); bad.Code < 400 || bad.Code >= 500 {
			t.Errorf("%d", bad.Code)
		}
	})
}
