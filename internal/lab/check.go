package lab

import (
	"math/big"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/registry/codelist"
)

// Separating lists the techniques that part a mixture before they look at its components. A colour test, an immunoassay or a spectrum of
// the whole sample alone confirms nothing: each answers to several substances.
var Separating = []string{"TLC", "GC_MS", "GC_FID", "GC_IR", "LC_UV", "LC_MS_MS", "LC_HRMS"}

// Check tells what is wrong with a result, one Error per field: the vocabulary of the code lists, what each level needs, and the rule
// that confirmed takes a substance of the registry, a separating technique and a reference standard.
func (r *Result) Check(book *registry.Book) baqylau.Errors {
	var es baqylau.Errors
	bad := func(field, key string) { es = append(es, baqylau.E(baqylau.Invalid, key).On(field)) }
	_, known := book.Substance(r.SubstanceID)
	switch {
	case r.SubstanceID != "" && !known:
		bad("substance", "error.choice")
	case r.SubstanceID == "" && r.Unidentified == "", r.SubstanceID != "" && r.Unidentified != "":
		bad("substance", "lab.error.what")
	}
	if !slices.Contains(baqylau.Levels, r.Level) {
		bad("level", "error.choose")
	}
	if !codelist.Has("finding-role", r.Role) {
		bad("role", "error.choice")
	}
	if !codelist.Has("reference-standard", r.Standard) {
		bad("standard", "error.choice")
	}
	for _, t := range r.Techniques {
		if !codelist.Has("technique", t) {
			bad("techniques", "error.choice")
			break
		}
	}
	if len(r.Techniques) == 0 {
		bad("techniques", "lab.error.technique")
	}
	if p, ok := new(big.Rat).SetString(r.Purity); r.Purity != "" && (!ok || p.Sign() < 0 || p.Cmp(big.NewRat(100, 1)) > 0) {
		bad("purity", "lab.error.purity")
	}
	if (r.Concentration.Value == "") != (r.Concentration.Unit == "") {
		bad("concentration", "lab.error.concentration")
	}
	switch r.Level {
	case baqylau.NotIdentified:
		if r.SubstanceID != "" {
			bad("level", "lab.error.not_identified")
		}
	case baqylau.ConfirmedID:
		if r.SubstanceID == "" {
			bad("substance", "lab.error.confirmed_substance")
		}
		if len(r.Techniques) > 0 && !slices.ContainsFunc(r.Techniques, func(t string) bool { return slices.Contains(Separating, t) }) {
			bad("techniques", "lab.error.confirmed_technique")
		}
		if r.Standard == "none" {
			bad("standard", "lab.error.confirmed_standard")
		}
	}
	return es
}

// checkAll judges a whole analysis before it goes on; the faults of the first faulty result are told.
func checkAll(results []Result, book *registry.Book) error {
	if len(results) == 0 {
		return baqylau.E(baqylau.Invalid, "lab.error.no_results")
	}
	for i := range results {
		if es := results[i].Check(book); len(es) > 0 {
			return es
		}
	}
	return nil
}

// add appends r, or puts it in the place of an earlier result on the same thing in the same material.
func add(results []Result, r Result) []Result {
	i := slices.IndexFunc(results, func(o Result) bool {
		return o.SubstanceID == r.SubstanceID && o.Unidentified == r.Unidentified && o.Matrix == r.Matrix
	})
	if i < 0 {
		return append(results, r)
	}
	results[i] = r
	return results
}
