package rules

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/baqylau/baqylau"
)

// history draws some hundred events over three years: a few common substances, several rare ones, some known late.
func history(t *rapid.T) []Event {
	start := baqylau.MustDate("2019-12-30")
	confidence := rapid.SampledFrom(baqylau.Confidences)
	var out []Event
	for i := range rapid.IntRange(0, 250).Draw(t, "n") {
		occurred := start.AddDays(rapid.IntRange(0, 3*365).Draw(t, "day"))
		x := rapid.IntRange(0, 9).Draw(t, "substance")
		x = x * x / 9
		e := Event{
			OccurrenceID: fmt.Sprint("o", i/rapid.IntRange(1, 3).Draw(t, "shared")), OccurredOn: occurred, KnownOn: occurred,
			Country: "KZ", Region: rapid.SampledFrom([]string{"", "ALA", "AST"}).Draw(t, "region"),
			Substance: Substance{Key: fmt.Sprint("s", x), Name: fmt.Sprint("S", x), New: x > 6}, Families: []string{fmt.Sprint("f", x%2)},
			Fatal: rapid.Bool().Draw(t, "fatal"), Confidence: confidence.Draw(t, "confidence"),
		}
		if rapid.IntRange(0, 4).Draw(t, "late") == 0 {
			e.KnownOn = occurred.AddDays(rapid.IntRange(1, 400).Draw(t, "delay"))
		}
		out = append(out, e)
	}
	return out
}

// replay runs week by week up to and including the week of the last day, giving each week what became known in it.
func replay(t testing.TB, o Options, events []Event, last baqylau.Date) []Step {
	t.Helper()
	byWeek := map[baqylau.Week][]Event{}
	for _, e := range events {
		byWeek[e.KnownOn.Week()] = append(byWeek[e.KnownOn.Week()], e)
	}
	s := New(o)
	var steps []Step
	for w := baqylau.MustDate("2019-12-30").Week(); w <= last.Week(); w++ {
		step, err := s.Advance(w.Sunday(), byWeek[w])
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return steps
}

var end = baqylau.MustDate("2024-06-30")

// diff compares what would be stored.
func diff(a, b any) string {
	x, _ := json.MarshalIndent(a, "", " ")
	y, _ := json.MarshalIndent(b, "", " ")
	return cmp.Diff(string(x), string(y))
}

func TestOrderWithinAWeekDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		events := history(rt)
		shuffled := slices.Clone(events)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if d := diff(replay(t, Options{}, events, end), replay(t, Options{}, shuffled, end)); d != "" {
			rt.Fatal(d)
		}
	})
}

// What is known later never changes what was raised before: the replay as of a day is the beginning of the full replay.
func TestLaterKnowledgeChangesNothingEarlier(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		events := history(rt)
		day := baqylau.MustDate("2020-06-07").AddDays(7 * rapid.IntRange(0, 150).Draw(rt, "as of"))
		then := slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.KnownOn.After(day) })
		asOf := replay(t, Options{}, then, day)
		if d := diff(replay(t, Options{}, events, end)[:len(asOf)], asOf); d != "" {
			rt.Fatal(d)
		}
	})
}

// Giving the State everything each week, and relying on it to leave out what is not known yet, equals feeding it week by week,
// since occurrences already counted are not counted again.
func TestTheFutureIsLeftOut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		events := history(rt)
		for i := range events {
			events[i].OccurrenceID = fmt.Sprint("own", i)
		}
		s, fed := New(Options{}), New(Options{})
		for w := baqylau.MustDate("2019-12-30").Week(); w <= end.Week(); w++ {
			var now, rest []Event
			for _, e := range events {
				if e.KnownOn.Week() == w {
					now = append(now, e)
				}
				if e.KnownOn.Week() >= w {
					rest = append(rest, e)
				}
			}
			a, err1 := s.Advance(w.Sunday(), now)
			b, err2 := fed.Advance(w.Sunday(), rest)
			if err1 != nil || err2 != nil || b.Skipped != len(rest)-len(now) {
				rt.Fatal(err1, err2, b.Skipped)
			}
			b.Skipped = 0
			if d := diff(a, b); d != "" {
				rt.Fatal(d)
			}
		}
	})
}

func TestCandidatesHoldTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := Options{Budget: rapid.IntRange(1, 5).Draw(rt, "budget"), RiseBudget: 1, WarmUp: 4, MinEvents: 1, MinHistory: 8}
		first := map[string]bool{}
		for _, step := range replay(t, o, history(rt), end) {
			rises := 0
			if len(step.Raised) > o.Budget {
				rt.Fatalf("%d raised in a week", len(step.Raised))
			}
			for i, c := range step.Raised {
				if i > 0 && c.Score > step.Raised[i-1].Score {
					rt.Fatal("not ranked")
				}
				if c.Score < 0 || c.Score > 1 || c.Events < 1 || len(c.Evidence) > c.Events || c.FirstEvent.After(c.LastEvent) || c.LastEvent.After(c.RaisedOn) || c.Subject() == "" || len(c.Explanation) == 0 {
					rt.Fatalf("%+v", c)
				}
				if c.Type.Rise() {
					rises++
				}
				if k := fmt.Sprint(c.Type, c.Region, c.Subject()); c.Type == FirstCountry || c.Type == FirstRegion || c.Type == FirstFatal {
					if first[k] {
						rt.Fatalf("a second first: %+v", c)
					}
					first[k] = true
				}
			}
			if rises > o.RiseBudget {
				rt.Fatalf("%d rises in a week", rises)
			}
		}
	})
}

// BenchmarkReplay is twelve years, 12,000 occurrences and 40,000 findings of 300 substances in 8 regions.
func BenchmarkReplay(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	start := baqylau.MustDate("2019-12-30")
	var events []Event
	for i := range 12000 {
		d := start.AddDays(i * 12 * 365 / 12000)
		region := fmt.Sprint("r", r.IntN(8))
		for range 3 + i%3/2 {
			x := int(300 * r.Float64() * r.Float64() * r.Float64())
			events = append(events, Event{OccurrenceID: fmt.Sprint(i), KnownOn: d, OccurredOn: d, Country: "KZ", Region: region,
				Substance: Substance{Key: fmt.Sprint("s", x)}, Families: []string{fmt.Sprint("f", x%20)}, Fatal: true, Confidence: baqylau.Confirmed})
		}
	}
	b.ReportMetric(float64(len(events)), "findings")
	for b.Loop() {
		replay(b, Options{}, events, start.AddDays(12*365))
	}
}
