package intake

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
)

// prepare does the work of recording that needs no database, so that an import can do it while it writes.
func (in *Incoming) prepare(book *registry.Book) {
	in.hash()
	in.folded(book)
	in.contribution(book)
	in.drafted, _ = in.draft(book) // an error comes again where it can be told
}

// details is Detail as it is stored.
func (in *Incoming) details() (string, error) {
	if in.doc != "" {
		return in.doc, nil
	}
	b, err := json.Marshal(in.Detail)
	in.doc = string(b)
	return in.doc, err
}

// contribution is what a new report adds to the series: it alone is its occurrence, of one kind, so that each of its cells counts one (series.Occurrence.Cells).
func (in *Incoming) contribution(book *registry.Book) series.Cells {
	if in.cells == nil {
		in.cells = make(series.Cells, 4*len(in.Findings)+1)
		k := series.Key{Country: in.Country, Region: in.Region, Dim: series.Total, Kind: string(in.Kind), Week: series.Week(in.Occurred, cmp.Or(in.Precision, baqylau.Day), in.Known)}
		in.cells[k] = 1
		for _, f := range in.Findings {
			subjects(book, f.SubstanceID, f.Family, func(s series.Subject) {
				k.Dim, k.ID = s.Dim, s.ID
				in.cells[k] = 1
			})
		}
	}
	return in.cells
}

// folded is what the list's search finds a report by, besides its number: its words and the names of its substances in every language.
func (in *Incoming) folded(book *registry.Book) string {
	if in.words != "" {
		return in.words
	}
	own := []string{in.SourceRef, in.Text, in.Detail.SoldAs, in.Detail.SampleRef}
	var named strings.Builder
	for _, f := range in.Findings {
		own = append(own, f.Unidentified)
		for _, key := range []string{f.SubstanceID, f.Family} {
			if words := book.SearchWords(key); words != "" {
				named.WriteString(" " + words)
			}
		}
	}
	in.words = locale.Fold(strings.Join(own, " ")) + named.String()
	return in.words
}
