package tdi

// Item names one of the coded items of an episode.
type Item uint8

// The coded items.
const (
	Centre Item = iota
	Status
	Sex
	Referral
	LivingWith
	LivingChildren
	LivingWhere
	Education
	Labour
	Primary
	Route
	Frequency
	Polydrug
	Injecting
	InjectingYears
	HIV
	HCV
	Sharing
	OAT
	OATYears
	numItems
)

// items are the keys and lists of the coded items; keys are the field names of case files, forms and the API.
var items = [numItems]struct {
	key  string
	list *List
}{
	Centre: {"centre_type", Centres}, Status: {"ever_treated", Statuses}, Sex: {"sex", Sexes}, Referral: {"referral", Referrals}, LivingWith: {"living_with", Company},
	LivingChildren: {"living_children", Children}, LivingWhere: {"living_where", Places}, Education: {"education", Educated}, Labour: {"labour", Labours}, Primary: {"primary_drug", Drugs},
	Route: {"route", Routes}, Frequency: {"frequency", Frequent}, Polydrug: {"polydrug_problem", YesNo}, Injecting: {"injecting", Injected},
	InjectingYears: {"years_since_first_injection", Since}, HIV: {"hiv_test", Tested}, HCV: {"hcv_test", Tested}, Sharing: {"needle_sharing", Shared},
	OAT: {"oat_status", OATs}, OATYears: {"years_since_first_oat", OATSince},
}

// Items lists the coded items in the order of the protocol.
func Items() []Item {
	out := make([]Item, numItems)
	for i := range out {
		out[i] = Item(i)
	}
	return out
}

// Key is the item's name in files, forms and the API.
func (i Item) Key() string { return items[i].key }

// List is the item's answers.
func (i Item) List() *List { return items[i].list }
