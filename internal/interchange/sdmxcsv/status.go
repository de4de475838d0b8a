package sdmxcsv

import (
	"strings"

	"github.com/baqylau/baqylau/internal/interchange"
)

// absences are the codes of CL_OBS_STATUS for a value that is missing, and what they mean here. Of the code list's missing values, H (holiday
// or weekend) is a figure that there cannot be.
var absences = map[string]interchange.Absence{
	"Q": interchange.Suppressed, "L": interchange.NotCollected, "O": interchange.NotKnown, "M": interchange.NotApplicable, "H": interchange.NotApplicable,
}

// written is the reverse.
var written = map[interchange.Absence]string{
	interchange.Suppressed: "Q", interchange.NotCollected: "L", interchange.NotKnown: "O", interchange.NotApplicable: "M",
}

// qualifiers are the codes of the centre's own attribute QUALIFIER; no cross-domain code list has them.
var qualifiers = map[string]interchange.Qualifier{
	"ABOUT": interchange.About, "MORE_THAN": interchange.MoreThan, "AT_LEAST": interchange.AtLeast,
}

// figure reads what an observation says. status may be several codes, as multi-valued attributes are written.
func figure(value, status, qualifier, release string) (f interchange.Figure) {
	for _, code := range strings.FieldsFunc(status, func(r rune) bool { return strings.ContainsRune(";,| ", r) }) {
		if a, ok := absences[code]; ok && f.Absence == "" {
			f.Absence = a
		}
		f.Provisional = f.Provisional || code == "P"
	}
	if value == "" && f.Absence == "" && status == "" {
		return f
	}
	f.Qualifier = qualifiers[qualifier]
	f.Provisional = f.Provisional || release == "PROVISIONAL"
	return f
}
