package intake

import (
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/registry"
)

// ConfidenceOf is the confidence that an identification level gives a finding: confirmed in the material itself, probable for a tentative
// structure, else suspected (domain text, Finding and Adverse event).
func ConfidenceOf(l baqylau.Level) baqylau.Confidence {
	switch l {
	case baqylau.ConfirmedID:
		return baqylau.Confirmed
	case baqylau.Tentative:
		return baqylau.Probable
	}
	return baqylau.Suspected
}

// StatedLevel is the level of the findings for which a report names none: probable exposure means that the product taken was analysed, and where nothing
// is stated they are presumptive.
func StatedLevel(level baqylau.Level, exposure string) baqylau.Level {
	switch {
	case exposure == string(baqylau.Probable):
		return baqylau.Tentative
	case level == "":
		return baqylau.Presumptive
	}
	return level
}

// asStated holds what a report says of itself to probable, whatever level it states: confirmed is what a laboratory of the network has released, or what a
// source publishes that the registry knows to hold a laboratory's results (domain text, Adverse event and W4).
func asStated(fs []Finding) []Finding {
	for i := range fs {
		if fs[i].Confidence.Rank() > baqylau.Probable.Rank() {
			fs[i].Confidence = baqylau.Probable
		}
	}
	return fs
}

// Recognise turns a text into findings of the given level and questions, adding to those that are there; one finding per substance.
// Ambiguous names become questions and are never guessed; unknown chemical-looking words stay as unidentified.
func Recognise(book *registry.Book, text string, level baqylau.Level, fs []Finding, qs []Question) ([]Finding, []Question) {
	if text == "" {
		return fs, qs
	}
	res := book.Recognise(text)
	for _, f := range res.Findings {
		n := Finding{Matched: f.Matched, Role: "main", Level: level, Confidence: ConfidenceOf(level)}
		if _, ok := book.Substance(f.Key); ok {
			n.SubstanceID = f.Key
		} else {
			n.Family = f.Key
		}
		fs = AddFinding(fs, n)
	}
	for _, u := range res.Unidentified {
		fs = AddFinding(fs, Finding{Unidentified: u.Matched, Matched: u.Matched, Role: "main", Level: baqylau.NotIdentified, Confidence: baqylau.Suspected})
	}
	for _, q := range res.Questions {
		qs = append(qs, Question{Matched: q.Matched, Candidates: q.Keys})
	}
	return fs, qs
}
