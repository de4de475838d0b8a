package harm

import (
	"context"
	"database/sql"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/indicator/infection"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Study is a study of infections with where it comes from.
type Study struct {
	infection.Study
	Country   string
	Published bool // taken from a public source: nothing is left to hide
	Synthetic bool
	Note      string
	Held
}

func (x Study) said() string {
	x.Held = Held{}
	return digest(x)
}

var (
	studyColumns = append(strings.Fields(`kind title citation setting country place area start_on end_on recruitment people specimen published synthetic note`), heldColumns...)
	countColumns = strings.Fields(`study_id position measure breakdown tested positive`)
)

// studyLists are the codes that a study may use.
func studyLists() infection.Lists {
	return infection.Lists{Kinds: codelist.Codes("study-kind"), Settings: codelist.Codes("study-setting"), Recruitments: codelist.Codes("study-recruitment"), People: codelist.Codes("injector"), Specimens: codelist.Codes("specimen"),
		Measures: codelist.Codes("infection-measure"), Groups: codelist.Codes("infection-group")}
}

// RecordStudies writes studies within an act, as RecordDeaths does deaths.
func RecordStudies(ctx context.Context, tx *change.Tx, all []*Study) (outcomes []Outcome, err error) {
	defer baqylau.Wrap(&err, "harm.RecordStudies")
	refs := make([]slot, len(all))
	batch := ""
	for i, x := range all {
		if refs[i], batch = (slot{x.SourceID, x.SourceRef}), x.BatchID; x.SourceRef == "" {
			refs[i].ref = x.said()
		}
	}
	found, err := readStudies(ctx, tx, standingIn("infection_study", refs, batch))
	if err != nil {
		return nil, err
	}
	standing := map[slot]standingRow{}
	for _, x := range found {
		standing[slot{x.SourceID, x.SourceRef}] = standingRow{x.ID, x.said()}
	}
	outcomes = make([]Outcome, len(all))
	var rows, counts []any
	var asked []check.Finding
	for i, x := range all {
		if outcomes[i] = x.begin(tx, x.said(), standing); outcomes[i] == Same {
			continue
		}
		rows = append(rows, x.Kind, x.Title, x.Citation, x.Setting, x.Country, x.Place, x.Area, x.Start.String(), x.End.String(), x.Recruitment, x.People, x.Specimen, x.Published, x.Synthetic, x.Note)
		rows = append(rows, x.values(tx)...)
		for n, c := range x.Counts {
			counts = append(counts, x.ID, n, c.Measure, c.Breakdown, c.Tested, c.Positive)
		}
		for _, d := range x.Doubts() {
			f := x.finding("study", d.Rule, d.Grave, check.Value{Label: "infection.positive", Text: d.First}, check.Value{Label: "infection.tested", Text: d.Second}, x.Place, x.Start.Truncated(baqylau.Year))
			f.Mark += "/" + d.Of
			asked = append(asked, f)
		}
	}
	if err := tx.Insert(ctx, "infection_study", studyColumns, rows); err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, "infection_count", countColumns, counts); err != nil {
		return nil, err
	}
	return outcomes, check.Keep(ctx, tx, asked)
}

// Studies lists the studies of a country that were in force on a day, newest first. Whoever shows them sees to disclosure.
func Studies(ctx context.Context, db bun.IDB, country string, day baqylau.Date) (_ []Study, err error) {
	defer baqylau.Wrap(&err, "harm.Studies(%s)", country)
	where, args := held.InForce("infection_study", "r", day)
	return readStudies(ctx, db, []condition{{"r.country = ? AND " + where, append([]any{country}, args...)}})
}

const studySelect = `r.id, r.source_id, r.source_ref, r.org_id, r.account_id, r.domain, r.known_on, r.recorded_at, r.batch_id, r.supersedes_id, r.kind, r.title, r.citation, r.setting, r.country, r.place, r.area, r.start_on, r.end_on,
	r.recruitment, r.people, r.specimen, r.published, r.synthetic, r.note`

func readStudies(ctx context.Context, db bun.IDB, conditions []condition) (out []Study, err error) {
	for _, c := range conditions {
		from := len(out)
		rows, err := db.QueryContext(ctx, "SELECT "+studySelect+" FROM infection_study r WHERE "+c.sql+" ORDER BY r.start_on DESC, r.id", c.args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			x, err := scanStudy(rows)
			if err != nil {
				_ = rows.Close()
				return nil, err
			}
			out = append(out, x)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		if err := countsOf(ctx, db, c, out[from:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func scanStudy(rows *sql.Rows) (x Study, err error) {
	var known, start, end string
	var batch, supersedes sql.NullString
	var recorded int64
	if err := rows.Scan(&x.ID, &x.SourceID, &x.SourceRef, &x.OrgID, &x.AccountID, &x.Domain, &known, &recorded, &batch, &supersedes, &x.Kind, &x.Title, &x.Citation, &x.Setting, &x.Country, &x.Place, &x.Area, &start, &end,
		&x.Recruitment, &x.People, &x.Specimen, &x.Published, &x.Synthetic, &x.Note); err != nil {
		return x, err
	}
	x.BatchID, x.SupersedesID, x.Recorded = batch.String, supersedes.String, store.Time(recorded)
	for to, s := range map[*baqylau.Date]string{&x.Known: known, &x.Start: start, &x.End: end} {
		if *to, _, err = baqylau.ParseDate(s); err != nil {
			return x, err
		}
	}
	return x, nil
}

func countsOf(ctx context.Context, db bun.IDB, c condition, studies []Study) error {
	at := map[string]*Study{}
	for i := range studies {
		at[studies[i].ID] = &studies[i]
	}
	rows, err := db.QueryContext(ctx, "SELECT n.study_id, n.measure, n.breakdown, n.tested, n.positive FROM infection_study r JOIN infection_count n ON n.study_id = r.id WHERE "+c.sql+" ORDER BY n.study_id, n.position", c.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var n infection.Count
		if err := rows.Scan(&id, &n.Measure, &n.Breakdown, &n.Tested, &n.Positive); err != nil {
			return err
		}
		if x := at[id]; x != nil {
			x.Counts = append(x.Counts, n)
		}
	}
	return rows.Err()
}

// loadStudy reads one study in force that the actor may do act on. Code: NotFound, also for what is not theirs.
func loadStudy(ctx context.Context, db bun.IDB, actor access.Actor, act access.Act, id string) (x Study, err error) {
	where, args := held.InForce("infection_study", "r", held.Ever)
	found, err := readStudies(ctx, db, []condition{{"r.id = ? AND " + where, append([]any{id}, args...)}})
	if err != nil {
		return x, err
	}
	if len(found) == 0 {
		return x, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	return found[0], access.CheckRow(actor, act, access.Row{OrgID: found[0].OrgID, OwnerID: found[0].AccountID, Domain: found[0].Domain})
}

// KeepStudy records a study that a person enters, or corrects the one with the identifier id. Codes: Forbidden, Invalid with the field of each mistake, NotFound.
func (s *Service) KeepStudy(ctx context.Context, actor access.Actor, id string, x *Study) (err error) {
	defer baqylau.Wrap(&err, "harm.KeepStudy(%s)", id)
	if err := mayKeep(actor); err != nil {
		return err
	}
	if err := x.Check(s.today(), studyLists()); err != nil {
		return err
	}
	if region, ok := s.Shelf.Book().Region(x.Place); x.Place != s.Home && (!ok || region.Country != s.Home) {
		return baqylau.Errors{baqylau.E(baqylau.Invalid, "error.choose").On("place")}
	}
	if x.Published && x.Citation == "" { // nothing of it is hidden: what was published must be named
		return baqylau.Errors{baqylau.E(baqylau.Invalid, "infection.citation.missing").On("citation")}
	}
	return s.W.Do(ctx, actor, access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
		x.Country, x.OrgID, x.AccountID, x.Domain, x.SourceRef = s.Home, actor.OrgID, actor.ID, baqylau.HealthDomain, store.NewID()
		if id != "" {
			if err := held.Lock(ctx, tx, "infection_study"); err != nil {
				return err
			}
			before, err := loadStudy(ctx, tx, actor, access.IndicatorWrite, id)
			if err != nil {
				return err
			}
			x.SourceID, x.SourceRef, x.Country, x.Synthetic, x.OrgID, x.Domain = before.SourceID, before.SourceRef, before.Country, before.Synthetic, before.OrgID, before.Domain
		} else if x.SourceID, err = s.OwnSource(ctx, tx, actor.OrgID); err != nil {
			return err
		}
		outcomes, err := RecordStudies(ctx, tx, []*Study{x})
		if err != nil {
			return err
		}
		tx.Subject("study", x.ID, x.OrgID, map[string]any{"counts": len(x.Counts), "outcome": string(outcomes[0])})
		return nil
	})
}

// WithdrawStudy ends a study that should not be there. Codes: Forbidden, NotFound.
func (s *Service) WithdrawStudy(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "harm.WithdrawStudy(%s)", id)
	return s.W.Do(ctx, actor, access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
		if err := held.Lock(ctx, tx, "infection_study"); err != nil {
			return err
		}
		x, err := loadStudy(ctx, tx, actor, access.IndicatorWrite, id)
		if err != nil {
			return err
		}
		tx.Subject("study", id, x.OrgID, map[string]any{"withdrawn": true})
		return held.Withdraw(ctx, tx, "infection_study", id)
	})
}
