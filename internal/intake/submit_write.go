package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// sending is a submission on its way, and what became of it.
type sending struct {
	Submission
	tx      *change.Tx
	rec     Recorded
	refused error
}

// write records submissions that share a transaction, each an act of its own. What is refused by itself has its error in refused, and nothing of it is
// written. It may be called again after it failed, and leaves the submissions as they were.
func (s *Service) write(ctx context.Context, list []*sending) error {
	tx := list[0].tx
	in := make([]Incoming, len(list))
	for i, sub := range list {
		in[i], sub.refused = sub.Incoming, nil
		if in[i].SourceID == "" {
			var err error
			if in[i].SourceID, err = sourceOf(ctx, tx, sub.tx.Actor, s.Home); err != nil {
				return err
			}
		}
	}
	known, err := held(ctx, tx, in)
	if err != nil {
		return err
	}
	var good []*sending
	var reports []Incoming
	for i, sub := range list {
		if sub.refused = known.conflict(&in[i]); sub.refused == nil {
			good, reports = append(good, sub), append(reports, in[i])
		}
	}
	recs, err := record(ctx, tx, s.Shelf.Book(), reports, known, nil)
	if err != nil {
		return err
	}
	var match MatchArgs
	for i, sub := range good {
		sub.rec = recs[i]
		if err := s.attach(ctx, sub); err != nil {
			return err
		}
		if sub.rec.Outcome != Same && sub.rec.OccurrenceID != "" {
			match.Occurrences = append(match.Occurrences, sub.rec.OccurrenceID)
		}
	}
	if len(match.Occurrences) == 0 {
		return nil
	}
	return tx.Enqueue(ctx, match, nil)
}

// attach adds what a report brings with it, and says what the act was.
func (s *Service) attach(ctx context.Context, sub *sending) error {
	if sub.Then != nil {
		sub.Then(sub.rec)
	}
	said := map[string]any{"kind": string(sub.Kind), "channel": sub.Channel, "outcome": string(sub.rec.Outcome)}
	if sub.rec.Outcome != Same { // else the report has its files and its person already
		if err := addFiles(ctx, sub.tx, sub.rec.ReportID, sub.Files); err != nil {
			return err
		}
		if err := s.linkPerson(ctx, sub.tx, sub.rec.ReportID, &sub.Submission); err != nil {
			return err
		}
		said["findings"], said["questions"], said["files"] = len(sub.Findings), len(sub.Questions), len(sub.Files)
	}
	sub.tx.Subject("report", sub.rec.ReportID, sub.OrgID, said)
	return nil
}

func addFiles(ctx context.Context, tx *change.Tx, reportID string, files []File) error {
	for _, f := range files {
		if _, err := tx.NewRaw("INSERT INTO attachment (id, report_id, name, mime, size, sha256, content, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			store.NewID(), reportID, f.Name, f.MIME, len(f.Content), f.SHA256, f.Content, tx.Now.UnixMicro()).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// defaultRetention is how long a personal link is kept when the retention page has no rule for it, in days.
const defaultRetention = 365

func (s *Service) linkPerson(ctx context.Context, tx *change.Tx, reportID string, sub *Submission) error {
	if sub.PersonID == "" || sub.Domain == baqylau.NeutralDomain || s.Pseudonym == nil {
		return nil
	}
	days := defaultRetention
	err := tx.NewRaw("SELECT keep_days FROM retention_rule WHERE class = 'personal_link'").Scan(ctx, &days)
	if err != nil && baqylau.CodeOf(store.One(err)) != baqylau.NotFound {
		return err
	}
	_, err = tx.NewRaw(`INSERT INTO personal_link (id, report_id, domain, org_id, pseudonym, erase_on) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (report_id) DO UPDATE SET domain = excluded.domain, org_id = excluded.org_id, pseudonym = excluded.pseudonym, erase_on = excluded.erase_on`,
		store.NewID(), reportID, string(sub.Domain), tx.Actor.OrgID, s.Pseudonym(sub.Domain, sub.PersonID), tx.Today().AddDays(days).String()).Exec(ctx)
	return err
}
