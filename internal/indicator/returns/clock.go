package returns

import (
	"context"
	"strconv"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/due"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/store"
)

// ahead is how many days before its term a return shows among what a sender has to do.
const ahead = 14

// fewestRows is how many rows a share of missing answers is worth a question.
const fewestRows = 20

// Daily is the job that looks at what is owed.
type Daily struct{}

// Kind names the job.
func (Daily) Kind() string { return "returns_daily" }

// Look keeps the clocks of the returns of this year and the last, and asks about periods that came incomplete.
func (s *Service) Look(ctx context.Context) (err error) {
	defer baqylau.Wrap(&err, "returns.Look")
	today := s.today()
	all, err := Datasets(ctx, s.W.DB.Read, today)
	if err != nil {
		return err
	}
	standings := map[string][]Standing{}
	var findings []check.Finding
	for i := range all {
		d := &all[i]
		now := today.Time().Year()
		if standings[d.Code], err = s.Standings(ctx, d, now-1, now, today); err != nil {
			return err
		}
		for _, x := range standings[d.Code] {
			more, err := s.incomplete(ctx, d, &x, today)
			if err != nil {
				return err
			}
			findings = append(findings, more...)
		}
	}
	return s.W.Do(ctx, access.TheSystem(), access.CheckResolve, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("dataset", "all", "", map[string]any{"datasets": len(all), "findings": len(findings)})
		for i := range all {
			for _, x := range standings[all[i].Code] {
				if err := clock(ctx, tx, &all[i], &x, today); err != nil {
					return err
				}
			}
		}
		if err := check.Keep(ctx, tx, findings); err != nil {
			return err
		}
		return settled(ctx, tx, findings)
	})
}

// clock opens or closes the due items of a period.
func clock(ctx context.Context, tx *change.Tx, d *Dataset, x *Standing, today baqylau.Date) error {
	object := d.Code + " " + x.Period.Key
	if x.Arrival != nil || !x.HasDue || !x.Owed || d.OrgID == "" {
		return due.Close(ctx, tx, "dataset", object, "")
	}
	if today.Before(x.Due.AddDays(-ahead)) || !x.Ended {
		return nil
	}
	roles, err := answerers(ctx, tx, d.OrgID)
	if err != nil {
		return err
	}
	until := x.Due.Time()
	until = time.Date(until.Year(), until.Month(), until.Day(), 18, 0, 0, 0, change.Zone)
	title := baqylau.Text{KK: d.Name.KK + ": " + x.Period.Key, RU: d.Name.RU + ": " + x.Period.Key, EN: d.Name.EN + ": " + x.Period.Key}
	for _, role := range roles {
		var open int
		kind := "return_" + string(role)
		if err := tx.NewRaw("SELECT count(*) FROM due_item WHERE object_type = 'dataset' AND object_id = ? AND kind = ? AND state = 'open' AND due_at = ?", object, kind, until.UnixMicro()).Scan(ctx, &open); err != nil {
			return err
		}
		if open > 0 { // opened anew its reminders would begin again every day
			continue
		}
		if err := due.Open(ctx, tx, due.Item{ObjectType: "dataset", ObjectID: object, Kind: kind, Title: title, Path: minePath, Role: role, OrgID: d.OrgID, DueAt: until, RemindAt: until.Add(-3 * 24 * time.Hour)}); err != nil {
			return err
		}
	}
	return nil
}

// answerers are the roles of an organisation's active people by which they send figures and answer questions.
func answerers(ctx context.Context, tx *change.Tx, org string) (out []access.Role, err error) {
	for _, role := range []access.Role{access.Reporter, access.Provider, access.PrisonHealth, access.Epidemiology} {
		var people int
		if err := tx.NewRaw("SELECT count(*) FROM account a JOIN account_role r ON r.account_id = a.id WHERE a.org_id = ? AND a.state = 'active' AND r.role = ?", org, string(role)).Scan(ctx, &people); err != nil {
			return nil, err
		}
		if people > 0 {
			out = append(out, role)
		}
	}
	return out, nil
}

// incomplete asks about units that did not report a period whose term is over, and about items that many of its rows lack.
func (s *Service) incomplete(ctx context.Context, d *Dataset, x *Standing, today baqylau.Date) (out []check.Finding, err error) {
	if x.Arrival == nil || !x.Ended {
		return nil, nil
	}
	finding := func(rule, mark string, severity check.Severity, first, second check.Value) {
		out = append(out, check.Finding{Rule: rule, Severity: severity, Subject: "dataset", SubjectID: d.Code, Mark: d.Code + "/" + x.Period.Key + mark, First: first, Second: second, Place: s.Home, Period: x.Period.Key, OrgID: d.OrgID, Domain: d.Domain})
	}
	if x.Expected > x.Arrival.Units && (!x.HasDue || today.After(x.Due)) {
		finding("dataset_units", "", check.Question, check.Value{Label: "check.label.units_reported", Text: strconv.Itoa(x.Arrival.Units)}, check.Value{Label: "check.label.units_expected", Text: strconv.Itoa(x.Expected)})
	}
	if x.Arrival.Rows < fewestRows || x.Arrival.Missing == 0 {
		return out, nil
	}
	items, err := s.MissingOf(ctx, d, x.Period.Key, today)
	if err != nil {
		return nil, err
	}
	for _, m := range items {
		severity, limit := check.Question, warnMissing
		if m.Share > badMissing {
			severity, limit = check.Error, badMissing
		}
		if m.Share > warnMissing {
			finding("dataset_missing", "/"+m.Item, severity, check.Value{Label: m.Item, Text: strconv.FormatFloat(100*m.Share, 'f', 1, 64) + " %"}, check.Value{Label: "check.label.most", Text: strconv.FormatFloat(100*limit, 'f', 0, 64) + " %"})
		}
	}
	return out, nil
}

// settled marks what is no longer asked of datasets.
func settled(ctx context.Context, tx *change.Tx, findings []check.Finding) error {
	asked := map[string]bool{}
	for _, f := range findings {
		asked[f.Rule+" "+f.Mark] = true
	}
	var open []struct{ ID, Rule, Mark string }
	if err := tx.NewRaw("SELECT id, rule, mark FROM check_finding WHERE subject = 'dataset' AND state IN "+waiting).Scan(ctx, &open); err != nil {
		return err
	}
	for _, f := range open {
		if asked[f.Rule+" "+f.Mark] {
			continue
		}
		if _, err := tx.NewRaw("UPDATE check_finding SET state = 'gone', moved_at = ? WHERE id = ?", store.Micros(tx.Now), f.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
