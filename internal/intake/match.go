package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/jobs"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/riverqueue/river"
	"github.com/uptrace/bun"
)

// MatchArgs is the job that looks for occurrences that may be one and the same, after a batch was revealed or a report came in.
type MatchArgs struct {
	BatchID      string   `json:"batch_id,omitempty"`
	Occurrences  []string `json:"occurrences,omitempty"`   // of the reports that were written together
	OccurrenceID string   `json:"occurrence_id,omitempty"` // as jobs of earlier versions say it
}

// Kind names the job.
func (MatchArgs) Kind() string { return "match" }

// InsertOpts lets letters, imports and detectors go first.
func (MatchArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Priority: jobs.Compare} }

// Matching weights: what two occurrences have in common, in points of 100. Place, time, substance and sample reference only, never persons.
// The weights are the project's own (no published standard covers event matching between agencies); the threshold lets a same-day,
// same-region report with a common substance through and a mere same-week one not.
const (
	pointsSample    = 60
	pointsRegion    = 10
	pointsPlace     = 5
	pointsSubstance = 30 // times the share of common substances
	matchDays       = 3
	matchThreshold  = 45
)

var pointsDay = [matchDays + 1]int{30, 20, 12, 6}

// traits are what matching knows of an occurrence.
type traits struct {
	id, region, place string
	occurred          baqylau.Date
	sources, samples  []string
	substances        []string
}

// Match proposes pairs for every occurrence of a batch, or for one. It runs as the system, decides nothing and proposes a pair once.
func (s *Service) Match(ctx context.Context, args MatchArgs) (err error) {
	defer baqylau.Wrap(&err, "intake.Match")
	ids := args.Occurrences
	if args.OccurrenceID != "" {
		ids = append(ids, args.OccurrenceID)
	}
	if args.BatchID != "" {
		ids = nil
		if err := s.W.DB.Read.NewRaw(`SELECT id FROM occurrence WHERE batch_id = ? AND NOT hidden AND merged_into IS NULL ORDER BY id`, args.BatchID).Scan(ctx, &ids); err != nil {
			return err
		}
	}
	for at := 0; at < len(ids); at += chunkRows {
		part, err := readTraits(ctx, s.W.DB.Read, ids[at:min(at+chunkRows, len(ids))])
		if err != nil {
			return err
		}
		found, err := s.candidates(ctx, part)
		if err != nil {
			return err
		}
		if err := s.propose(ctx, found); err != nil {
			return err
		}
	}
	return nil
}

// proposalRows is how many proposals one statement writes.
const proposalRows = 100

type proposal struct {
	a, b    string
	score   int
	reasons []string
}

// nearMost is how many proposals an occurrence gets from one look, the best ones.
const nearMost = 50

// candidates compares the occurrences of part with those of other sources that are near in place and time.
func (s *Service) candidates(ctx context.Context, part []traits) ([]proposal, error) {
	bySources := map[string][]traits{} // a job may have the reports of many senders
	for _, t := range part {
		k := strings.Join(slices.Sorted(slices.Values(t.sources)), " ")
		bySources[k] = append(bySources[k], t)
	}
	var ids []string
	for _, k := range slices.Sorted(maps.Keys(bySources)) {
		found, err := s.near(ctx, bySources[k])
		if err != nil {
			return nil, err
		}
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	near := map[string][]traits{} // by region and day
	for at := 0; at < len(ids); at += chunkRows {
		others, err := readTraits(ctx, s.W.DB.Read, ids[at:min(at+chunkRows, len(ids))])
		if err != nil {
			return nil, err
		}
		for _, o := range others {
			k := o.region + o.occurred.String()
			near[k] = append(near[k], o)
		}
	}
	var out []proposal
	for _, t := range part {
		var mine []proposal
		for _, day := range t.days() {
			for _, o := range near[t.region+day] {
				if p := compare(t, o); o.id != t.id && common(o.sources, t.sources) < len(o.sources) && p.score >= matchThreshold {
					mine = append(mine, p)
				}
			}
		}
		slices.SortFunc(mine, func(a, b proposal) int { return cmp.Or(b.score-a.score, cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b)) })
		out = append(out, mine[:min(nearMost, len(mine))]...)
	}
	return out, nil
}

// days are those on which a candidate for t may have occurred.
func (t traits) days() (days []string) {
	if t.region == "" || t.occurred.IsZero() {
		return nil
	}
	for d := -matchDays; d <= matchDays; d++ {
		days = append(days, t.occurred.AddDays(d).String())
	}
	return days
}

// near lists the occurrences in the regions and around the days of part that have a report of another source than theirs; all of part have the same sources.
func (s *Service) near(ctx context.Context, part []traits) (ids []string, err error) {
	days := map[string]map[string]bool{} // by region
	for _, t := range part {
		for _, day := range t.days() {
			if days[t.region] == nil {
				days[t.region] = map[string]bool{}
			}
			days[t.region][day] = true
		}
	}
	if len(days) == 0 {
		return nil, nil
	}
	var around []any // region and day, by turns
	for _, region := range slices.Sorted(maps.Keys(days)) {
		for _, day := range slices.Sorted(maps.Keys(days[region])) {
			around = append(around, region, day)
		}
	}
	theirs := part[0].sources
	sources, own := store.In(theirs)
	lying := func(only string) string {
		return "SELECT o.id FROM around a CROSS JOIN occurrence o WHERE o.region = a.region AND o.occurred_on = a.day AND o.only_source " + only + " AND o.merged_into IS NULL AND " + Visible("o")
	}
	// One question for all regions: planning took longer than answering. In three parts the index passes over what the sender alone has reported, which as "another source" it would
	// not. CROSS JOIN: SQLite keeps the order.
	err = s.W.DB.Read.NewRaw(`WITH around (region, day) AS (VALUES `+strings.TrimSuffix(strings.Repeat("(?, ?),", len(around)/2), ",")+`),
		lying (id) AS (`+lying("IS NULL")+` UNION ALL `+lying("< ?")+` UNION ALL `+lying("> ?")+`)
		SELECT DISTINCT l.id FROM lying l CROSS JOIN report r
		WHERE r.occurrence_id = l.id AND r.superseded_on IS NULL AND `+Visible("r")+` AND r.state IN (`+activeStates+`) AND r.source_id NOT IN (`+sources+`)`,
		slices.Concat(around, []any{theirs[0], theirs[0]}, own)...).Scan(ctx, &ids)
	return ids, err
}

// compare scores two occurrences and says why.
func compare(a, b traits) proposal {
	p := proposal{a: min(a.id, b.id), b: max(a.id, b.id)}
	add := func(points int, reason string) {
		if points > 0 {
			p.score += points
			p.reasons = append(p.reasons, reason)
		}
	}
	if common(a.samples, b.samples) > 0 {
		add(pointsSample, "match.sample")
	}
	if d := max(a.occurred.Sub(b.occurred), b.occurred.Sub(a.occurred)); d <= matchDays {
		add(pointsDay[d], "match.day")
	}
	if a.region == b.region {
		add(pointsRegion, "match.region")
	}
	if a.place == b.place && a.place != "unknown" {
		add(pointsPlace, "match.place")
	}
	if n := common(a.substances, b.substances); n > 0 {
		add(pointsSubstance*n/max(len(a.substances), len(b.substances)), "match.substance")
	}
	p.score = min(p.score, 100)
	return p
}

func common(a, b []string) (n int) {
	for _, v := range a {
		if slices.Contains(b, v) {
			n++
		}
	}
	return n
}

func readTraits(ctx context.Context, db bun.IDB, ids []string) (_ []traits, err error) {
	marks, args := store.In(ids)
	rows, err := db.QueryContext(ctx, `SELECT o.id, COALESCE(o.region,''), COALESCE(o.occurred_on,''), r.place_type, r.source_id, r.detail, COALESCE(f.substance_id,'')
		FROM occurrence o JOIN report r ON r.occurrence_id = o.id AND r.superseded_on IS NULL AND `+Visible("r")+` AND r.state IN (`+activeStates+`)
		LEFT JOIN finding f ON f.report_id = r.id AND f.superseded_on IS NULL WHERE o.id IN (`+marks+`) ORDER BY o.id`, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var out []traits
	for rows.Next() {
		var t traits
		var occurred, source, detail, substance string
		if err := rows.Scan(&t.id, &t.region, &occurred, &t.place, &source, &detail, &substance); err != nil {
			return nil, err
		}
		if t.occurred, _, err = baqylau.ParseDate(occurred); err != nil {
			return nil, err
		}
		if len(out) == 0 || out[len(out)-1].id != t.id {
			out = append(out, t)
		}
		last := &out[len(out)-1]
		var d Detail
		if err := json.Unmarshal([]byte(detail), &d); err != nil {
			return nil, err
		}
		last.sources = addOnce(last.sources, source)
		last.samples = addOnce(last.samples, d.SampleRef)
		last.substances = addOnce(last.substances, substance)
	}
	return out, rows.Err()
}

func addOnce(list []string, v string) []string {
	if v == "" || slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

func (s *Service) propose(ctx context.Context, found []proposal) error {
	if len(found) == 0 {
		return nil
	}
	return s.W.Do(ctx, access.TheSystem(), access.OccurrenceMrg, func(ctx context.Context, tx *change.Tx) error {
		for rows := range slices.Chunk(found, proposalRows) {
			var args []any
			for _, p := range rows {
				reasons, err := json.Marshal(p.reasons)
				if err != nil {
					return err
				}
				args = append(args, store.NewID(), p.a, p.b, p.score, string(reasons), tx.Now.UnixMicro())
			}
			if _, err := tx.NewRaw("INSERT INTO match_proposal (id, a_id, b_id, score, reasons, state, at) VALUES "+
				strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, 'proposed', ?),", len(rows)), ",")+" ON CONFLICT (a_id, b_id) DO NOTHING", args...).Exec(ctx); err != nil {
				return err
			}
		}
		tx.Subject("match_proposal", "", "", map[string]any{"proposed": len(found)})
		return nil
	})
}
