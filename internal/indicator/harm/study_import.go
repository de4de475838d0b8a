package harm

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/infection"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/registry/codelist"
)

func init() {
	text := func(name string) mapping.TargetField { return mapping.TargetField{Name: name, Kind: mapping.KindText} }
	coded := func(name, list string, required bool) mapping.TargetField {
		return mapping.TargetField{Name: name, Kind: mapping.KindCode, Required: required, List: codelist.Codes(list), Words: codelist.Words(list)}
	}
	mapping.Register(mapping.Target{Name: "infection", Page: infectionsPath, Fields: []mapping.TargetField{
		{Name: "study", Kind: mapping.KindText, Required: true}, coded("kind", "study-kind", true), text("title"), text("citation"), coded("setting", "study-setting", false),
		{Name: "place", Kind: mapping.KindPlace, Required: true}, text("area"), {Name: "period", Kind: mapping.KindPeriod, Required: true}, coded("recruitment", "study-recruitment", false), coded("people", "injector", false),
		coded("specimen", "specimen", false), coded("measure", "infection-measure", true), coded("group", "infection-group", false), {Name: "tested", Kind: mapping.KindCount, Required: true},
		{Name: "positive", Kind: mapping.KindCount, Required: true}, {Name: "published", Kind: mapping.KindYes}, {Name: "synthetic", Kind: mapping.KindYes}, text("note")}})
}

// studyRow reads a line of an import: a study and one of its counts. Code: Invalid with the field of each mistake.
func (s *Service) studyRow(o mapping.Origin, r *mapping.Row) (*Study, error) {
	v := r.Values
	x := &Study{Country: o.Country, Published: v["published"] == "yes" || o.Outside, Synthetic: v["synthetic"] == "yes", Note: v["note"], Held: heldOf(o, r)}
	x.SourceRef = v["study"]
	x.Kind, x.Title, x.Citation, x.Setting, x.Place, x.Area, x.Recruitment, x.People, x.Specimen = v["kind"], v["title"], v["citation"], v["setting"], v["place"], v["area"], v["recruitment"], v["people"], v["specimen"]
	if region, ok := s.Shelf.Book().Region(x.Place); ok {
		x.Country = region.Country
	} else if _, ok := s.Shelf.Book().Country(x.Place); ok {
		x.Country = x.Place
	}
	from, to, _ := strings.Cut(v["period"], "/")
	x.Start, _, _ = baqylau.ParseDate(from) // days by the field's kind, or absent
	x.End, _, _ = baqylau.ParseDate(to)
	count := func(field string) int {
		n, err := strconv.Atoi(v[field])
		if err != nil {
			return -1
		}
		return n
	}
	x.Counts = []infection.Count{{Measure: v["measure"], Breakdown: v["group"], Tested: count("tested"), Positive: count("positive")}}
	err := x.Check(o.Today, studyLists())
	if err == nil && x.Published && !o.Outside && x.Citation == "" {
		err = baqylau.Errors{baqylau.E(baqylau.Invalid, "infection.citation.missing").On("citation")}
	}
	return x, err
}

// about is what a line says of its study, without the count.
func (x Study) about() string {
	x.Counts = nil
	return x.said()
}

// studyLines faults lines that say something else of their study than its first line, or one count twice.
func (s *Service) studyLines(o mapping.Origin, rows []*mapping.Row) {
	first, counted := map[string]string{}, map[[3]string]bool{}
	for _, r := range rows {
		x, err := s.studyRow(o, r)
		if err != nil {
			continue // told by the row's own check
		}
		c := [3]string{x.SourceRef, x.Counts[0].Measure, x.Counts[0].Breakdown}
		switch {
		case first[x.SourceRef] == "":
			first[x.SourceRef] = x.about()
		case first[x.SourceRef] != x.about():
			r.Fault("study", "infection.row.differs", mapping.RemedyCell, x.SourceRef)
		case counted[c]:
			r.Fault("measure", "infection.row.twice", mapping.RemedyCell, r.Values["measure"])
		}
		counted[c] = true
	}
}

// applyStudies puts the lines of a study together, with those that an earlier chunk of the import has written.
func (s *Service) applyStudies(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) ([]Outcome, error) {
	var all []*Study
	of, at := make([]int, len(rows)), map[string]int{}
	for i, r := range rows {
		x, err := s.studyRow(o, r)
		if err != nil {
			return nil, err
		}
		k, known := at[x.SourceRef]
		if !known {
			k, at[x.SourceRef] = len(all), len(all)
			all = append(all, x)
		} else {
			all[k].Counts = append(all[k].Counts, x.Counts...)
		}
		of[i] = k
	}
	refs := make([]slot, len(all))
	for i, x := range all {
		refs[i] = slot{x.SourceID, x.SourceRef}
	}
	found, err := readStudies(ctx, tx, standingIn("infection_study", refs, o.BatchID))
	if err != nil {
		return nil, err
	}
	for _, before := range found {
		if before.BatchID != o.BatchID {
			continue
		}
		x := all[at[before.SourceRef]]
		x.Counts = append(slices.DeleteFunc(before.Counts, func(b infection.Count) bool {
			return slices.ContainsFunc(x.Counts, func(c infection.Count) bool { return c.Measure == b.Measure && c.Breakdown == b.Breakdown })
		}), x.Counts...)
	}
	outcomes, err := RecordStudies(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, len(rows))
	for i, k := range of {
		out[i] = outcomes[k]
	}
	return out, nil
}
