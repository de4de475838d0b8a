package lab

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
)

// release puts the laboratory's results in the place of what the report said before, as known today: of the sender's own findings, and,
// for a correction, of the version that it corrects. Results on other samples of the report stay. The series move by the difference,
// the detectors run even when no count changed, since the confidence did, and a correction calls OnAmend and reminds the officers.
func (s *Service) release(ctx context.Context, tx *change.Tx, a Analysis, q request) error {
	book := s.Shelf.Book()
	if err := checkAll(a.Results, book); err != nil {
		return err
	}
	if err := update(ctx, tx, a, "state = ?, reviewer_id = ?, released_at = ?", string(Released), tx.Actor.ID, tx.Now.UnixMicro()); err != nil {
		return err
	}
	if err := intake.Hold(ctx, tx, q.occurrence); err != nil {
		return err
	}
	var here int // the report may have been merged elsewhere or replaced while the occurrence was waited for
	if err := tx.NewRaw("SELECT count(*) FROM report WHERE id = ? AND occurrence_id = ? AND superseded_on IS NULL", q.id, q.occurrence).Scan(ctx, &here); err != nil {
		return err
	}
	if here == 0 {
		return moved()
	}
	before, err := intake.Contribution(ctx, tx, book, q.occurrence)
	if err != nil {
		return err
	}
	today := tx.Today()
	if _, err := tx.NewRaw("UPDATE finding SET superseded_on = ? WHERE report_id = ? AND superseded_on IS NULL AND (lab_result_id IS NULL OR lab_result_id = ?)",
		today.String(), q.id, a.AmendsID).Exec(ctx); err != nil {
		return err
	}
	if err := insertFindings(ctx, tx, book, a, q); err != nil {
		return err
	}
	if err := findable(ctx, tx, q.id, locale.Fold(names(book, a.Results))); err != nil {
		return err
	}
	if err := intake.Recount(ctx, tx, book, q.occurrence, before, today); err != nil {
		return err
	}
	if err := intake.Moved(ctx, tx, q.country); err != nil {
		return err
	}
	upgraded, err := confirmExposure(ctx, tx, a, q)
	if err != nil {
		return err
	}
	tx.Subject("lab_result", a.ID, q.org, map[string]any{"report": q.id, "to": string(Released), "results": len(a.Results), "amends": a.AmendsID, "exposures": upgraded})
	if a.AmendsID == "" {
		return note(ctx, tx, q.id, "lab", a.SampleRef)
	}
	return s.amended(ctx, tx, a, q)
}

// insertFindings writes the results as findings of the report, each with its level and the confidence that follows from it.
func insertFindings(ctx context.Context, tx *change.Tx, book *registry.Book, a Analysis, q request) error {
	known := tx.Today().String()
	for _, r := range a.Results {
		if _, err := tx.NewRaw(`INSERT INTO finding (id, report_id, occurrence_id, substance_id, unidentified, matched, role, level, confidence, techniques, reference_standard,
			purity_pct, lab_result_id, known_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			store.NewID(), q.id, q.occurrence, store.Null(r.SubstanceID), r.Unidentified, written(book, r), r.Role, string(r.Level), string(intake.ConfidenceOf(r.Level)),
			strings.Join(r.Techniques, ","), r.Standard, r.Purity, a.ID, known).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// written is what the laboratory wrote: its own name for what the registry does not have, else the name it chose.
func written(book *registry.Book, r Result) string {
	if sub, ok := book.Substance(r.SubstanceID); ok {
		return sub.Name
	}
	return r.Unidentified
}

// names are the words by which the search finds the results, in every language.
func names(book *registry.Book, results []Result) string {
	var words []string
	for _, r := range results {
		if sub, ok := book.Substance(r.SubstanceID); ok {
			words = append(words, sub.Name, sub.Label.KK, sub.Label.RU, sub.Label.EN)
		}
		words = append(words, r.Unidentified)
	}
	return strings.Join(words, " ")
}
