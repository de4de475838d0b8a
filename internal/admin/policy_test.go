package admin

import (
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
)

func TestReportersAreDeniedEveryPageButPolicyAndTheirJournal(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(police)
		for path, want := range map[string]int{settingsPath: 403, orgPath: 403, orgPath + "/new": 403, orgPath + "/police": 403, retentionPath: 403, breachPath: 403, policyPath: 200, auditPath: 200} {
			if a := as("GET", path); a.status != want {
				t.Errorf("%s: %d, want %d", path, a.status, want)
			}
		}
		for _, path := range []string{settingsPath, orgPath + "/new", orgPath + "/police", retentionPath, retentionPath + "/erase", breachPath + "/new"} {
			if a := as("POST", path); a.status != 403 {
				t.Errorf("POST %s: %d", path, a.status)
			}
		}
	})
}

func TestThePolicyPageNamesEveryActInThreeLanguages(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		for _, act := range access.Acts() {
			if !locale.Has("act." + string(act)) {
				t.Errorf("no label for %s", act)
			}
		}
		a := o.as(admin)("GET", policyPath)
		for _, act := range access.Acts() {
			if !strings.Contains(a.body, string(act)) {
				t.Errorf("%s is not on the page", act)
			}
		}
	})
}
