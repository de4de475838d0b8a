package access

import "slices"

// The acts. A new act needs a row in the policy below, a label "act.<name>" in the catalogue and nothing else.
const (
	ReportCreate  Act = "report.create"    // send a report
	ReportRead    Act = "report.read"      // see reports and what became of them
	ReportHandle  Act = "report.handle"    // receive, ask back, accept, refuse, link
	ReportAmend   Act = "report.amend"     // answer a question, correct, withdraw one's own report
	TipCreate     Act = "tip.create"       // unverified tip without an account
	IdentityRead  Act = "identity.read"    // see a person's pseudonym and erase dates; audited
	OccurrenceMrg Act = "occurrence.merge" // merge and unmerge occurrences
	ImportRun     Act = "import.run"       // import a file, undo an import
	MappingEdit   Act = "mapping.edit"     // make and change import mappings
	LabWrite      Act = "lab.write"        // enter laboratory results
	LabRelease    Act = "lab.release"      // release a result as second person
	RegistryRead  Act = "registry.read"    // substances, regions, organisations
	RegistryEdit  Act = "registry.edit"    // change names, status, families
	SeriesRead    Act = "series.read"      // counts, charts, maps
	SignalRead    Act = "signal.read"      // inbox
	SignalHandle  Act = "signal.handle"    // assign, validate, score
	SignalAssess  Act = "signal.assess"    // advise as panel member
	SignalDecide  Act = "signal.decide"    // decide on a signal
	AlertRead     Act = "alert.read"       // drafts and issued communications
	AlertDraft    Act = "alert.draft"      // write and change drafts
	AlertReview   Act = "alert.review"     // science review
	AlertClear    Act = "alert.clear"      // clear, refuse (second person)
	AlertIssue    Act = "alert.issue"      // issue, update, cancel
	AlertRetract  Act = "alert.retract"    // retract
	CommsReceive  Act = "alert.receive"    // read issued communications up to one's handling label
	PublicRead    Act = "public.read"      // public warnings and feed
	ForeignEnter  Act = "foreign.enter"    // enter or subscribe to foreign alerts
	ExportRun     Act = "export.run"       // export rows one may read
	DutyEdit      Act = "duty.edit"        // duty roster, deputies
	DueRead       Act = "due.read"         // own clocks and reminders
	AccountEdit   Act = "account.edit"     // invite, disable, roles
	OrgEdit       Act = "organisation.edit"
	PolicyRead    Act = "policy.read"    // who may see what
	AuditRead     Act = "audit.read"     // the journal
	RetentionEdit Act = "retention.edit" // retention rules, erasure
	BreachEdit    Act = "breach.edit"    // breach register
	SettingsEdit  Act = "settings.edit"
	BackupRun     Act = "backup.run"
	SelfEdit      Act = "self.edit"       // own password, second factor, language, tokens, deputies
	ViewEdit      Act = "view.edit"       // own views of lists
	SignIn        Act = "account.sign_in" // sign in, follow a one-time link, ask for a new password
	DueRemind     Act = "due.remind"      // send reminders and escalations: the system alone

	IndicatorRead  Act = "indicator.read"  // figures of the data collection, through disclosure control
	IndicatorWrite Act = "indicator.write" // enter and correct figures, facilities, studies
	IndicatorUse   Act = "indicator.use"   // say which of several figures is used
	EpisodeRead    Act = "episode.read"    // case records of treatment, register and deaths, without identities
	EpisodeWrite   Act = "episode.write"   // enter and correct them
	CheckResolve   Act = "check.resolve"   // resolve what a check asked, return it to the sender
	CheckAnswer    Act = "check.answer"    // answer a returned question
	EstimateRun    Act = "estimate.run"    // make and keep estimates
	ReleaseRun     Act = "release.run"     // release tables, read the ledger
	CatalogueEdit  Act = "catalogue.edit"  // who owes which return, by which form and when
)

// Grant gives a role an act within a scope.
type Grant struct {
	Role  Role
	Scope Scope
}

func all(scope Scope, roles ...Role) []Grant {
	gs := make([]Grant, len(roles))
	for i, r := range roles {
		gs[i] = Grant{r, scope}
	}
	return gs
}

func join(gs ...[]Grant) []Grant { return slices.Concat(gs...) }

// policy is the whole truth about permissions. Least data: who is not named has nothing.
var policy = map[Act][]Grant{
	ReportCreate:  all(Own, Reporter, LabAnalyst, Officer, Provider, PrisonHealth),
	ReportRead:    join(all(Organisation, Reporter, Provider, PrisonHealth), all(Addressed, LabAnalyst, LabReviewer), all(Everything, Officer, Epidemiology)),
	ReportHandle:  all(Everything, Officer),
	ReportAmend:   all(Organisation, Reporter, LabAnalyst, Provider, PrisonHealth, Officer),
	TipCreate:     all(Own, append(slices.Clone(Roles), Public)...),
	IdentityRead:  all(Organisation, Reporter, Provider, PrisonHealth),
	OccurrenceMrg: all(Everything, Officer),
	ImportRun:     join(all(Organisation, Reporter), all(Everything, Officer, Epidemiology)),
	MappingEdit:   join(all(Organisation, Reporter), all(Everything, Officer, Epidemiology)),
	LabWrite:      all(Addressed, LabAnalyst, LabReviewer),
	LabRelease:    all(Addressed, LabReviewer),
	RegistryRead:  all(Everything, Roles...),
	RegistryEdit:  all(Everything, Officer),
	SeriesRead:    all(Everything, Officer, Assessor, Approver, Liaison, Epidemiology, Author, Authority),
	SignalRead:    all(Everything, Officer, Assessor, Approver, Liaison, Epidemiology),
	SignalHandle:  all(Everything, Officer),
	SignalAssess:  all(Everything, Assessor, Officer),
	SignalDecide:  all(Everything, Officer, Approver),
	AlertRead:     all(Everything, Officer, Assessor, Approver, Liaison),
	AlertDraft:    all(Everything, Officer),
	AlertReview:   all(Everything, Assessor),
	AlertClear:    all(Everything, Approver),
	AlertIssue:    all(Everything, Officer, Approver),
	AlertRetract:  all(Everything, Approver),
	CommsReceive:  all(Everything, Roles...),
	PublicRead:    all(Everything, append(slices.Clone(Roles), Public)...),
	ForeignEnter:  all(Everything, Officer, Liaison),
	ExportRun:     join(all(Organisation, Reporter, Provider, PrisonHealth), all(Addressed, LabAnalyst, LabReviewer), all(Everything, Officer, Epidemiology, Assessor, Approver, Liaison)),
	DutyEdit:      all(Everything, Officer, Approver),
	DueRead:       all(Own, Roles...),
	AccountEdit:   all(Everything, Administrator),
	OrgEdit:       all(Everything, Administrator),
	PolicyRead:    all(Everything, Roles...),
	AuditRead:     join(all(Everything, Auditor, DataProtector), all(Organisation, Reporter, Provider, PrisonHealth, LabReviewer)),
	RetentionEdit: all(Everything, DataProtector),
	BreachEdit:    all(Everything, DataProtector),
	SettingsEdit:  all(Everything, Administrator),
	BackupRun:     all(Everything, Administrator),
	SelfEdit:      all(Own, Roles...),
	ViewEdit:      all(Own, Roles...),
	SignIn:        all(Own, append(slices.Clone(Roles), Public)...),
	DueRemind:     nil,

	// A figure crosses the wall only as a figure: rows are read by organisation, and what is shown of others goes through disclosure.
	IndicatorRead:  all(Everything, Roles...),
	IndicatorWrite: join(all(Organisation, Reporter, Provider, PrisonHealth), all(Everything, Epidemiology)),
	IndicatorUse:   all(Everything, Epidemiology),
	EpisodeRead:    join(all(Organisation, Reporter, Provider, PrisonHealth), all(Everything, Epidemiology)),
	EpisodeWrite:   join(all(Organisation, Reporter, Provider, PrisonHealth), all(Everything, Epidemiology)),
	CheckResolve:   all(Everything, Epidemiology),
	CheckAnswer:    join(all(Organisation, Reporter, Provider, PrisonHealth), all(Everything, Epidemiology)),
	EstimateRun:    all(Everything, Epidemiology),
	ReleaseRun:     all(Everything, Epidemiology),
	CatalogueEdit:  all(Everything, Epidemiology, Administrator),
}

// Acts lists every act of the policy in name order, for the page and for the tests that walk it.
func Acts() []Act {
	acts := make([]Act, 0, len(policy))
	for a := range policy {
		acts = append(acts, a)
	}
	slices.Sort(acts)
	return acts
}

// Grants returns the grants of act as declared.
func Grants(act Act) []Grant { return slices.Clone(policy[act]) }
