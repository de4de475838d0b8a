package intake

import (
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// persons faults the free texts of a submission that hold an IIN: there it would be kept as it stands and read by everybody who may read the report. Numbers of samples
// and the sender's own are no free text; too many of them would pass for an IIN.
func (sub *Submission) persons(home string, today baqylau.Date, bad func(field, key string)) {
	key, d := iinKey(sub.Kind), &sub.Detail
	texts := [][2]string{{"text", sub.Text}, {"circumstances", d.Circumstances}, {"sold_as", d.SoldAs}, {"colour", d.Colour}, {"logo", d.Logo}, {"packaging", d.Packaging}, {"route", d.Route},
		{"origin", d.Origin}, {"destination", d.Destination}, {"online_source", d.OnlineSource}, {"setting", d.Setting}, {"clinical_features", d.Features}, {"antidote", d.Antidote},
		{"outcome", d.Outcome}, {"intent", d.Intent}, {"contact", d.Contact}}
	for i := range sub.Substances {
		texts = append(texts, [2]string{"substance", sub.Substances[i].Unidentified + "\n" + sub.Substances[i].Matched})
	}
	for _, t := range texts {
		if holdsIIN(t[1], home, today) {
			bad(t[0], key)
		}
	}
}

// said refuses a line of a report's thread that holds an IIN. Code: Invalid.
func (s *Service) said(text string) error {
	if holdsIIN(text, s.Home, change.Today(s.W.Now())) {
		return baqylau.E(baqylau.Invalid, "report.iin.remove").On("text")
	}
	return nil
}

// next reads the next record of a file. A region that nobody knows is a fault of its row, and so is a text with an IIN that would be kept; a faulty row is kept without the number.
func (c *converter) next(rd *mapping.Reader) (mapping.Record, error) {
	rec, err := rd.Next()
	if err != nil {
		return rec, err
	}
	if c.target != nil {
		c.resolve(&rec)
	} else if c.nowhere(&rec) {
		rec.Fault(rec.RegionColumn, "import.region.unknown", mapping.RemedyCell, rec.RegionText)
	}
	if c.source.Country != "KZ" {
		return rec, nil
	}
	if column := c.personIn(&rec, rd.Header()); column != "" {
		rec.Fault(column, "import.cell.iin", mapping.RemedyCell, "")
	}
	if len(rec.Problems) > 0 {
		c.blacken(&rec)
	}
	return rec, nil
}

// personIn is the column of a text with an IIN that the report would keep, "" if there is none. Columns that the mapping does not name are dropped and hold what they like.
func (c *converter) personIn(rec *mapping.Record, header []string) string {
	column := func(text, otherwise string) string {
		for i, cell := range rec.Raw {
			if cell = strings.TrimSpace(cell); i < len(header) && c.person(cell) && strings.Contains(text, cell) {
				return header[i]
			}
		}
		return otherwise
	}
	if c.target != nil {
		if title := c.personsText(rec); title != "" {
			return title
		}
	}
	if c.person(rec.Notes) {
		return column(rec.Notes, "notes")
	}
	for name, text := range rec.Extra {
		if c.person(text) {
			return column(text, name)
		}
	}
	if c.person(rec.RegionText) {
		return rec.RegionColumn
	}
	for i := range rec.Substances {
		if m := &rec.Substances[i]; c.person(m.Text) || c.person(m.Name) {
			return column(m.Text, m.Column)
		}
	}
	return ""
}

func (c *converter) person(text string) bool { return holdsIIN(text, c.source.Country, c.today) }

// blacken takes the numbers of persons out of what is kept and shown of a faulty row; its own reference stays, for by it the row is known when it is sent again.
func (c *converter) blacken(rec *mapping.Record) {
	without := func(text string) string {
		if strings.TrimSpace(text) == rec.Key {
			return text
		}
		return withoutIIN(text, c.source.Country, c.today)
	}
	for i := range rec.Raw {
		rec.Raw[i] = without(rec.Raw[i])
	}
	for i := range rec.Problems {
		rec.Problems[i].Value = without(rec.Problems[i].Value)
	}
}
