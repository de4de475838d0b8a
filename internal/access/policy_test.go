package access

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata/policy.txt anew")

var scopeNames = map[Scope]string{None: "-", Own: "own", Organisation: "organisation", Addressed: "addressed", Everything: "everything"}

// table is the whole policy as text: one line for each act and role that may do it, and the acts that nobody may.
func table() string {
	var b strings.Builder
	for _, act := range Acts() {
		n := 0
		for _, r := range append([]Role{Public}, Roles...) {
			if s := ScopeOf(Actor{ID: "x", OrgID: "o", Roles: []Role{r}}, act); s != None {
				fmt.Fprintf(&b, "%-18s %-24s %s\n", act, r, scopeNames[s])
				n++
			}
		}
		if n == 0 {
			fmt.Fprintf(&b, "%-18s %-24s\n", act, "(the system alone)")
		}
	}
	return b.String()
}

// A change of the policy shows in testdata/policy.txt, so that it is read by whoever reviews it. go test ./internal/access -update
func TestThePolicyIsAsDocumented(t *testing.T) {
	const name = "testdata/policy.txt"
	if *update {
		if err := os.WriteFile(name, []byte(table()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), table()); d != "" {
		t.Errorf("the policy differs from %s (- documented, + declared):\n%s", name, d)
	}
}

func TestWhatNobodyMayEverHave(t *testing.T) {
	as := func(r Role) Actor { return Actor{ID: "x", OrgID: "o", Roles: []Role{r}} }
	for _, x := range []struct {
		role Role
		acts []Act // that this role must not have
	}{
		{Administrator, []Act{ReportRead, IdentityRead, LabWrite, SignalRead, AlertRead, AuditRead, ExportRun, RetentionEdit}},
		{Auditor, []Act{ReportRead, IdentityRead, ExportRun, AccountEdit}},
		{DataProtector, []Act{ReportRead, IdentityRead, AccountEdit}},
		{Officer, []Act{IdentityRead, AccountEdit, AlertClear, AlertReview, LabRelease, RetentionEdit}},
		{Reporter, []Act{AccountEdit, OrgEdit, SettingsEdit, SignalRead, AlertRead, SeriesRead, RetentionEdit, BreachEdit, LabRelease}},
		{LabAnalyst, []Act{LabRelease}},
		{Approver, []Act{AlertDraft}},
	} {
		for _, act := range x.acts {
			if May(as(x.role), act) {
				t.Errorf("%s may %s", x.role, act)
			}
		}
	}
	public := Anyone(baqylau.Kazakh)
	for _, act := range Acts() {
		if May(public, act) != slices.Contains([]Act{PublicRead, TipCreate, SignIn}, act) {
			t.Errorf("public and %s: %v", act, May(public, act))
		}
		if May(Actor{ID: "x", OrgID: "o"}, act) {
			t.Errorf("an account without a role may %s", act)
		}
		for _, g := range Grants(act) {
			if g.Role != Public && !slices.Contains(Roles, g.Role) || g.Scope == None {
				t.Errorf("%s: grant %+v", act, g)
			}
		}
	}
	if err := Check(public, ReportRead); baqylau.CodeOf(err) != baqylau.Unauthentic {
		t.Errorf("public: %v", err)
	}
	if err := Check(as(Administrator), ReportRead); baqylau.CodeOf(err) != baqylau.Forbidden {
		t.Errorf("administrator: %v", err)
	}
	if err := CheckRow(as(Reporter), ReportRead, Row{OrgID: "other"}); baqylau.CodeOf(err) != baqylau.NotFound {
		t.Errorf("another's row: %v", err)
	}
}
