package indicator

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/riverqueue/river"
	"github.com/uptrace/bun"
)

// ExamineArgs is the job that lets the checks look at the figures of a country: of the indicators of an import, of those named, or of all.
type ExamineArgs struct {
	BatchID    string   `json:"batch_id,omitempty"`
	Country    string   `json:"country,omitempty"`
	Indicators []string `json:"indicators,omitempty"`
}

// Kind names the job.
func (ExamineArgs) Kind() string { return "indicator_examine" }

// Work registers the workers of the room. Every night, and when the node starts, the rules look at everything: imports of a command line without workers wait for that.
func (s *Service) Work(workers *river.Workers) []*river.PeriodicJob {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, j *river.Job[ExamineArgs]) error { return s.Examine(ctx, j.Args) }))
	return []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), func() (river.JobArgs, *river.InsertOpts) { return ExamineArgs{}, nil },
		&river.PeriodicJobOpts{RunOnStart: true})}
}

// turned counts an import that comes into force or out of it as a change of its indicators, and asks for the checks within the act.
func (s *Service) turned(ctx context.Context, tx *change.Tx, batch string) error {
	groups, err := touched(ctx, tx, batch)
	if err != nil {
		return err
	}
	var counters []string
	for country, codes := range groups {
		for _, code := range codes {
			counters = append(counters, counterOf(code, country))
		}
	}
	if err := moved(ctx, tx, counters); err != nil {
		return err
	}
	if s == nil || tx.Writer().Queue == nil { // a command line without workers
		return nil
	}
	return tx.Enqueue(ctx, ExamineArgs{BatchID: batch}, nil)
}

// Examine runs the rules and keeps what they ask; what they no longer ask is gone.
func (s *Service) Examine(ctx context.Context, args ExamineArgs) (err error) {
	defer baqylau.Wrap(&err, "indicator.Examine")
	today := change.Today(s.W.Now())
	groups := map[string][]string{args.Country: args.Indicators}
	if args.BatchID != "" {
		if groups, err = touched(ctx, s.W.DB.Read, args.BatchID); err != nil {
			return err
		}
	} else if args.Country == "" {
		if groups, err = everything(ctx, s.W.DB.Read); err != nil {
			return err
		}
	}
	for country, codes := range groups {
		if err := s.examine(ctx, country, related(codes), today); err != nil {
			return err
		}
	}
	return nil
}

// examine runs the rules over some indicators of a country, one after the other, and keeps what they ask as one act.
func (s *Service) examine(ctx context.Context, country string, codes []string, today baqylau.Date) error {
	var findings []check.Finding
	marks := map[string]bool{}
	figures := 0
	for _, code := range codes {
		found, err := Find(ctx, s.W.DB.Read, Question{Indicators: related([]string{code}), Country: country, AsOf: today})
		if err != nil {
			return err
		}
		of := map[string]bool{} // those of the indicator itself: the others are asked in their turn
		for i := range found {
			of[found[i].ID] = found[i].Indicator == code
		}
		for _, f := range check.All(Figures(found), s.Facts(today)) {
			if of[f.SubjectID] {
				findings = append(findings, f)
				marks[f.Rule+"\x00"+f.Mark] = true
			}
		}
		figures += len(found)
	}
	return s.W.Do(ctx, access.TheSystem(), access.CheckResolve, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("check", country, "", map[string]any{"indicators": len(codes), "figures": figures, "findings": len(findings)})
		if err := check.Keep(ctx, tx, findings); err != nil {
			return err
		}
		return gone(ctx, tx, codes, country, marks)
	})
}

// gone marks findings about these indicators that the rules no longer make.
func gone(ctx context.Context, tx *change.Tx, codes []string, country string, marks map[string]bool) error {
	for _, code := range codes {
		var open []struct{ ID, Rule, Mark string }
		if err := tx.NewRaw(`SELECT f.id, f.rule, f.mark FROM check_finding f JOIN observation o ON o.id = f.subject_id
			WHERE f.subject = 'observation' AND f.state IN ('open', 'returned', 'answered') AND o.indicator = ? AND o.country = ?`, code, country).Scan(ctx, &open); err != nil {
			return err
		}
		for _, f := range open {
			if marks[f.Rule+"\x00"+f.Mark] {
				continue
			}
			if _, err := tx.NewRaw("UPDATE check_finding SET state = 'gone', moved_at = ? WHERE id = ?", tx.Now.UnixMicro(), f.ID).Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// touched are the indicators of an import by country.
func touched(ctx context.Context, db bun.IDB, batch string) (map[string][]string, error) {
	return grouped(ctx, db, "SELECT DISTINCT country, indicator FROM observation WHERE batch_id = ?", batch)
}

func everything(ctx context.Context, db bun.IDB) (map[string][]string, error) {
	return grouped(ctx, db, "SELECT DISTINCT country, indicator FROM observation")
}

func grouped(ctx context.Context, db bun.IDB, query string, args ...any) (map[string][]string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string][]string{}
	for rows.Next() {
		var country, code string
		if err := rows.Scan(&country, &code); err != nil {
			return nil, err
		}
		out[country] = append(out[country], code)
	}
	return out, rows.Err()
}

// related adds the indicators that rules compare with some.
func related(codes []string) []string {
	in := map[string]bool{}
	var out []string
	add := func(code string) {
		if code != "" && !in[code] {
			in[code] = true
			out = append(out, code)
		}
	}
	for _, c := range codes {
		add(c)
	}
	for _, r := range define.Current().Rules() {
		for _, c := range codes {
			if c == r.First || c == r.Second || c == r.Whole {
				add(r.First)
				add(r.Second)
				add(r.Whole)
			}
		}
	}
	return out
}

// Facts are what the rules know from the registry.
func (s *Service) Facts(today baqylau.Date) check.Facts {
	book := s.Shelf.Book()
	return check.Facts{Catalogue: define.Current(), Today: today,
		Population: func(place string, year int) (float64, bool) {
			p, ok := book.PopulationIn(place, year)
			return float64(p.Persons), ok && p.Year == year
		},
		Parts: func(country string, on baqylau.Date) (out []string) {
			for _, r := range book.Regions(country) {
				if !r.Outside && (r.From.IsZero() || !on.Before(r.From)) && (r.To.IsZero() || !on.After(r.To)) {
					out = append(out, r.Code)
				}
			}
			return out
		}}
}

// Figures are the observations that have a value, as the rules see them.
func Figures(all []Observation) []check.Figure {
	out := make([]check.Figure, 0, len(all))
	for i := range all {
		o := &all[i]
		if o.Value == nil {
			continue
		}
		out = append(out, check.Figure{ID: o.ID, Indicator: o.Indicator, Unit: o.Unit, Country: o.Country, Place: o.Place, Start: o.Start, End: o.End, Cumulative: o.Cumulative, Sex: o.Sex, Age: o.Age,
			Drug: o.Drug, Breakdown: o.Breakdown, Statement: o.statement(), Issuer: o.said(), Value: *o.Value, Low: o.Low, High: o.High, Exact: o.Qualifier == Exact, Provisional: o.Provisional,
			Change: o.Detail.Change, OrgID: o.OrgID, Domain: o.Domain, BatchID: o.BatchID})
	}
	return out
}

// statement tells apart who says something, of which agencies and by which definition.
func (o *Observation) statement() string {
	return o.SourceID + "\x1f" + o.Issuer + "\x1f" + o.FacilityID + "\x1f" + o.Coverage + "\x1f" + o.Definition + "\x1f" + o.Citation
}

// said is who states a figure, in the words of the figure itself.
func (o *Observation) said() string {
	text, address := cited(o.Citation)
	for _, s := range []string{o.Issuer, text, address, o.SourceID} {
		if s != "" {
			return s
		}
	}
	return ""
}
