package lab

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
)

// fileRows and faultsShown bound a file of results and how many of its faults are told at once.
const (
	fileRows    = 5000
	faultsShown = 50
)

// columns are the columns of a file of results, each with the headers by which it is known, as locale.Fold leaves them.
var columns = []struct {
	name     string
	required bool
	headers  []string
}{
	{"sample", true, []string{"sample", "sample_ref", "sample number", "образец", "номер образца", "проба", "үлгі", "үлгі нөмірі", "сынама"}},
	{"substance", true, []string{"substance", "вещество", "зат"}},
	{"level", true, []string{"level", "identification level", "уровень", "уровень идентификации", "деңгей", "сәйкестендіру деңгейі"}},
	{"technique", true, []string{"technique", "techniques", "method", "метод", "методы", "әдіс", "әдістер"}},
	{"standard", false, []string{"standard", "reference standard", "стандарт", "стандартный образец", "стандартты үлгі"}},
	{"purity", false, []string{"purity", "purity %", "чистота", "чистота %", "тазалық", "тазалығы", "тазалық %"}},
	{"role", false, []string{"role", "роль", "рөл", "рөлі"}},
	{"analysed", false, []string{"analysed", "analysed on", "date", "дата", "дата анализа", "күні", "талдау күні"}},
}

// line is one row of a file: the cells by column name, and the day of analysis read as a date.
type line struct {
	row      int
	cells    map[string]string
	analysed baqylau.Date
}

// EnterFile enters the results of a CSV or XLSX file for many samples of the actor's laboratory: one row per substance and sample,
// columns found by their headers in any of the three languages. All rows are taken or none; with submit the samples go to review
// at once. Code Invalid: a file that cannot be read, a missing column, or Errors with one line for each faulty row.
func (s *Service) EnterFile(ctx context.Context, actor access.Actor, name string, content io.ReadSeeker, submit bool) (samples int, err error) {
	defer baqylau.Wrap(&err, "lab.EnterFile")
	if err := access.Check(actor, access.LabWrite); err != nil {
		return 0, err
	}
	heads, lines, err := readLines(name, content, change.Today(s.W.Now()))
	if err != nil {
		return 0, err
	}
	err = s.W.Do(ctx, actor, access.LabWrite, func(ctx context.Context, tx *change.Tx) error {
		open, err := openNumbers(ctx, tx, actor.OrgID)
		if err != nil {
			return err
		}
		rd := &rowReader{ctx: locale.With(ctx, actor.Lang), s: s, heads: heads, open: open, today: tx.Today(), actor: actor.ID, seen: map[string]bool{}}
		for _, l := range lines {
			rd.read(l)
		}
		if len(rd.errs) > 0 {
			return rd.errs[:min(len(rd.errs), faultsShown)]
		}
		for _, id := range rd.order {
			if err := s.enterAll(ctx, tx, id, rd.results[id], rd.days[id], submit); err != nil {
				return err
			}
		}
		samples = len(rd.order)
		tx.Subject("lab_file", actor.OrgID, actor.OrgID, map[string]any{"rows": len(lines), "samples": samples, "submit": submit})
		return nil
	})
	return samples, err
}

// enterAll adds the results of one sample.
func (s *Service) enterAll(ctx context.Context, tx *change.Tx, id string, results []Result, analysed baqylau.Date, submit bool) error {
	a, _, err := load(ctx, tx, access.LabWrite, id)
	if err != nil {
		return err
	}
	all := a.Results
	for _, r := range results {
		all = add(all, r)
	}
	if err := save(ctx, tx, a, all, analysed); err != nil || !submit {
		return err
	}
	a.Results, a.State = all, InAnalysis
	return s.submit(ctx, tx, a)
}

// readLines finds the columns and reads every row, by the reader that imports use: encodings, delimiters, workbooks and limits are its matter.
func readLines(name string, content io.ReadSeeker, today baqylau.Date) (heads map[string]string, lines []line, err error) {
	sample, err := mapping.Preview(content, name, "", 1)
	if err != nil {
		return nil, nil, err
	}
	heads = map[string]string{}
	for _, c := range columns {
		i := slices.IndexFunc(sample.Header, func(h string) bool {
			return slices.ContainsFunc(c.headers, func(known string) bool { return locale.Fold(known) == locale.Fold(h) })
		})
		if i >= 0 {
			heads[c.name] = sample.Header[i]
		} else if c.required {
			return nil, nil, baqylau.E(baqylau.Invalid, "lab.file.column", "Column", c.name).On("file")
		}
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return nil, nil, err
	}
	m := &mapping.Mapping{Name: "lab", File: mapping.File{Sheet: sample.Sheet, HeaderRow: sample.HeaderRow}, Substances: []mapping.Substance{{Column: heads["substance"], As: mapping.Text}},
		Fields: map[string]mapping.Field{"kind": {Picks: []mapping.Pick{{Value: "collected_sample"}}}, // a mapping has to name a kind; here it means nothing
			"occurred": {Picks: []mapping.Pick{{Column: cmp.Or(heads["analysed"], "-"), Optional: true, Formats: []string{"YYYY-MM-DD", "DD.MM.YYYY"}}}}}}
	for _, h := range heads {
		m.Extra = append(m.Extra, h)
	}
	rd, err := m.Open(content, name, mapping.Today(today))
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	var es baqylau.Errors
	for {
		rec, err := rd.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if len(lines) == fileRows {
			return nil, nil, baqylau.E(baqylau.Invalid, "lab.file.large", "Limit", fileRows).On("file")
		}
		for _, p := range rec.Problems {
			if !p.Warning && p.Key != "import.value.missing" { // no day of analysis means today; what else is missing, the rows' own reader tells
				es = append(es, p.Err().On("file"))
			}
		}
		l := line{row: rec.Row, cells: map[string]string{}, analysed: rec.Occurred}
		for column, h := range heads {
			l.cells[column] = strings.TrimSpace(rec.Extra[h])
		}
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		es = append(es, baqylau.E(baqylau.Invalid, "import.file.empty").On("file"))
	}
	return heads, lines, es.OrNil()
}

// numberKey makes sample numbers comparable.
func numberKey(ref string) string { return strings.ToLower(strings.Join(strings.Fields(ref), "")) }
