package admin

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// link writes a report of an organisation with a personal link that ends on a day.
func (o *office) link(id, org string, domain baqylau.Domain, pseudonym, eraseOn string) {
	o.t.Helper()
	err := o.W.Do(context.Background(), access.TheSystem(), access.ReportCreate, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("report", id, org, nil)
		if _, err := tx.NewRaw("INSERT INTO source (id, code, name, country, domain) VALUES ('src', 'src', '{}', 'KZ', 'neutral') ON CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`INSERT INTO report (id, receipt, kind, channel, state, org_id, account_id, domain, source_id, content_hash, country, known_on, recorded_at)
			VALUES (?, ?, 'seizure', 'form', 'received', ?, 'p', ?, 'src', 'x', 'KZ', '2026-01-01', 0)`, id, id, org, string(domain)).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("INSERT INTO personal_link (id, report_id, domain, org_id, pseudonym, erase_on) VALUES (?, ?, ?, ?, ?, ?)", "link-"+id, id, string(domain), org, pseudonym, eraseOn).Exec(ctx)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestErasureLeavesNoPseudonym(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		gone, kept := strings.Repeat("0ddba11", 9), strings.Repeat("cafe", 16)
		o.link("r1", "hospital", baqylau.HealthDomain, gone, "2026-11-27")
		o.link("r2", "police", baqylau.EnforcementDomain, gone+"f", "2026-11-26")
		o.link("r3", "police", baqylau.EnforcementDomain, kept, "2026-11-28")
		if n, err := o.Erase(context.Background(), admin); baqylau.CodeOf(err) != baqylau.Forbidden || n != 0 {
			t.Errorf("administrator erased: %d, %v", n, err)
		}
		if a := o.as(dpo)("GET", retentionPath); a.status != 200 || !strings.Contains(a.body, "due for erasure") {
			t.Errorf("page %d", a.status)
		}
		if a := o.as(dpo)("POST", retentionPath+"/erase"); a.location != retentionPath {
			t.Fatalf("%+v", a)
		}
		if n := o.count("SELECT count(*) FROM personal_link"); n != 1 {
			t.Errorf("%d links left, want 1", n)
		}
		if n := o.count("SELECT count(*) FROM report"); n != 3 {
			t.Errorf("%d reports, want all 3", n)
		}
		if n := o.count("SELECT count(*) FROM audit_entry WHERE act = 'retention.edit' AND object_type = 'personal_link'"); n != 2 {
			t.Errorf("%d entries, want one for each organisation", n)
		}
		if n := o.count("SELECT count(*) FROM audit_entry WHERE detail LIKE ?", "%"+gone+"%"); n != 0 {
			t.Error("the journal holds the pseudonym")
		}
		if o.W.DB.Engine == store.SQLite {
			var file string
			if err := o.W.DB.Read.QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{file, file + "-wal"} {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if bytes.Contains(b, []byte(gone)) {
					t.Errorf("%s still holds an erased pseudonym", name)
				}
				if name == file && !bytes.Contains(b, []byte(kept)) {
					t.Error("the kept pseudonym is not found, so the test looks in the wrong place")
				}
			}
		}
		if n, err := o.Erase(context.Background(), access.TheSystem()); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
	})
}

func TestRetentionRuleIsWhatIntakeReads(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(dpo)
		if a := as("POST", retentionPath, "days", "0", "basis", "x"); a.status != 422 {
			t.Errorf("zero days: %d", a.status)
		}
		if a := as("POST", retentionPath, "days", "90", "basis", "Order 1", "verified", "1"); a.location != retentionPath {
			t.Fatalf("%+v", a)
		}
		if n := o.count("SELECT keep_days FROM retention_rule WHERE class = 'personal_link'"); n != 90 {
			t.Errorf("%d days", n)
		}
		if a := as("GET", retentionPath); !strings.Contains(a.body, "Order 1") {
			t.Error("the rule is not shown")
		}
	})
}

func TestSweepRemovesWhatHasEnded(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		past, soon := o.now.Add(-time.Hour).UnixMicro(), o.now.Add(time.Hour).UnixMicro()
		o.exec("INSERT INTO session (token_hash, account_id, data, expires_at, started_at) VALUES ('a', 'p', '{}', ?, 0), ('b', 'p', '{}', ?, 0)", past, soon)
		if err := o.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := o.count("SELECT count(*) FROM session"); n != 1 {
			t.Errorf("%d sessions left", n)
		}
	})
}

// The public page needs no account and says how long a code is kept once a rule does.
func TestAnybodyReadsWhatIsKept(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(access.Anyone(baqylau.English))
		if a := as("GET", PrivacyPath); a.status != http.StatusOK || !strings.Contains(a.body, "without names") || strings.Contains(a.body, "erased after") {
			t.Errorf("%+v", a)
		}
		if err := o.SetRule(context.Background(), dpo, Rule{Class: personalLink, KeepDays: 90, Basis: "order 1"}); err != nil {
			t.Fatal(err)
		}
		if a := as("GET", PrivacyPath); !strings.Contains(a.body, "erased after 90 days") {
			t.Errorf("%+v", a)
		}
	})
}
