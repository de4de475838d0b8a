package intake

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/registry"
)

// converter turns records of a mapping into reports of one source. The same text gives the same findings, so a column of repeated
// texts is recognised once.
type converter struct {
	book    *registry.Book
	source  *registry.Source
	actor   access.Actor
	batch   string
	batchNo int64
	today   baqylau.Date
	seen    map[string]reading
	target  *targeted                      // nil for reports
	regions map[[3]string]*registry.Region // by country, text and column: hardly a file names more than a hundred
}

type reading struct {
	fs []Finding
	qs []Question
}

// readingLimit bounds the memory that remembered texts take.
const readingLimit = 20_000

// incoming is the report that a faultless record stands for. Regions that the registry does not know stay as text among the source's fields.
func (c *converter) incoming(rec *mapping.Record) Incoming {
	in := c.origin(rec)
	in.PlaceType, in.Occurred, in.Precision, in.Known, in.Sex, in.AgeBand = rec.PlaceType, rec.Occurred, rec.Precision, rec.Known, rec.Sex, rec.AgeBand
	if in.Known.IsZero() {
		in.Known = c.today
	}
	if rec.Age != nil {
		in.AgeBand = ageBand(*rec.Age)
	}
	in.Fatal = in.Kind == Death || rec.Outcome == "died" || rec.Outcome == "death"
	in.Detail = Detail{Form: rec.Form, Quantity: Amount{rec.Quantity.Value, rec.Quantity.Unit}, Outcome: rec.Outcome, SourceFields: rec.Extra}
	c.place(rec, &in)
	var texts []string
	for i := range rec.Substances {
		m := &rec.Substances[i]
		c.mention(m, &in)
		if m.IsFreeText && m.Text != "" {
			texts = append(texts, m.Text)
		}
	}
	if rec.Notes != "" {
		texts = append(texts, rec.Notes)
	}
	in.Text = strings.Join(texts, "\n")
	if !c.source.Laboratory {
		in.Findings = asStated(in.Findings)
	}
	return in
}

// origin is whose report a record is, under what number, and who may read it.
func (c *converter) origin(rec *mapping.Record) Incoming {
	in := Incoming{Kind: Kind(rec.Kind), Channel: "import", OrgID: c.actor.OrgID, AccountID: c.actor.ID, Domain: c.source.Domain, TLP: baqylau.TLPClear,
		SourceID: c.source.ID, SourceRef: rec.Key, BatchID: c.batch, BatchNo: c.batchNo, Country: c.source.Country, Lang: c.actor.Lang}
	if !c.source.Outside {
		in.Domain, in.TLP = in.Kind.DomainFor(c.source.Domain), baqylau.TLPAmber
	}
	return in
}

func (c *converter) place(rec *mapping.Record, in *Incoming) {
	r, ok := c.book.Region(rec.Region)
	if !ok && rec.RegionText != "" {
		r, ok = c.region(in.Country, rec.RegionText, rec.RegionColumn)
	}
	switch {
	case ok:
		in.Region, in.Country = r.Code, r.Country
	case rec.Region != "" || rec.RegionText != "":
		if _, country := c.book.Country(rec.Region); country { // known to the country only
			in.Country = rec.Region
			return
		}
		if in.Detail.SourceFields == nil {
			in.Detail.SourceFields = map[string]string{}
		}
		in.Detail.SourceFields["region"] = cmp.Or(rec.RegionText, rec.Region)
	}
}

// region is RegionByName, remembered.
func (c *converter) region(country, text, column string) (*registry.Region, bool) {
	k := [3]string{country, text, column}
	r, known := c.regions[k]
	if !known {
		r, _ = c.book.RegionByName(country, text, column)
		if len(c.regions) < readingLimit {
			c.regions[k] = r
		}
	}
	return r, r != nil
}

func (c *converter) mention(m *mapping.Mention, in *Incoming) {
	level := baqylau.Level(cmp.Or(m.Level, string(baqylau.Presumptive)))
	add := func(f Finding) {
		f.Role, f.Level, f.Confidence, f.Matched = cmp.Or(m.Role, "main"), level, ConfidenceOf(level), cmp.Or(f.Matched, m.Text)
		in.Findings = AddFinding(in.Findings, f)
	}
	if m.Name != "" {
		if s, ok := c.book.ByName(m.Name); ok {
			add(Finding{SubstanceID: s.ID})
			return
		}
	}
	if m.Class != "" {
		if f, ok := c.book.Family(m.Class); ok {
			add(Finding{Family: f.Code})
			return
		}
	}
	r := c.read(cmp.Or(m.Name, m.Class, m.Text), level)
	for _, f := range r.fs {
		if f.Unidentified == "" {
			f.Role = cmp.Or(m.Role, "main")
		}
		in.Findings = AddFinding(in.Findings, f)
	}
	in.Questions = append(in.Questions, r.qs...)
	if !m.IsFreeText && len(r.fs) == 0 && len(r.qs) == 0 && strings.TrimSpace(m.Text) != "" {
		add(Finding{Unidentified: m.Text})
		in.Findings[len(in.Findings)-1].Level, in.Findings[len(in.Findings)-1].Confidence = baqylau.NotIdentified, baqylau.Suspected
	}
}

func (c *converter) read(text string, level baqylau.Level) reading {
	k := string(level) + "\x00" + text
	if r, ok := c.seen[k]; ok {
		return r
	}
	var r reading
	r.fs, r.qs = Recognise(c.book, text, level, nil, nil)
	if len(c.seen) >= readingLimit {
		clear(c.seen)
	}
	c.seen[k] = r
	return r
}

// ageBand is the band of a completed age in years, as code list age-band.
func ageBand(years int) string {
	if years < 18 {
		return "under 18"
	}
	for _, b := range [][2]int{{18, 24}, {25, 34}, {35, 44}, {45, 54}, {55, 64}} {
		if years <= b[1] {
			return fmt.Sprintf("%d-%d", b[0], b[1])
		}
	}
	return "65+"
}
