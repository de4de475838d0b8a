package admin

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

func TestOwnersReadTheEntriesOfTheirOwnData(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		enter := func(a access.Actor, id, owner string) {
			t.Helper()
			err := o.W.Do(context.Background(), a, access.SelfEdit, func(_ context.Context, tx *change.Tx) error { tx.Subject("signal", id, owner, nil); return nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		enter(police, "of-police", "police")
		enter(hospital, "of-hospital", "hospital")
		enter(dpo, "by-centre", "police")
		enter(dpo, "of-nobody", "")
		for _, x := range []struct {
			name     string
			actor    access.Actor
			sees, no []string
		}{
			{"police", police, []string{"of-police", "by-centre"}, []string{"of-hospital", "of-nobody", "Protector"}},
			{"hospital", hospital, []string{"of-hospital"}, []string{"of-police", "by-centre"}},
			{"protector", dpo, []string{"of-police", "of-hospital", "by-centre", "of-nobody", "Policeman"}, nil},
			{"health auditor", who("x", "hospital", baqylau.HealthDomain, access.Auditor), []string{"of-hospital", "of-nobody"}, []string{"of-police", "by-centre"}},
		} {
			body := o.as(x.actor)("GET", auditPath).body
			for _, s := range x.sees {
				if !strings.Contains(body, s) {
					t.Errorf("%s does not see %s", x.name, s)
				}
			}
			for _, s := range x.no {
				if strings.Contains(body, s) {
					t.Errorf("%s sees %s", x.name, s)
				}
			}
		}
		as := o.as(dpo)
		enter(dpo, "h", "hospital")
		if b := as("GET", auditPath+"?object=h").body; !strings.Contains(b, "signal") || !strings.Contains(b, "self.edit") {
			t.Error("an entry names no kind of row and no act")
		}
		if b := as("GET", auditPath+"?actor=p").body; !strings.Contains(b, ">Policeman<") {
			t.Error("the chip of an actor does not name them")
		}
		if b := as("GET", auditPath+"?actor=p").body; !strings.Contains(b, "of-police") || strings.Contains(b, "of-hospital") {
			t.Error("filter by actor")
		}
		if b := as("GET", auditPath+"?object=by-centre&act=self.edit").body; !strings.Contains(b, "by-centre") || strings.Contains(b, "of-police") {
			t.Error("filter by object")
		}
		if b := as("GET", auditPath+"?from=2026-11-28").body; strings.Contains(b, "of-police") {
			t.Error("filter by first day")
		}
		if b := as("GET", auditPath+"?from=2026-11-27&to=2026-11-27").body; !strings.Contains(b, "of-police") {
			t.Error("filter by one day")
		}
		if a := as("POST", auditPath+"/verify"); !strings.Contains(a.body, "The journal is whole") || !strings.Contains(a.body, "5 entries checked") {
			t.Errorf("verify: %+v", a)
		}
		o.exec("UPDATE audit_entry SET object_id = 'forged' WHERE seq = 2")
		if a := as("POST", auditPath+"/verify"); !strings.Contains(a.body, "Entry 2 of the journal was altered") {
			t.Errorf("a forged entry: %+v", a)
		}
	})
}

// An auditor sees the newest head that is kept outside, takes it away, and with it finds a journal that was written anew, on a machine that lacks the node key.
func TestAnAuditorKeepsAHead(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(access.Actor{ID: "a", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Auditor}, Lang: baqylau.English})
		if a := as("GET", headPath); a.status != http.StatusNotFound {
			t.Errorf("a head where none is kept: %d", a.status)
		}
		if a := as("GET", auditPath); a.status != http.StatusOK || strings.Contains(a.body, headPath) {
			t.Errorf("one is offered: %d", a.status)
		}
		ctx := context.Background()
		acts := func(n int) {
			for range n {
				if err := o.W.Do(ctx, access.TheSystem(), access.SettingsEdit, func(_ context.Context, tx *change.Tx) error {
					tx.Subject("setting", store.NewID(), "", nil)
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
		acts(3)
		o.Outside = &audit.Outside{Dir: t.TempDir(), Node: "n", Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}
		if _, err := o.Outside.Keep(ctx, o.W.DB.Read, audit.Head{}, o.W.Now()); err != nil {
			t.Fatal(err)
		}
		if a := as("GET", auditPath); !strings.Contains(a.body, headPath) || !strings.Contains(a.body, "entry 3") {
			t.Errorf("the newest head is not shown: %s", a.body)
		}
		away := filepath.Join(o.Outside.Dir, "heads-away.jsonl")
		if err := os.Mkdir(away, 0o700); err != nil { // cannot be read, as a share that has gone
			t.Fatal(err)
		}
		if a := as("GET", auditPath); a.status != http.StatusOK || strings.Contains(a.body, headPath) || !strings.Contains(a.body, "setting") {
			t.Errorf("the journal while the heads cannot be read: %d %s", a.status, a.body)
		}
		if a := as("GET", headPath); a.status != http.StatusServiceUnavailable {
			t.Errorf("a head that cannot be read: %d", a.status)
		}
		if err := os.Remove(away); err != nil {
			t.Fatal(err)
		}
		own, file := t.TempDir(), as("GET", headPath)
		if err := os.WriteFile(filepath.Join(own, "heads-mine.jsonl"), []byte(file.body), 0o600); err != nil {
			t.Fatal(err)
		}
		var signer struct{ Signer string }
		if err := json.Unmarshal([]byte(file.body), &signer); err != nil {
			t.Fatal(err, file.body)
		}
		key, err := hex.DecodeString(signer.Signer)
		if err != nil {
			t.Fatal(err)
		}
		verify := func() string {
			heads, err := audit.Heads(own)
			if err != nil || len(heads) != 1 {
				t.Fatal(heads, err)
			}
			r, err := audit.VerifyOutside(ctx, o.W.DB.Read, heads, key)
			if err != nil {
				t.Fatal(err)
			}
			return r.Fault
		}
		if acts(2); verify() != "" {
			t.Errorf("a whole journal is %s", verify())
		}
		o.exec("DELETE FROM audit_entry")
		o.exec("UPDATE audit_head SET seq = 0, hash = ''")
		if acts(7); verify() != audit.Rewritten {
			t.Errorf("a journal written anew is %q", verify())
		}
		if a := o.as(access.Actor{ID: "o", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Officer}})("GET", headPath); a.status != http.StatusForbidden {
			t.Errorf("who reads no journal: %d", a.status)
		}
	})
}

// A reader of the journal sees the receipts of the reports they read and of no others; a tip's receipt is its sender's key and stands in nobody's journal.
func TestTheJournalShowsNoReceiptBeyondTheReader(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.link("of-hospital", "hospital", baqylau.HealthDomain, "p1", "2027-01-01")
		o.link("of-clinic", "clinic", baqylau.HealthDomain, "p2", "2027-01-01")
		o.link("of-tip", "", baqylau.HealthDomain, "p3", "2027-01-01")
		for id, receipt := range map[string]string{"of-hospital": "R-2026-000001", "of-clinic": "R-2026-000002", "of-tip": "T-2026-000003-SECRETKY"} {
			o.exec("UPDATE report SET receipt = ? WHERE id = ?", receipt, id)
		}
		o.exec("UPDATE report SET kind = 'tip', domain = 'neutral' WHERE id = 'of-tip'")
		for _, x := range []struct {
			name     string
			actor    access.Actor
			sees, no []string
		}{
			{"nurse", hospital, []string{"R-2026-000001"}, []string{"R-2026-000002", "SECRETKY"}},
			{"nurse who audits", who("h", "hospital", baqylau.HealthDomain, access.Auditor, access.Reporter), []string{"R-2026-000001", "of-clinic", "of-tip"}, []string{"R-2026-000002", "SECRETKY"}},
			{"officer who audits", who("o", "centre", baqylau.NeutralDomain, access.Auditor, access.Officer), []string{"R-2026-000001", "R-2026-000002", "of-tip"}, []string{"SECRETKY"}},
			{"auditor", who("x", "centre", baqylau.NeutralDomain, access.Auditor), []string{"of-hospital", "of-clinic", "of-tip"}, []string{"R-2026", "SECRETKY"}},
		} {
			body := o.as(x.actor)("GET", auditPath).body
			for _, s := range x.sees {
				if !strings.Contains(body, s) {
					t.Errorf("%s does not see %s", x.name, s)
				}
			}
			for _, s := range x.no {
				if strings.Contains(body, s) {
					t.Errorf("%s sees %s", x.name, s)
				}
			}
		}
	})
}

// Every kind of row that an act writes about has a name on the journal's page.
func TestObjectsOfTheJournalHaveNames(t *testing.T) {
	subject := regexp.MustCompile(`\.Subject\("([a-z_]+)"`)
	found := 0
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile(name)
		for _, m := range subject.FindAllStringSubmatch(string(b), -1) {
			if found++; !locale.Has("code.object." + m[1]) {
				t.Errorf("%s: code.object.%s has no name", name, m[1])
			}
		}
		return err
	})
	if err != nil || found < 20 {
		t.Errorf("%d subjects, %v", found, err)
	}
}
