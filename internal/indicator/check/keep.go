package check

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// Keep writes findings within an act. One that is known keeps its state and its note, and takes all else as it is now; where the values differ or it has become another sender's, it is open again.
func Keep(ctx context.Context, tx *change.Tx, findings []Finding) (err error) {
	defer baqylau.Wrap(&err, "check.Keep")
	for _, f := range findings {
		if _, err := tx.NewRaw(`INSERT INTO check_finding (id, rule, severity, subject, subject_id, mark, first_label, first_value, second_label, second_value, place, period, org_id, domain, batch_id, found_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (rule, mark) DO UPDATE SET severity = excluded.severity, subject = excluded.subject, subject_id = excluded.subject_id, batch_id = excluded.batch_id,
				state = CASE WHEN check_finding.first_value = excluded.first_value AND check_finding.second_value = excluded.second_value AND check_finding.org_id = excluded.org_id
					AND check_finding.state <> 'gone' THEN check_finding.state ELSE 'open' END,
				first_label = excluded.first_label, first_value = excluded.first_value, second_label = excluded.second_label, second_value = excluded.second_value,
				place = excluded.place, period = excluded.period, org_id = excluded.org_id, domain = excluded.domain`,
			store.NewID(), f.Rule, string(f.Severity), f.Subject, f.SubjectID, f.Mark, f.First.Label, f.First.Text, f.Second.Label, f.Second.Text, f.Place, f.Period, f.OrgID, string(f.Domain),
			store.Null(f.BatchID), store.Micros(tx.Now)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
