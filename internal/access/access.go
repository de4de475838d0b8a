// Package access decides who may do what to which rows. One table (policy.go) answers every question: it authorises acts,
// yields the SQL row scope of every list, and is shown as the page "who may see what". The default is nothing.
// Above the table stands the wall: whoever belongs to a health organisation never gets an enforcement row and the other way round,
// whatever their roles.
package access

import (
	"slices"

	"github.com/baqylau/baqylau"
)

// Role is what a person is to the system, within an organisation.
type Role string

// The roles of the design, section 6. Public is everyone without an account.
const (
	Public        Role = "public"
	Reporter      Role = "reporter"
	Authority     Role = "authority"
	LabAnalyst    Role = "lab_analyst"
	LabReviewer   Role = "lab_reviewer"
	Officer       Role = "ews_officer"
	Assessor      Role = "assessor"
	Approver      Role = "approver"
	Liaison       Role = "liaison"
	Epidemiology  Role = "epidemiologist"
	Interviewer   Role = "interviewer"
	Author        Role = "author"
	Programme     Role = "programme_officer"
	Executor      Role = "plan_executor"
	Provider      Role = "service_provider"
	PrisonHealth  Role = "prison_health"
	DataProtector Role = "data_protection_officer"
	Administrator Role = "administrator"
	Auditor       Role = "auditor"
	System        Role = "system" // jobs and the command line on the server itself
)

// Roles lists every role that an account may hold, in the order of the policy page.
var Roles = []Role{Reporter, Authority, LabAnalyst, LabReviewer, Officer, Assessor, Approver, Liaison, Epidemiology, Interviewer,
	Author, Programme, Executor, Provider, PrisonHealth, DataProtector, Administrator, Auditor}

// Actor is who acts: a signed-in person, the public, or the system itself.
type Actor struct {
	ID     string // account identifier; "" for the public
	Name   string
	OrgID  string
	Domain baqylau.Domain // of the organisation; neutral for the centre, for laboratories of justice see organisation data
	Roles  []Role
	Lang   baqylau.Lang
	MaxTLP baqylau.TLP // highest handling label the organisation is trusted with
}

// Anyone is the actor of a request without an account.
func Anyone(l baqylau.Lang) Actor {
	return Actor{Roles: []Role{Public}, Lang: l, Domain: baqylau.NeutralDomain, MaxTLP: baqylau.TLPClear}
}

// TheSystem is the actor of jobs, imports from the command line and matching.
func TheSystem() Actor {
	return Actor{ID: "system", Name: "system", Roles: []Role{System}, Domain: baqylau.NeutralDomain, MaxTLP: baqylau.TLPRed, Lang: baqylau.English}
}

// Has reports whether the actor holds role r.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// SignedIn reports whether the actor is a person with an account.
func (a Actor) SignedIn() bool { return a.ID != "" && !a.Has(System) }

// Scope is how far an act reaches.
type Scope int

// Scopes, narrowest first.
const (
	None         Scope = iota
	Own                // rows the person entered
	Organisation       // rows of the person's organisation
	Addressed          // rows of the organisation and rows sent to it (laboratory work)
	Everything         // all rows on the person's side of the wall
)

// Act is something a person can do, named "room.act".
type Act string

// Row is what a decision about one row needs to know.
type Row struct {
	OrgID     string
	Addressee string // organisation the row was sent to, if any
	OwnerID   string
	Domain    baqylau.Domain
}

// ScopeOf is the widest scope that the policy gives the actor for act.
func ScopeOf(a Actor, act Act) Scope {
	widest := None
	for _, g := range policy[act] {
		if a.Has(g.Role) && g.Scope > widest {
			widest = g.Scope
		}
	}
	if a.Has(System) {
		return Everything
	}
	return widest
}

// May reports whether the actor may do act at all, on some row.
func May(a Actor, act Act) bool { return ScopeOf(a, act) > None }

// MayRow reports whether the actor may do act on row r.
func MayRow(a Actor, act Act, r Row) bool {
	if a.Has(System) {
		return true
	}
	if walled(a.Domain, r.Domain) {
		return false
	}
	switch ScopeOf(a, act) {
	case Everything:
		return true
	case Addressed:
		return a.OrgID != "" && (r.OrgID == a.OrgID || r.Addressee == a.OrgID)
	case Organisation:
		return a.OrgID != "" && r.OrgID == a.OrgID
	case Own:
		return a.ID != "" && r.OwnerID == a.ID
	}
	return false
}

// walled reports whether somebody of domain person must not see a row of domain row.
func walled(person, row baqylau.Domain) bool {
	return row != baqylau.NeutralDomain && row != "" && person != baqylau.NeutralDomain && person != row
}

// Check is May as an error: Unauthentic for the public, Forbidden for the signed in.
func Check(a Actor, act Act) error {
	if May(a, act) {
		return nil
	}
	if !a.SignedIn() {
		return baqylau.E(baqylau.Unauthentic, "error.sign_in")
	}
	return baqylau.E(baqylau.Forbidden, "error.forbidden")
}

// CheckRow is MayRow as an error. It says NotFound, so that "not yours" and "no such thing" look alike.
func CheckRow(a Actor, act Act, r Row) error {
	if err := Check(a, act); err != nil {
		return err
	}
	if !MayRow(a, act, r) {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	return nil
}

// Owned says by what rows are reached that the actor may do act on, where these are not all there are: the columns of which one holds the value. No columns: by
// no index. It is wider than Where, which decides.
func Owned(a Actor, act Act) (columns []string, value string) {
	if a.Has(System) {
		return nil, ""
	}
	switch ScopeOf(a, act) {
	case Addressed:
		return []string{"org_id", "lab_org_id"}, a.OrgID
	case Organisation:
		return []string{"org_id"}, a.OrgID
	}
	return nil, ""
}

// Where is the row scope of a list as an SQL condition over the table alias, which must have the columns org_id,
// account_id, domain and, for Addressed acts, lab_org_id. It is never empty, so that it can follow AND.
func Where(a Actor, act Act, alias string) (string, []any) {
	if a.Has(System) {
		return "1=1", nil
	}
	cond, args := "1=0", []any(nil)
	switch ScopeOf(a, act) {
	case Everything:
		cond = "1=1"
	case Addressed:
		if a.OrgID != "" {
			cond, args = "("+alias+".org_id = ? OR "+alias+".lab_org_id = ?)", []any{a.OrgID, a.OrgID}
		}
	case Organisation:
		if a.OrgID != "" {
			cond, args = alias+".org_id = ?", []any{a.OrgID}
		}
	case Own:
		if a.ID != "" {
			cond, args = alias+".account_id = ?", []any{a.ID}
		}
	}
	if a.Domain == baqylau.HealthDomain || a.Domain == baqylau.EnforcementDomain {
		cond = "(" + cond + " AND " + alias + ".domain IN ('neutral', ?))"
		args = append(args, string(a.Domain))
	}
	return cond, args
}
