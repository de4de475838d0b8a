package check

import (
	"strings"

	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Related checks what the catalogue says of indicators together (define.Rule): order, parts, sums over drugs, what one needs of another, printed shares and rates.
func Related(figures []Figure, facts Facts) (out []Finding) {
	at := map[string][]*Figure{} // indicator and everything that must agree, without the statement
	for i := range figures {
		f := &figures[i]
		at[f.about(f.Indicator, f.Drug)] = append(at[f.about(f.Indicator, f.Drug)], f)
	}
	for i := range figures {
		f := &figures[i]
		for _, r := range facts.Catalogue.Rules() {
			if r.First != f.Indicator {
				continue
			}
			switch r.Name {
			case "order", "part":
				out = append(out, orderly(f, r, at)...)
			case "needs":
				out = append(out, needed(f, r, at)...)
			case "share":
				out = append(out, shareOf(f, r, at)...)
			case "rate":
				out = append(out, rateOf(f, r, at, facts)...)
			}
		}
	}
	return append(out, summed(figures, facts, at)...)
}

// about names what figures of two indicators must have in common.
func (f *Figure) about(indicator, drug string) string {
	return strings.Join([]string{indicator, f.Place, f.Start.String(), f.End.String(), f.Sex, f.Age, drug, breakdown(f.Breakdown, "")}, "\x00")
}

// other finds the figure of another indicator that goes with f: of the same statement if there is one.
func (f *Figure) other(at map[string][]*Figure, indicator, drug string) (found *Figure) {
	for _, g := range at[f.about(indicator, drug)] {
		if found == nil || g.Statement == f.Statement && found.Statement != f.Statement {
			found = g
		}
	}
	return found
}

func orderly(f *Figure, r define.Rule, at map[string][]*Figure) []Finding {
	g := f.other(at, r.Second, f.Drug)
	if g == nil || g.Unit != f.Unit || f.Value <= g.Value {
		return nil
	}
	s := Error
	if f.Statement != g.Statement {
		s = Question
	}
	return []Finding{f.finding(r.Name, asks(s, f, g), Value{r.First, number(f.Value)}, Value{r.Second, number(g.Value)}, r.Second)}
}

func needed(f *Figure, r define.Rule, at map[string][]*Figure) []Finding {
	g := f.other(at, r.Second, f.Drug)
	if g == nil || f.Value <= 0 || g.Value >= 1 {
		return nil
	}
	return []Finding{f.finding("needs", asks(Error, f, g), Value{r.First, number(f.Value)}, Value{r.Second, number(g.Value)}, r.Second)}
}

// shareOf compares a printed share with the one that the counts give. A share of a drug is of the figure of all drugs.
func shareOf(f *Figure, r define.Rule, at map[string][]*Figure) []Finding {
	part := f.other(at, r.Second, f.Drug)
	drug := f.Drug
	if r.Second == r.Whole {
		drug = "all"
	}
	whole := f.other(at, r.Whole, drug)
	if part == nil || whole == nil || whole.Value == 0 || part == whole {
		return nil
	}
	return compared(f, "printed_share", r.Base*part.Value/whole.Value, part, whole)
}

func rateOf(f *Figure, r define.Rule, at map[string][]*Figure, facts Facts) []Finding {
	part := f.other(at, r.Second, f.Drug)
	if part == nil {
		return nil
	}
	people := 0.0
	if p := f.other(at, r.Whole, "all"); p != nil {
		people = p.Value
	} else if facts.Population != nil {
		people, _ = facts.Population(f.Place, f.End.Time().Year())
	}
	if people <= 0 {
		return nil
	}
	return compared(f, "printed_rate", r.Base*part.Value/people, part)
}

// compared asks about a printed value that is not the computed one.
func compared(f *Figure, rule string, computed float64, from ...*Figure) []Finding {
	same, cut := printed(f.Value, computed)
	if same {
		return nil
	}
	s := asks(Error, append(from, f)...)
	for _, g := range from {
		if cut || g.Statement != f.Statement {
			s = Question
		}
	}
	mark := ""
	if cut {
		mark = "cut"
	}
	return []Finding{f.finding(rule, s, Value{"check.label.printed", number(f.Value)}, Value{"check.label.computed", rounded(computed, decimals(f.Value)+1)}, mark)}
}

// summed compares an indicator summed over its drugs with another that counts the same people at once.
func summed(figures []Figure, facts Facts, at map[string][]*Figure) (out []Finding) {
	for _, r := range facts.Catalogue.Rules() {
		if r.Name != "sums" {
			continue
		}
		groups := map[string][]*Figure{}
		var keys []string
		for i := range figures {
			if f := &figures[i]; f.Indicator == r.First && f.Drug != "all" {
				k := f.without("drug")
				if groups[k] == nil {
					keys = append(keys, k)
				}
				groups[k] = append(groups[k], f)
			}
		}
		for _, k := range keys {
			list := groups[k]
			whole := list[0].other(at, r.Second, "all")
			if whole == nil || len(list) < 2 {
				continue
			}
			total := 0.0
			for _, p := range list {
				covered := false
				for _, q := range list {
					covered = covered || q != p && facts.Catalogue.Within("drug", p.Drug, q.Drug)
				}
				if !covered {
					total += p.Value
				}
			}
			if total != whole.Value {
				out = append(out, whole.finding("sums", Question, Value{r.Second, number(whole.Value)}, Value{r.First, number(round(total))}, r.First))
			}
		}
	}
	return out
}

// All runs every rule.
func All(figures []Figure, facts Facts) (out []Finding) {
	for _, rule := range []func([]Figure, Facts) []Finding{Single, Add, Related, Balance, Change, Conflict} {
		out = append(out, rule(figures, facts)...)
	}
	return out
}
