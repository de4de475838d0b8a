package recognise

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

func shipped(t testing.TB) *Lexicon {
	t.Helper()
	l, err := shippedOnce()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// labelled is a text with what a person says it names. half tells the lines that rules were tuned on from the unseen ones.
type labelled struct {
	Text         string
	Half         string
	Findings     []struct{ Name, Status string }
	Questions    []struct{ Matched string }
	Unidentified []struct{ Matched string }
}

func readLabels(t testing.TB, file, half string) (out []labelled) {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var x labelled
		if err := json.Unmarshal(sc.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		if half == "" || x.Half == half {
			out = append(out, x)
		}
	}
	return out
}

// tally counts findings that agree with the label (hit), that do not (false), and that are missing.
type tally struct{ hit, wrong, missing int }

func (s tally) precision() float64 { return ratio(s.hit, s.hit+s.wrong) }
func (s tally) recall() float64    { return ratio(s.hit, s.hit+s.missing) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (s *tally) compare(want, got []string, note func(kind, name string)) {
	left := map[string]int{}
	for _, w := range want {
		left[w]++
	}
	for _, g := range got {
		if left[g] > 0 {
			left[g]--
			s.hit++
		} else {
			s.wrong++
			note("false", g)
		}
	}
	for w, n := range left {
		s.missing += n
		for range n {
			note("missing", w)
		}
	}
}

// score compares findings by name and status, and questions and unidentified words by their text.
func score(l *Lexicon, texts []labelled, note func(text, kind, name string)) (findings, others tally) {
	for _, x := range texts {
		r := l.Recognise(x.Text)
		var want, got, wantRest, gotRest []string
		for _, f := range x.Findings {
			want = append(want, f.Name+" "+f.Status)
		}
		for _, f := range r.Findings {
			got = append(got, f.Name+" "+string(f.Status))
		}
		for _, q := range x.Questions {
			wantRest = append(wantRest, "? "+q.Matched)
		}
		for _, u := range x.Unidentified {
			wantRest = append(wantRest, "unidentified "+u.Matched)
		}
		for _, q := range r.Questions {
			gotRest = append(gotRest, "? "+q.Matched)
		}
		for _, u := range r.Unidentified {
			gotRest = append(gotRest, "unidentified "+u.Matched)
		}
		n := func(kind, name string) { note(x.Text, kind, name) }
		findings.compare(want, got, n)
		others.compare(wantRest, gotRest, n)
	}
	return findings, others
}

func TestScore(t *testing.T) {
	l := shipped(t)
	for _, c := range []struct {
		name, file, half  string
		precision, recall float64
		show              bool
	}{
		{"English causes, tuned half", "causes_tune.jsonl", "", 0.99, 0.98, true},
		{"English causes, unseen half", "causes_heldout.jsonl", "", 0.99, 0.97, false},
		{"Russian lines, tuned half", "lines_ru.jsonl", "tune", 0.98, 0.98, true},
		{"Russian lines, unseen half", "lines_ru.jsonl", "heldout", 0.97, 0.94, false},
		{"Kazakh lines, tuned half", "lines_kk.jsonl", "tune", 0.98, 0.98, true},
		{"Kazakh lines, unseen half", "lines_kk.jsonl", "heldout", 0.97, 0.94, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			texts := readLabels(t, c.file, c.half)
			if len(texts) == 0 {
				t.Fatal("no labelled texts")
			}
			f, o := score(l, texts, func(text, kind, name string) {
				if c.show { // what went wrong in the unseen half stays unseen
					t.Logf("%s %s: %s", kind, name, text)
				}
			})
			t.Logf("%s: %d texts; findings precision %.4f recall %.4f (%d right, %d false, %d missing); questions and unidentified precision %.4f recall %.4f",
				c.name, len(texts), f.precision(), f.recall(), f.hit, f.wrong, f.missing, o.precision(), o.recall())
			if f.precision() < c.precision || f.recall() < c.recall {
				t.Errorf("below the floor: precision %.4f < %.2f or recall %.4f < %.2f", f.precision(), c.precision, f.recall(), c.recall)
			}
		})
	}
}
