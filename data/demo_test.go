package data

import (
	"slices"
	"testing"
	"time"
)

func TestConnecticutExtractHoldsOnlyWhatIsPublished(t *testing.T) {
	const file = "demo/connecticut-drug-deaths.csv.gz"
	counties, bands := set(t, "demo/connecticut-counties.csv", "county"), set(t, "codelists/age-band.csv", "code")
	deaths := rows(t, file)
	if len(deaths) != 11981 {
		t.Errorf("%d deaths, want 11981", len(deaths))
	}
	columns := []string{"date", "date_type", "county", "age_band", "sex", "cause", "other", "flags"}
	before := ""
	for i, row := range deaths {
		if row["county"] != "" && !counties[row["county"]] || row["age_band"] != "" && !bands[row["age_band"]] {
			t.Errorf("line %d: county %q, age band %q", i+2, row["county"], row["age_band"])
		}
		if _, err := time.Parse(time.DateOnly, row["date"]); err != nil || row["date"] < before {
			t.Errorf("line %d: date %q after %q", i+2, row["date"], before)
		}
		before = row["date"]
		for column := range row {
			if !slices.Contains(columns, column) {
				t.Fatalf("column %q is not one that is published", column)
			}
		}
	}
}
