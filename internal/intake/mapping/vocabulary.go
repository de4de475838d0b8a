package mapping

// The closed lists a mapping may name. They are those of the field (domain text, Detection, Adverse event, Finding).
var (
	// Kinds says what one row reports.
	Kinds = []string{"seizure", "collected_sample", "biological_sample", "death", "acute_intoxication", "market_info"}
	// PlaceTypes says what sort of place it happened in.
	PlaceTypes = []string{"street", "post", "airport", "border", "lab_site", "prison", "school", "nightlife", "home", "online", "hospital", "other"}
	// Forms is the physical form of the product.
	Forms = []string{"powder", "crystal", "tablet", "capsule", "liquid", "e_liquid_vape", "herbal", "resin", "blotter", "edible",
		"nasal_spray", "paper_impregnated", "plant", "residue", "other", "unknown"}
	// Units of a quantity. Milligrams and tonnes are read too, and turned into grams and kilograms.
	Units = []string{"g", "kg", "ml", "l", "tablets", "blotters", "plants", "packages", "other"}
	// Sexes as recorded by the source; "unknown" is what a source states, an empty value is what it left out.
	Sexes = []string{"male", "female", "other", "unknown"}
	// Outcomes of an adverse event at the time of the report.
	Outcomes = []string{"died", "recovered", "recovering", "not_recovered", "sequelae", "unknown"}
	// Roles of a substance in the material.
	Roles = []string{"main", "minor", "adulterant", "diluent", "precursor", "metabolite"}
	// Levels of identification (baqylau.Levels as plain strings).
	Levels = []string{"not_identified", "presumptive", "tentative_structure", "confirmed"}
)

// vocabulary is the list a field's values must come from, or nil for free values.
var vocabulary = map[string][]string{
	"kind": Kinds, "place_type": PlaceTypes, "form": Forms, "unit": Units, "sex": Sexes, "outcome": Outcomes,
	"role": Roles, "level": Levels,
}

// sexWords are what agencies write where a code is meant, folded to lower case.
var sexWords = map[string]string{
	"m": "male", "f": "female", "man": "male", "woman": "female",
	"м": "male", "ж": "female", "муж": "male", "муж.": "male", "жен": "female", "жен.": "female",
	"мужской": "male", "женский": "female", "мужчина": "male", "женщина": "female", "неизвестно": "unknown", "не известно": "unknown",
	"ер": "male", "әйел": "female", "е": "male", "ә": "female", "белгісіз": "unknown",
	"x": "other", "u": "unknown", "unk": "unknown",
}

// unitWord is a unit of Units and the power of ten that leads to it.
type unitWord struct {
	unit  string
	shift int
}

// unitWords are unit names in the three languages, folded to lower case and without a final dot.
var unitWords = map[string]unitWord{
	"mg": {"g", -3}, "мг": {"g", -3}, "g": {"g", 0}, "gr": {"g", 0}, "gram": {"g", 0}, "grams": {"g", 0},
	"г": {"g", 0}, "гр": {"g", 0}, "грамм": {"g", 0}, "грамма": {"g", 0}, "граммов": {"g", 0},
	"kg": {"kg", 0}, "кг": {"kg", 0}, "килограмм": {"kg", 0}, "t": {"kg", 3}, "т": {"kg", 3}, "тонна": {"kg", 3}, "тонн": {"kg", 3},
	"ml": {"ml", 0}, "мл": {"ml", 0}, "l": {"l", 0}, "л": {"l", 0}, "литр": {"l", 0}, "литров": {"l", 0},
	"tablet": {"tablets", 0}, "tablets": {"tablets", 0}, "tab": {"tablets", 0}, "таб": {"tablets", 0}, "табл": {"tablets", 0},
	"таблетка": {"tablets", 0}, "таблетки": {"tablets", 0}, "таблеток": {"tablets", 0},
	"blotter": {"blotters", 0}, "blotters": {"blotters", 0}, "марка": {"blotters", 0}, "марок": {"blotters", 0},
	"plant": {"plants", 0}, "plants": {"plants", 0}, "куст": {"plants", 0}, "кустов": {"plants", 0}, "түп": {"plants", 0},
	"package": {"packages", 0}, "packages": {"packages", 0}, "упак": {"packages", 0}, "упаковка": {"packages", 0}, "упаковок": {"packages", 0},
	"пакет": {"packages", 0}, "пакетов": {"packages", 0}, "қаптама": {"packages", 0},
	"piece": {"other", 0}, "pcs": {"other", 0}, "шт": {"other", 0}, "штук": {"other", 0}, "дана": {"other", 0}, "other": {"other", 0},
}

// yesWords and noWords are what a flag column may hold when the mapping does not say, folded to lower case.
var (
	yesWords = map[string]bool{"y": true, "yes": true, "1": true, "true": true, "x": true, "+": true, "да": true, "д": true, "иә": true, "✓": true}
	noWords  = map[string]bool{"n": true, "no": true, "0": true, "false": true, "-": true, "нет": true, "н": true, "жоқ": true}
)
