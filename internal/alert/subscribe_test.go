package alert

import (
	"context"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
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

// A doctor subscribes while an officer enters her address: whoever comes second waits, and the officer's entry gives way. It is the same where an
// entry of the officer had ended before and both take that row up again.
func TestAnOfficersEntryGivesWayToAPersonAtTheSameMoment(t *testing.T) {
	for name, ended := range map[string]bool{"new": false, "ended before": true} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				h, ctx := build(t, db), context.Background()
				entry := Subscription{OrgID: "hospital", Address: "doctor@hospital.example", Lang: baqylau.Russian, MaxTLP: baqylau.TLPGreen, MinSeverity: baqylau.Red, Regions: []string{"KZ-35"}}
				if ended {
					if err := h.Add(ctx, officer, entry); err != nil {
						t.Fatal(err)
					}
					subs, err := Subscriptions(ctx, db.Read, "")
					if err != nil || len(subs) != 1 {
						t.Fatal(subs, err)
					}
					if err := h.Unsubscribe(ctx, officer, subs[0].ID); err != nil {
						t.Fatal(err)
					}
				}
				own := Subscription{AccountID: doctor.ID, OrgID: "hospital", Address: entry.Address, Lang: baqylau.Kazakh, MaxTLP: baqylau.TLPAmber, MinSeverity: baqylau.Yellow}
				added := make(chan error, 1)
				err := h.W.Do(ctx, doctor, access.SelfEdit, func(ctx context.Context, tx *change.Tx) error {
					if err := put(ctx, tx, own, ""); err != nil {
						return err
					}
					go func() { added <- h.Add(context.Background(), officer, entry) }()
					return waiting(ctx, db)
				})
				if err != nil {
					t.Fatal(err)
				}
				wantCode(t, <-added, baqylau.Conflict, "alert.error.subscribed_own")
				var account, most string
				var verified, n int64
				if err := db.Read.NewRaw("SELECT account_id, max_tlp, verified_at, (SELECT count(*) FROM subscription) FROM subscription").Scan(ctx, &account, &most, &verified, &n); err != nil {
					t.Fatal(err)
				}
				if account != doctor.ID || most != string(own.MaxTLP) || verified == 0 || n != 1 {
					t.Errorf("the doctor's own subscription became %s %s %d; %d rows", account, most, verified, n)
				}
			})
		})
	}
}

// waiting returns once a transaction waits for a row of another one. SQLite has one writer: the other has not begun there.
func waiting(ctx context.Context, db *store.DB) error {
	for db.Engine == store.Postgres {
		var n int
		if err := db.Read.NewRaw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(ctx, &n); err != nil || n > 0 {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}
