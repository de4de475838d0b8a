package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// Identity is what is kept of a person: a keyed pseudonym of one domain, by which an organisation can tell that two of its reports are
// about the same person, and the day on which it is erased.
type Identity struct {
	Pseudonym string
	EraseOn   baqylau.Date
}

// ReadIdentity shows the pseudonym of a report to the organisation that sent it. The read itself is an act of the journal. Codes: NotFound when there is none or the report is
// another organisation's, Forbidden and Unauthentic from the policy.
func (s *Service) ReadIdentity(ctx context.Context, actor access.Actor, reportID string) (id Identity, err error) {
	defer baqylau.Wrap(&err, "intake.ReadIdentity(%s)", reportID)
	err = s.W.Do(ctx, actor, access.IdentityRead, func(ctx context.Context, tx *change.Tx) error {
		r, err := rowOf(ctx, tx, reportID)
		if err != nil {
			return err
		}
		if err := tx.Authorise(r.Row); err != nil {
			return err
		}
		var erase string
		if err := tx.NewRaw("SELECT pseudonym, erase_on FROM personal_link WHERE report_id = ? AND org_id = ?", reportID, actor.OrgID).Scan(ctx, &id.Pseudonym, &erase); err != nil {
			return store.One(err)
		}
		id.EraseOn = baqylau.MustDate(erase)
		tx.Subject("report", reportID, r.OrgID, map[string]any{"read": "identity"})
		return nil
	})
	return id, err
}
