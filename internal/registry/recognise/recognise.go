// Package recognise turns free text (causes of death, laboratory lines, officers' notes in Kazakh, Russian and English)
// into substance findings. It is pure: a Lexicon is built from names, and reading a text touches no disk, clock or network.
//
// The rule above all others: never guess. A name that more than one substance claims becomes a question, a word that looks
// like chemistry but is not in the lexicon is kept as unidentified, and a misspelling is mended only when exactly one name
// is near enough. See docs/recognition.md.
package recognise

// Status tells what a finding names: one substance or a class of substances.
type Status string

// The two kinds of finding.
const (
	Substance Status = "substance"
	Class     Status = "class"
)

// Use says where a name may be recognised.
type Use uint8

const (
	Auto  Use = iota // decided from the shape of the name: length, digits, whether it is an ordinary word
	Prose            // anywhere, in any case, inflected
	Exact            // anywhere, in any case, but not inflected: "план", not "планы"
	Cases            // anywhere, in any case, with case endings only: "альфаны", not adjectives
	Upper            // only in capitals inside a text that also has small letters: "ME", "NET"
	Alone            // only when it is the whole text, as in a spreadsheet cell
	Never            // kept for display, never recognised
)

// Name is one spelling of a substance or class. Text may be in any of the three languages and either script.
type Name struct {
	Text string
	Use  Use
	// Curated names outrank synonyms taken over from sources when two substances claim the same spelling.
	Curated bool
}

// Entry is a substance or class with its names. Key identifies it for the caller and must be unique; Preferred is shown in
// findings and is itself recognised. InChIKey may be empty: many materials and all classes have none. An Antidote that a text says
// was given ("Narcan administered") is treatment, not a finding.
type Entry struct {
	Key       string
	Preferred string
	InChIKey  string
	Class     bool
	Antidote  bool
	Names     []Name
}

// Ambiguous is a name with several possible meanings: street names above all. Candidates are entry keys, likeliest first.
// It becomes a question even if one of the candidates has it among its names. With All the name means every candidate at
// once ("Dextro/Levo Methorphan"), and each becomes a finding.
type Ambiguous struct {
	Name       string
	Use        Use
	Candidates []string
	All        bool
}

// Finding is a substance or class named in a text. Start and End are byte offsets; Matched is text[Start:End].
type Finding struct {
	Key      string `json:"-"`
	Name     string `json:"name"`
	InChIKey string `json:"inchikey"`
	Status   Status `json:"status"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	Matched  string `json:"matched"`
}

// Question asks a person which of several substances an ambiguous name means. Keys runs parallel to Candidates.
type Question struct {
	Matched    string   `json:"matched"`
	Candidates []string `json:"candidates"`
	Keys       []string `json:"-"`
	Start      int      `json:"start"`
	End        int      `json:"end"`
}

// Unidentified is a word that looks like the name of a substance but is not known.
type Unidentified struct {
	Matched string `json:"matched"`
	Start   int    `json:"start"`
	End     int    `json:"end"`
}

// Result is what one text says: at most one finding per distinct substance, in order of first mention.
type Result struct {
	Text         string         `json:"text"`
	Findings     []Finding      `json:"findings"`
	Questions    []Question     `json:"questions"`
	Unidentified []Unidentified `json:"unidentified"`
}
