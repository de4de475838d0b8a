package intake

import (
	"cmp"
	"errors"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// What the page shows of a table to tell it by, and how far a mapping is tried.
const (
	shownColumns = 12
	triedRows    = 20
)

// chooseView is the page on which a received file meets its mapping.
type chooseView struct {
	action, make    string // addresses of this page, and of the one that makes a mapping for the file
	file            string
	fits            []ui.Option
	mapping, source string
	misfits         []misfit
	sources         []ui.Option
	columns         ui.Table
	more            int // columns that are not shown
	lines           []ui.FieldError
}

// misfit is a saved mapping that cannot read the file, and why.
type misfit struct{ key, title, why string }

// fit is a mapping that reads the beginning of a file.
type fit struct {
	savedMapping
	good, tried int
}

func (s *Service) showChoice(c *web.Ctx) error {
	u, err := s.draft(c)
	if err != nil {
		return err
	}
	return s.choicePage(c, u, url.Values{}, nil)
}

// doChoice imports the received file by the mapping that was chosen; the file stays for another try.
func (s *Service) doChoice(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	u, err := s.draft(c)
	if err != nil {
		return err
	}
	back := func(err error) error { return s.choicePage(c, u, f.Values, err) }
	m, err := s.mappingByKey(c, f.Get("mapping"))
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return back(err)
	}
	if err != nil {
		return err
	}
	in, err := s.copyDraft(u)
	if err != nil {
		return err
	}
	return s.importUpload(c, in, m.id, m.yaml, f.Get("source"), back)
}

// copyDraft is the received file, with its second one if there is one, as an upload of its own.
func (s *Service) copyDraft(u *upload) (*upload, error) {
	file, err := os.Open(u.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, baqylau.E(baqylau.NotFound, "mapping.draft_gone")
	}
	if err != nil {
		return nil, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	defer file.Close()
	in := &upload{name: u.name}
	var join io.Reader // a nil file in an interface would not be nil
	if j, err := os.Open(u.path + joinSuffix); err == nil {
		defer j.Close()
		join = j
	}
	in.kept, err = s.receive(file, join)
	return in, err
}

func (s *Service) choicePage(c *web.Ctx, u *upload, form url.Values, failed error) error {
	sm, err := s.sample(u.path, u.name, "")
	if err != nil {
		return err
	}
	saved, err := s.mappings(c)
	if err != nil {
		return err
	}
	sources, err := s.sourceOptions(c)
	if err != nil {
		return err
	}
	v := chooseView{action: c.R.URL.RequestURI(), make: "/mappings/new/" + c.Path("draft") + "?file=" + url.QueryEscape(u.name), file: u.name,
		mapping: form.Get("mapping"), source: form.Get("source"), sources: sources, lines: ui.FieldErrors(c.Context(), failed)}
	fits, misfits := s.fits(c, u, saved)
	for _, f := range fits {
		v.fits = append(v.fits, ui.Option{Value: f.key(), Label: f.title(c), Help: c.T("import.choose.reads", "Good", locale.Int(c.Context(), f.good), "Tried", locale.Int(c.Context(), f.tried))})
	}
	if v.mapping == "" && len(fits) > 0 {
		v.mapping = fits[0].key()
	}
	v.misfits = misfits
	v.columns = ui.Table{Caption: c.T("mapping.columns"), Columns: []ui.Column{{Label: c.T("mapping.in_file"), Main: true}, {Label: c.T("mapping.first_rows")}}}
	for i, title := range sm.Header[:min(len(sm.Header), shownColumns)] {
		v.columns.Rows = append(v.columns.Rows, ui.Row{Cells: []templ.Component{ui.Text(cmp.Or(strings.TrimSpace(title), "–")), ui.Text(firstCells(sm.Rows, i))}})
	}
	v.more = len(sm.Header) - len(v.columns.Rows)
	page := web.Page{Title: u.name, Room: "/imports", Kind: ui.Narrow, Body: choosePage(v)}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

// fits tries every mapping on the beginning of the file: those that read rows of it, the best first and one's own before shipped ones, and the
// saved ones that do not, with the reason, for a source that renamed a column.
func (s *Service) fits(c *web.Ctx, u *upload, saved []savedMapping) (fits []fit, misfits []misfit) {
	today := change.Today(c.Now())
	for _, m := range saved {
		good, tried, err := s.try(u, m, today)
		switch {
		case good > 0:
			fits = append(fits, fit{m, good, tried})
		case m.id == "": // a shipped one is about another source
		case err != nil:
			misfits = append(misfits, misfit{m.key(), m.title(c), locale.Err(c.Context(), err)})
		default:
			misfits = append(misfits, misfit{m.key(), m.title(c), c.T("import.choose.no_row")})
		}
	}
	slices.SortStableFunc(fits, func(a, b fit) int { return cmp.Compare(b.good, a.good) })
	return fits, misfits
}

// try counts the faultless among the first rows that a mapping reads of a file.
func (s *Service) try(u *upload, m savedMapping, today baqylau.Date) (good, tried int, err error) {
	rd, err := s.openBatch(Batch{MappingYAML: m.yaml, FilePath: u.path, FileName: u.name}, today)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	for ; tried < triedRows; tried++ {
		var rec mapping.Record
		if rec, err = rd.Next(); errors.Is(err, io.EOF) {
			return good, tried, nil
		} else if err != nil {
			return good, tried, err
		}
		if !rec.Faulty() {
			good++
		}
	}
	return good, tried, nil
}
