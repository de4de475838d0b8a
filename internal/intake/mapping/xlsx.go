package mapping

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
)

// workbook is an opened XLSX file. Of its parts only the list of sheets, the shared texts and the sheet that is read are unpacked, and
// those row by row; pictures, macros, links to other files and formulas stay where they are. A library is not used because none
// that was tried tells a sheet that breaks off from one that ends, or bounds what a hostile row takes.
type workbook struct {
	packed  spill
	parts   map[string]*zip.File // by name in lower case
	inside  []sheet              // in tab order
	sheets  []string             // visible ones first, in tab order
	visible int                  // how many of them are not hidden
	shared  *zip.File            // nil when cells hold their texts themselves
	styles  *zip.File            // nil when cells have none
	percent map[string]bool
	texts   *texts
	epoch   bool // dates count from 1904
	limits  Limits
}

// sheet is a sheet's name and where it is; part is nil when the workbook does not hold it.
type sheet struct {
	name string
	part *zip.File
}

// Bounds of the archive around a workbook.
const (
	maxDirectory = 4 << 20 // bytes of the list of parts
	maxList      = 4 << 20 // bytes of the list of sheets, and of that of relationships
	maxStyles    = 32 << 20
)

func openWorkbook(r io.Reader, lim Limits) (_ *workbook, err error) {
	wb := &workbook{limits: lim}
	defer func() {
		if err != nil {
			err = errors.Join(unreadable(err), wb.close())
		}
	}()
	if _, err := io.Copy(&wb.packed, io.LimitReader(r, lim.Packed+1)); err != nil {
		return nil, readError(err)
	}
	if wb.packed.size > lim.Packed {
		return nil, invalid("import.file.large", "limit", lim.Packed>>20)
	}
	if err := wb.packed.done(); err != nil {
		return nil, readError(err)
	}
	if err := wb.directory(); err != nil {
		return nil, err
	}
	if err := wb.list(); err != nil {
		return nil, err
	}
	return wb, wb.weigh()
}

// unreadable is the error of a workbook: our own as it is, any other as a damaged file.
func unreadable(err error) error {
	var own *baqylau.Error
	if errors.As(err, &own) {
		return own
	}
	return invalid("import.file.broken").Because(err)
}

// directory reads the archive's list of parts.
func (wb *workbook) directory() error {
	lens := &bounded{r: &wb.packed, left: maxDirectory}
	z, err := zip.NewReader(lens, wb.packed.size)
	if lens.left < 0 {
		return invalid("import.file.bomb")
	}
	if err != nil {
		return err
	}
	lens.left = 1 << 62
	wb.parts = make(map[string]*zip.File, len(z.File))
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if wb.parts[name] != nil {
			return fmt.Errorf("two parts are called %.100q", name)
		}
		wb.parts[name] = f
	}
	switch {
	case wb.parts["xl/workbook.xml"] != nil:
		return nil
	case wb.parts["xl/workbook.bin"] != nil:
		return invalid("import.file.xls")
	}
	return invalid("import.file.zip")
}

// bounded stops reading after so many bytes: a list of millions of parts is made to exhaust the memory.
type bounded struct {
	r    io.ReaderAt
	left int64
}

// ReadAt reads while something is left.
func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errElement
	}
	return b.r.ReadAt(p, at)
}

// list reads which sheets there are and where.
func (wb *workbook) list() error {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
			Mode   string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(wb.small("xl/workbook.xml", &book), wb.small("xl/_rels/workbook.xml.rels", &links)); err != nil {
		return err
	}
	wb.epoch = book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
	at := map[string]*zip.File{}
	for _, l := range links.List {
		name := path.Join("xl", l.Target)
		if strings.HasPrefix(l.Target, "/") {
			name = l.Target[1:]
		}
		if l.Mode == "External" { // a file elsewhere is never looked for
			continue
		}
		at[l.ID] = wb.parts[strings.ToLower(name)]
		switch {
		case strings.HasSuffix(l.Type, "/sharedStrings"):
			wb.shared = at[l.ID]
		case strings.HasSuffix(l.Type, "/styles"):
			wb.styles = at[l.ID]
		}
	}
	if wb.shared == nil {
		wb.shared = wb.parts["xl/sharedstrings.xml"]
	}
	var hidden []string
	used := map[*zip.File]bool{}
	for _, s := range book.Sheets {
		part := at[s.ID]
		if part != nil && used[part] {
			return fmt.Errorf("two sheets are the part %.100q", part.Name)
		}
		used[part] = true
		wb.inside = append(wb.inside, sheet{s.Name, part})
		if s.State == "hidden" || s.State == "veryHidden" {
			hidden = append(hidden, s.Name)
		} else {
			wb.sheets = append(wb.sheets, s.Name)
		}
	}
	wb.visible = len(wb.sheets)
	wb.sheets = append(wb.sheets, hidden...)
	return nil
}

// small reads a part that is a short list. A workbook without it has none.
func (wb *workbook) small(name string, to any) error {
	f := wb.parts[name]
	if f == nil {
		return nil
	}
	if f.UncompressedSize64 > maxList {
		return invalid("import.file.bomb")
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	return errors.Join(xml.NewDecoder(in).Decode(to), in.Close())
}

// weigh compares what the parts that may be read say they unpack to with the limits. archive/zip stops a part that unpacks beyond what
// it says, so the statement can be relied upon.
func (wb *workbook) weigh() error {
	var total uint64
	add := func(f *zip.File) {
		if f != nil && f.UncompressedSize64 < 1<<62 {
			total = min(total+f.UncompressedSize64, 1<<62)
		} else if f != nil {
			total = 1 << 62
		}
	}
	add(wb.shared)
	add(wb.styles)
	for _, s := range wb.inside {
		add(s.part)
	}
	if total > uint64(wb.limits.Unpacked) || total > ratioFrom && total/uint64(wb.limits.Ratio) > uint64(wb.packed.size) {
		return invalid("import.file.bomb")
	}
	return nil
}

func (wb *workbook) close() error {
	err := wb.packed.Close()
	if wb.texts != nil {
		err = errors.Join(err, wb.texts.bytes.Close())
	}
	return err
}

// chosen is the sheets that a mapping means: all in turn when it names none, the one it names, or those of its pattern that are not hidden.
func (wb *workbook) chosen(name string) ([]string, error) {
	if name == "" {
		return wb.sheets, nil
	}
	if !isPattern(name) {
		s, ok := wb.sheetNamed(name)
		if !ok {
			return nil, invalid("import.file.sheet", "value", clip(name))
		}
		return []string{s}, nil
	}
	var list []string
	re := wildcard(foldName(name))
	for _, s := range wb.sheets[:wb.visible] {
		if re.MatchString(foldName(s)) {
			list = append(list, s)
		}
	}
	if list == nil {
		return nil, invalid("import.file.sheet", "value", clip(name))
	}
	return list, nil
}

func isPattern(sheet string) bool { return strings.Contains(sheet, "*") }

// sheetNamed finds a sheet by name without regard to case, or by "#2".
func (wb *workbook) sheetNamed(name string) (string, bool) {
	if n, ok := strings.CutPrefix(name, "#"); ok {
		if i, err := strconv.Atoi(n); err == nil {
			if i >= 1 && i <= len(wb.inside) {
				return wb.inside[i-1].name, true
			}
			return "", false
		}
	}
	for _, s := range wb.sheets {
		if strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(name)) {
			return s, true
		}
	}
	return "", false
}

// open begins to read a sheet.
func (wb *workbook) open(name string) (*xlsxRows, error) {
	x := &xlsxRows{wb: wb}
	if wb.texts == nil && wb.shared != nil {
		var err error
		if wb.texts, err = readTexts(wb.shared); errors.Is(err, errElement) {
			return nil, invalid("import.file.text", "limit", maxElement>>20)
		} else if err != nil {
			return nil, unreadable(err)
		}
	}
	if wb.percent == nil {
		var err error
		if wb.percent, err = percents(wb.styles); err != nil {
			return nil, unreadable(err)
		}
	}
	for _, s := range wb.inside {
		if s.name != name || s.part == nil {
			continue
		}
		var err error
		if x.merged, err = mergedAreas(s.part); err == nil {
			x.in, err = openElements(s.part)
		}
		if err != nil {
			return nil, unreadable(err)
		}
		return x, nil
	}
	return x, nil // a sheet that is not there has no rows
}
