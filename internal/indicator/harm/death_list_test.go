package harm_test

import (
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/death"
)

// The list of records is narrowed to those that a cell of a table counts: year, selection, sex, age and drug, each by the rules that count.
func TestTheDeathsBehindACell(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		heroin := certificate("2025-03-01", "X42", "T40.1")
		heroin.Substances = []death.Substance{{Name: "Heroin", Drug: "1.1", Role: death.Roles[0]}}
		h.keep(heroin)
		woman := certificate("2025-04-01", "X42", "T40.5")
		woman.Sex, woman.Age = "female", 50
		h.keep(woman)
		h.keep(certificate("2024-05-01", "X42", "T40.1"))
		h.keep(certificate("2025-06-01", "I21"))
		for query, want := range map[string]int{"": 4, "?year=2025": 3, "?year=2025&selection=B": 2, "?selection=B&sex=female": 1, "?selection=B&age=25-34": 2, "?age=15-64": 4, "?age=45-54": 1, "?drug=1": 1, "?drug=1.1&year=2025": 1, "?drug=2": 0, "?year=2023": 0} {
			page := h.visit(hospital, baqylau.English, "/deaths/records"+query, nil).Body.String()
			if n := strings.Count(page, `href="/deaths/records/01`); n != want {
				t.Errorf("%q shows %d records, not %d", query, n, want)
			}
		}
		if page := h.visit(otherHospital, baqylau.English, "/deaths/records?selection=B", nil).Body.String(); strings.Contains(page, `href="/deaths/records/01`) {
			t.Error("another hospital is shown records")
		}
		h.shows(h.visit(hospital, baqylau.Russian, "/deaths/records?drug=1.1&age=25-34", nil), "25-34")
	})
}
