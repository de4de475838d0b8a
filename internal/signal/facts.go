package signal

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// facts is what the reports behind a signal say that the matrix asks about.
type facts struct {
	regions, kinds, places, ages map[string]bool
	occurrences                  int
	persons                      bool // some report counts persons; nothing known counts as persons
	threat                       bool // a report says that life was in danger or lost
	outside                      bool // every report is another country's published record
	tlp                          baqylau.TLP
}

// readFacts gathers the facts of the reports of some occurrences.
func readFacts(ctx context.Context, db bun.IDB, occurrences []string) (facts, error) {
	f := facts{regions: map[string]bool{}, kinds: map[string]bool{}, places: map[string]bool{}, ages: map[string]bool{}, outside: len(occurrences) > 0, tlp: baqylau.TLPClear}
	marks, args := store.In(occurrences)
	rows, err := db.QueryContext(ctx, `SELECT o.id, COALESCE(o.region,''), r.kind, r.place_type, r.age_band, r.tlp, s.outside, r.detail FROM occurrence o
		JOIN report r ON r.occurrence_id = o.id AND r.superseded_on IS NULL JOIN source s ON s.id = r.source_id
		WHERE o.id IN (`+marks+`) AND `+intake.Visible("r")+` AND r.state IN ('submitted','received','clarification','accepted','linked')`, args...)
	if err != nil {
		return f, err
	}
	defer rows.Close()
	seen := map[string]bool{}
	for rows.Next() {
		var id, region, kind, place, age string
		var tlp baqylau.TLP
		var outside bool
		var detail string
		if err := rows.Scan(&id, &region, &kind, &place, &age, &tlp, &outside, &detail); err != nil {
			return f, err
		}
		seen[id], f.kinds[kind], f.places[place], f.ages[age] = true, true, true, true
		if region != "" {
			f.regions[region] = true
		}
		var d intake.Detail
		if err := json.Unmarshal([]byte(detail), &d); err != nil {
			return f, err
		}
		f.threat = f.threat || slices.ContainsFunc(d.Seriousness, func(code string) bool { return slices.Contains(gravest, code) })
		f.outside, f.persons = f.outside && outside, f.persons || intake.Kind(kind).AboutPersons()
		if slices.Index(baqylau.TLPs, tlp) > slices.Index(baqylau.TLPs, f.tlp) {
			f.tlp = tlp
		}
	}
	f.occurrences = len(seen)
	if f.occurrences == 0 {
		f.outside, f.persons, f.tlp = false, true, baqylau.TLPAmber
	}
	return f, rows.Err()
}

// gravest are the codes of the list seriousness that the matrix gives 3.
var gravest = []string{"life_threatening", "death"}

// minor is the age band of people under 18, code list age_band.
const minor = "under 18"

// potent are families in which a trace can kill.
var potent = []string{"nitazenes", "fentanyls", "orphines"}

// firstScoring fills the matrix with what is on record, each value with its ground. What nobody has recorded stays 0: the officer knows
// more, and decides. A record of another country is no exposure here, so its certainty is 1 at most.
func (s *Service) firstScoring(sig *Signal, f facts) {
	sig.Outside, sig.TLP = f.outside, f.tlp
	book := s.Shelf.Book()
	has := func(families []string) bool {
		return slices.ContainsFunc(families, func(code string) bool {
			return code == sig.Family || slices.Contains(book.Ancestors(sig.Family), code) || book.InFamily(sig.SubstanceID, code)
		})
	}
	marks := map[score.Dimension]Mark{}
	set := func(d score.Dimension, v int, ground string, args ...any) {
		g := Sentence{Key: "signal.ground." + ground, Args: map[string]any{}}
		for i := 0; i+1 < len(args); i += 2 {
			g.Args[args[i].(string)] = args[i+1]
		}
		marks[d] = Mark{Value: v, Ground: g}
	}
	switch {
	case sig.Evidence.Fatal:
		set(score.Harm, 3, "death")
	case f.threat:
		set(score.Harm, 3, "threat_to_life")
	case f.kinds[string(intake.AcuteIntoxication)]:
		set(score.Harm, 2, "intoxication")
	default:
		set(score.Harm, 0, "no_harm")
	}
	switch {
	case f.outside:
		set(score.Certainty, 1, "outside")
	default:
		set(score.Certainty, sig.Confidence.Rank(), "certainty_"+string(sig.Confidence))
	}
	rise := rules.Type(sig.Rule).Rise()
	switch n := len(f.regions); {
	case rise && n > 1:
		set(score.Spread, 3, "spread_fast", "Regions", n)
	case n > 1:
		set(score.Spread, 2, "spread_places", "Regions", n)
	case f.occurrences > 1:
		set(score.Spread, 1, "spread_one_place", "Occurrences", sig.Events)
	default:
		set(score.Spread, 0, "spread_one_event")
	}
	switch t := rules.Type(sig.Rule); {
	case t == rules.FirstCountry && has(potent):
		set(score.Novelty, 3, "new_and_potent")
	case t == rules.FirstCountry:
		set(score.Novelty, 2, "new_in_country")
	case t == rules.FirstRegion:
		set(score.Novelty, 1, "new_in_region")
	case t == rules.ReEmergence:
		set(score.Novelty, 1, "back")
	default:
		set(score.Novelty, 0, "known")
	}
	switch {
	case f.ages[minor]:
		set(score.Vulnerable, 3, "minors")
	case f.places["prison"] || f.places["school"]:
		set(score.Vulnerable, 3, "custody_or_school")
	default:
		set(score.Vulnerable, 0, "not_recorded")
	}
	set(score.Preparedness, 0, "not_recorded")
	sig.Scores = Scores{Marks: marks}
	sig.Priority = s.advice(*sig)
	sig.PriorityReason = ""
}

// advice is the severity that the matrix suggests for a signal. A cluster is a rise of occurrences that harmed people.
func (s *Service) advice(sig Signal) baqylau.Severity {
	m := sig.Scores.Matrix()
	return m.Advice(sig.Evidence.Fatal || sig.Type == "sae_cluster" || rules.Type(sig.Rule).Rise() && m.Harm >= 2)
}
