package signal

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal/score"
)

// For is the signal as an actor may read it: whatever leaves the room passes through here. From whom package disclosure hides small counts of persons, the
// number of cases, the figures of a rise, the words made of them and the identifiers of the occurrences are taken out, so that nothing further on can tell
// them. Who may open some of the cases could subtract those from the number of all, and is told no number at all.
func (s Signal) For(a access.Actor) Signal {
	if !s.hides(a, 1) {
		return s
	}
	opens := s.Events > 0 && access.May(a, access.ReportRead)
	s.Evidence.Occurrences = nil
	s.Scores = s.Scores.unspread() // a judgement keeps the ground of its day: the cases may have been few then
	s.Hidden = s.Hidden || s.hides(a, s.Events) || opens
	if s.Hidden {
		s.Events = 0
	}
	if e := s.Evidence; s.Hidden || s.hides(a, atLeastOne(e.Observed)) || s.hides(a, atLeastOne(e.Expected)) {
		s.Evidence = Evidence{LastEvent: e.LastEvent, Fatal: e.Fatal, Withdrawn: e.Withdrawn}
		s.Explanation = withoutFigures(s.Explanation)
	}
	return s
}

// hides reports whether n cases of the signal are hidden from an actor.
func (s Signal) hides(a access.Actor, n int) bool {
	return disclosure.Hides(n, disclosure.Figure{Persons: s.Persons, Outside: s.Outside}, disclosure.AudienceOf(a))
}

// atLeastOne makes a count of a figure: an expectation of 0.3 a month is a few cases of the year before.
func atLeastOne(x float64) int {
	if x > 0 && x < 1 {
		return 1
	}
	return int(x)
}

// unspread drops the ground of the mark that is made of the number of cases; the value is a judgement and stays.
func (s Scores) unspread() Scores {
	marks := map[score.Dimension]Mark{}
	for d, m := range s.Marks {
		if d == score.Spread {
			m.Ground = Sentence{}
		}
		marks[d] = m
	}
	s.Marks = marks
	return s
}

// fewer is what the explanation of a rise says where its figures are hidden.
var fewer = map[string]string{
	"rules.rise_substance_country": "signal.few.rise_substance_country",
	"rules.rise_substance_region":  "signal.few.rise_substance_region",
	"rules.rise_family_country":    "signal.few.rise_family_country",
	"rules.rise_family_region":     "signal.few.rise_family_region",
}

// withoutFigures says what rose and where, and neither by how much nor by which test.
func withoutFigures(list []Sentence) []Sentence {
	var out []Sentence
	for _, s := range list {
		if strings.HasPrefix(s.Key, "rules.method.") {
			continue
		}
		if key, ok := fewer[s.Key]; ok {
			args := map[string]any{}
			for name, v := range s.Args {
				if name != "Observed" && name != "Expected" {
					args[name] = v
				}
			}
			s = Sentence{Key: key, Args: args}
		}
		out = append(out, s)
	}
	return out
}

// cases is the number of cases in words that may be shown.
func (s Signal) cases(ctx context.Context) string {
	if s.Hidden {
		return locale.T(ctx, "signal.few")
	}
	return locale.Int(ctx, s.Events)
}

// countNote is the line beside the title of the evidence.
func (v *view) countNote(ctx context.Context) string {
	if !v.Evidence.Withdrawn.IsZero() {
		return ""
	}
	if v.Hidden {
		return locale.T(ctx, "signal.few")
	}
	said := locale.N(ctx, "signal.evidence.count", v.Events)
	if v.since.Withdrawn+v.since.Merged == 0 {
		return said
	}
	if v.since.Hidden {
		return said + ". " + v.then(ctx)
	}
	return said + ". " + v.then(ctx) + " " + locale.T(ctx, "signal.since.now", "Now", v.standing(), "Withdrawn", v.since.Withdrawn, "Merged", v.since.Merged)
}

// standing is how many of the cases behind the signal count today.
func (v *view) standing() int { return v.since.Left(v.Events) }

// then says of which day a figure is that no longer is so; "" when the cases are as they were counted.
func (v *view) then(ctx context.Context) string {
	if v.since.Withdrawn+v.since.Merged == 0 || v.counted == "" || !v.Evidence.Withdrawn.IsZero() {
		return ""
	}
	return locale.T(ctx, "signal.since.then", "Time", v.counted)
}

// Say tells what of the cases behind a signal has been withdrawn; "" when they all stand.
func (n Since) Say(ctx context.Context) string {
	switch {
	case n.Withdrawn == 0:
		return ""
	case n.Hidden:
		return locale.T(ctx, "signal.since.withdrawn.few")
	}
	return locale.T(ctx, "signal.since.withdrawn", "Withdrawn", n.Withdrawn, "Cases", n.Cases)
}

// SayUndecided tells of possible duplicates among the cases behind a signal; "" when there are none.
func (n Since) SayUndecided(ctx context.Context) string {
	switch {
	case n.Undecided == 0:
		return ""
	case n.Hidden:
		return locale.T(ctx, "signal.since.duplicates.few")
	}
	return locale.N(ctx, "signal.since.duplicates", n.Undecided)
}
