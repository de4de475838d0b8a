package access_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"pgregory.net/rapid"
)

var sides = []baqylau.Domain{baqylau.HealthDomain, baqylau.EnforcementDomain, baqylau.NeutralDomain}

// drawActor is anybody: any roles, any side, perhaps without organisation.
func drawActor(t *rapid.T) access.Actor {
	roles := rapid.SliceOfDistinct(rapid.SampledFrom(append(slices.Clone(access.Roles), access.Public)), func(r access.Role) access.Role { return r }).Draw(t, "roles")
	return access.Actor{ID: rapid.SampledFrom([]string{"", "a1", "a2"}).Draw(t, "id"), OrgID: rapid.SampledFrom([]string{"", "o1", "o2"}).Draw(t, "org"),
		Domain: rapid.SampledFrom(sides).Draw(t, "side"), Roles: roles}
}

func drawAct(t *rapid.T) access.Act { return rapid.SampledFrom(access.Acts()).Draw(t, "act") }

// Whatever the roles and the act, nobody on one side gets a row of the other.
func TestNobodyReachesOverTheWall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, act := drawActor(t), drawAct(t)
		r := access.Row{OrgID: rapid.SampledFrom([]string{"o1", "o2"}).Draw(t, "row org"), Addressee: rapid.SampledFrom([]string{"", "o1", "o2"}).Draw(t, "addressee"),
			OwnerID: rapid.SampledFrom([]string{"a1", "a2"}).Draw(t, "owner"), Domain: rapid.SampledFrom(sides[:2]).Draw(t, "row side")}
		if a.Domain != baqylau.NeutralDomain && a.Domain != r.Domain && access.MayRow(a, act, r) {
			t.Fatalf("%+v may %s on %+v", a, act, r)
		}
	})
}

// A role more never takes anything away.
func TestRolesOnlyAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, act := drawActor(t), drawAct(t)
		more := a
		more.Roles = append(slices.Clone(a.Roles), rapid.SampledFrom(access.Roles).Draw(t, "one more"))
		if access.ScopeOf(more, act) < access.ScopeOf(a, act) {
			t.Fatalf("%v lost %s with another role", a.Roles, act)
		}
	})
}

// The SQL of a list and the decision about one row are the same rule: over all kinds of rows, Where selects those that MayRow allows.
func TestListsAndRowsAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if _, err := db.Write.Exec("CREATE TABLE thing (id TEXT PRIMARY KEY, org_id TEXT NOT NULL, account_id TEXT NOT NULL, lab_org_id TEXT, domain TEXT NOT NULL)"); err != nil {
			t.Fatal(err)
		}
		rows := map[string]access.Row{}
		for _, org := range []string{"", "o1", "o2"} {
			for _, lab := range []string{"", "o1", "o2"} {
				for _, owner := range []string{"", "a1", "a2"} {
					for _, side := range sides {
						id := fmt.Sprint(len(rows))
						rows[id] = access.Row{OrgID: org, Addressee: lab, OwnerID: owner, Domain: side}
						if _, err := db.Write.NewRaw("INSERT INTO thing (id, org_id, account_id, lab_org_id, domain) VALUES (?, ?, ?, ?, ?)", id, org, owner, lab, string(side)).Exec(ctx); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		}
		seen := map[string]bool{}
		rapid.Check(t, func(rt *rapid.T) {
			a, act := drawActor(rt), drawAct(rt)
			key := fmt.Sprint(a, act)
			if seen[key] {
				return
			}
			seen[key] = true
			cond, args := access.Where(a, act, "x")
			var ids []string
			if err := db.Read.NewRaw("SELECT id FROM thing x WHERE 1=1 AND "+cond, args...).Scan(ctx, &ids); err != nil {
				rt.Fatal(err)
			}
			for id, r := range rows {
				if got, want := slices.Contains(ids, id), access.MayRow(a, act, r); got != want {
					rt.Fatalf("%+v, %s, %+v: listed %v, allowed %v", a, act, r, got, want)
				}
			}
		})
	})
}
