package alert

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A doctor has chosen what reaches her. An officer who enters her address again changes nothing, not even after she ended her letters; and the
// journal names the subscription that there is.
func TestAPersonsOwnSubscriptionIsTheirs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		h.subscribe(t, doctor, baqylau.TLPAmber)
		rows := func() (out string) {
			t.Helper()
			if err := db.Read.NewRaw(`SELECT id || COALESCE(account_id,'-') || address || lang || max_tlp || min_severity || regions || token_hash || CAST(verified_at AS TEXT) || CAST(ended_at AS TEXT)
				FROM subscription`).Scan(ctx, &out); err != nil {
				t.Fatal(err)
			}
			return out
		}
		journal := func() (object, stored string) {
			t.Helper()
			if err := db.Read.NewRaw("SELECT object_id, (SELECT MAX(id) FROM subscription WHERE org_id = 'hospital') FROM audit_entry WHERE object_type = 'subscription' ORDER BY seq DESC LIMIT 1").
				Scan(ctx, &object, &stored); err != nil {
				t.Fatal(err)
			}
			return object, stored
		}
		before := rows()
		entry := Subscription{OrgID: "hospital", Address: "Doctor@Hospital.example", Lang: baqylau.Russian, MaxTLP: baqylau.TLPGreen, MinSeverity: baqylau.Red, Regions: []string{"KZ-35"}}
		wantCode(t, h.Add(ctx, officer, entry), baqylau.Conflict, "alert.error.subscribed_own")
		if after := rows(); after != before {
			t.Errorf("an officer's entry changed what a person set:\n%s\n%s", before, after)
		}
		h.subscribe(t, doctor, baqylau.TLPGreen) // she changes it: the row stays, and the journal names it
		if object, stored := journal(); object != stored {
			t.Errorf("the journal names %s, the row is %s", object, stored)
		}
		subs, err := Subscriptions(ctx, db.Read, doctor.ID)
		if err != nil || len(subs) != 1 {
			t.Fatal(subs, err)
		}
		if err := h.Unsubscribe(ctx, doctor, subs[0].ID); err != nil {
			t.Fatal(err)
		}
		before = rows()
		wantCode(t, h.Add(ctx, officer, entry), baqylau.Conflict, "alert.error.subscribed_own")
		if after := rows(); after != before {
			t.Errorf("what a person ended lives again by an officer's entry:\n%s\n%s", before, after)
		}
		h.subscribe(t, doctor, baqylau.TLPAmber)
		if object, stored := journal(); object != stored {
			t.Errorf("the journal names %s, the row is %s", object, stored)
		}
	})
}
