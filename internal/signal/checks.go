package signal

// Checks are the questions of validation with their answers, each a value of code list check_<question>: what local drug information
// systems ask before they believe a report (relevance, area, likely spread, supply by internet, first or second hand, plausibility
// without forensics).
type Checks map[string]string

// Question is one question of validation and its possible answers.
type Question struct {
	Name    string
	Answers []string
}

// Questions lists the questions in the order of the form.
var Questions = []Question{
	{"relevance", []string{"relevant", "partly", "not"}},
	{"area", []string{"one_place", "region", "several_regions", "abroad"}},
	{"spread", []string{"contained", "possible", "likely"}},
	{"internet", []string{"yes", "no", "unknown"}},
	{"origin", []string{"first_hand", "second_hand", "media"}},
	{"plausible", []string{"yes", "doubtful", "no"}},
}
