package harm

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/uptrace/bun"
)

// fact is what the counts need of a death.
type fact struct {
	year       int
	sex, age   string // age: a code of ageCodes
	region     string
	register   death.Register
	synthetic  bool
	*judgement // shared by all deaths that say the same
}

// judgement is what the selections make of causes, manner and poisons, as death.Selections.
type judgement struct {
	in      [4]bool
	rule    [4]string
	pattern string   // in which selections, "1010"
	drugs   []string // of the poisons, each once; "" is one that the list has no code for
}

// poisons is what the column of that name holds: the drug codes of what poisoned, "-" for none, "n" behind a new psychoactive one.
func poisons(r death.Record) string {
	var out []string
	for _, s := range r.Substances {
		if !s.Poisons() {
			continue
		}
		code := orElse(s.Drug, "-")
		if s.NPS {
			code += "n"
		}
		out = append(out, code)
	}
	return strings.Join(out, " ")
}

// parsePoisons turns such a column back into substances.
func parsePoisons(s string) (out []death.Substance) {
	for code := range strings.FieldsSeq(s) {
		drug, isNew := strings.CutSuffix(code, "n")
		if drug == "-" {
			drug = ""
		}
		out = append(out, death.Substance{Drug: drug, NPS: isNew, Role: death.Caused})
	}
	return out
}

// The engine strings the facts of a year together: a row for each death, and its substances beside it, took far longer to hand over than to count. What a judgement depends on stands last.
const factText = `r.died_on || '|' || r.sex || '|' || COALESCE(CAST(r.age AS TEXT), '') || '|' || r.age_band || '|' || r.region || '|' || CASE WHEN r.synthetic THEN '1' ELSE '' END || '|' ||
	r.register || '|' || r.underlying || '|' || r.causes || '|' || r.manner || '|' || r.poisons`

// facts reads what counting needs of the deaths of a country in force on a day.
func (s *Service) facts(ctx context.Context, db bun.IDB, country string, day baqylau.Date) (out []fact, err error) {
	defer baqylau.Wrap(&err, "harm.facts(%s)", country)
	where, args := counts(day)
	rows, err := db.QueryContext(ctx, "SELECT string_agg("+factText+", ';') FROM death r WHERE r.country = ? AND "+where+" GROUP BY substr(r.died_on, 1, 4)", append([]any{country}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	judge := s.judge()
	defer judge.mu.Unlock()
	for rows.Next() {
		var packed sql.RawBytes
		if err := rows.Scan(&packed); err != nil {
			return nil, err
		}
		for text := range strings.SplitSeq(string(packed), ";") {
			f, err := judge.fact(text)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	return out, rows.Err()
}

// judge remembers what it said of causes, from one question to the next: rules do not change while a node runs.
type judge struct {
	mu     sync.Mutex
	rules  death.Rules
	limits []string // days on which a rule begins, or after which it ends
	said   map[string]*judgement
	ages   map[string]string
}

// mostSaid is how many different causes are remembered.
const mostSaid = 100_000

// judge locks the room's judge for the caller.
func (s *Service) judge() *judge {
	j := &s.judged
	j.mu.Lock()
	if j.said == nil || len(j.said) > mostSaid {
		j.rules, j.limits, j.said, j.ages = s.Rules, nil, map[string]*judgement{}, map[string]string{}
		for _, r := range s.Rules {
			if !r.From.IsZero() {
				j.limits = append(j.limits, r.From.String())
			}
			if !r.To.IsZero() {
				j.limits = append(j.limits, r.To.AddDays(1).String())
			}
		}
		slices.Sort(j.limits)
	}
	return j
}

// fact reads one text of factText.
func (j *judge) fact(text string) (f fact, err error) {
	var head [6]string
	rest := text
	for i := range head {
		head[i], rest, _ = strings.Cut(rest, "|")
	}
	f = fact{sex: head[1], region: head[4], synthetic: head[5] == "1"}
	if f.year, err = strconv.Atoi(head[0][:min(4, len(head[0]))]); err != nil {
		return f, err
	}
	if f.age, err = j.age(head[2], head[3]); err != nil {
		return f, err
	}
	register, _, _ := strings.Cut(rest, "|")
	f.register = death.Register(register)
	era, _ := slices.BinarySearch(j.limits, head[0]+"\x00") // how many limits lie on the day or before
	key := rest
	if era > 0 {
		key += "|" + strconv.Itoa(era)
	}
	if f.judgement = j.said[key]; f.judgement == nil {
		f.judgement, err = j.causes(head[0], rest)
		j.said[strings.Clone(key)] = f.judgement // a part of a long text would keep all of it
	}
	return f, err
}

// causes tries the selections on a death of a day; text is what stands last in factText.
func (j *judge) causes(day, text string) (*judgement, error) {
	died, _, err := baqylau.ParseDate(day)
	if err != nil {
		return nil, err
	}
	part := strings.Split(text, "|")
	causes, err := death.ParseCodes(part[2])
	if err != nil {
		return nil, err
	}
	r := death.Record{Died: died, Register: death.Register(part[0]), Underlying: death.Code(part[1]), Causes: causes, Manner: death.Manner(part[3]), Substances: parsePoisons(part[4])}
	out, pattern := &judgement{}, []byte("0000")
	for i, sel := range death.Selections {
		var m death.Match
		m, out.in[i] = j.rules.Select(r, sel)
		out.rule[i] = m.Rule.Name
		if out.in[i] {
			pattern[i] = '1'
		}
	}
	out.pattern = string(pattern)
	for _, x := range r.Substances {
		if !slices.Contains(out.drugs, x.Drug) {
			out.drugs = append(out.drugs, x.Drug)
		}
	}
	return out, nil
}

// age is the code under which an age counts.
func (j *judge) age(years, band string) (string, error) {
	key := years + "|" + band
	if code, ok := j.ages[key]; ok {
		return code, nil
	}
	r := death.Record{Age: -1, Band: band}
	if years != "" {
		var err error
		if r.Age, err = strconv.Atoi(years); err != nil {
			return "", err
		}
	}
	code := r.BandOf()
	if code == death.OtherBand && r.IsAdult() {
		code = otherAdult
	}
	j.ages[key] = code
	return code, nil
}
