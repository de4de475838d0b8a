package mapping

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data/mappings"
)

var compareDates = cmp.Comparer(func(a, b baqylau.Date) bool { return a == b })

func TestShippedMappingsSurviveTheRoundTrip(t *testing.T) {
	paths, err := fs.Glob(mappings.FS, "*.yaml")
	if err != nil || len(paths) < 6 {
		t.Fatalf("found %v, %v", paths, err)
	}
	for _, p := range paths {
		b, err := mappings.FS.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(b); NoTarget(err) { // that of another room, which its own tests register
			continue
		}
		m := shipped(t, strings.TrimSuffix(p, ".yaml"))
		again := mustParse(t, string(m.YAML()))
		if d := cmp.Diff(m, again, compareDates); d != "" {
			t.Errorf("%s: %s", p, d)
		}
	}
}

func TestConnecticut(t *testing.T) {
	recs := mustRead(t, shipped(t, "connecticut"), file(t, "connecticut.csv"), "connecticut.csv")
	if len(recs) != 4 {
		t.Fatalf("%d records", len(recs))
	}
	for _, r := range recs {
		if len(r.Problems) > 0 {
			t.Errorf("row %d: %+v", r.Row, r.Problems)
		}
	}
	a, b, c := recs[0], recs[1], recs[2]
	equal(t, "date", a.Occurred.String(), "2016-02-29")
	equal(t, "known", a.Known, a.Occurred)
	equal(t, "death county wins", a.Region, "US-CT-013")
	equal(t, "kind", a.Kind, "death")
	equal(t, "age", *a.Age, 44)
	equal(t, "sex", a.Sex, "female")
	equal(t, "place", a.PlaceType, "home")
	equal(t, "notes", a.Notes, "Asthma\nEthanol: P")
	equal(t, "date type", a.Extra["Date Type"], "Date of death")
	equal(t, "substances", names(a), `"Acute intoxication by fentanyl, furanyl fentanyl and ethanol" Fentanyl [fentanyl analogues] [opioids]`)
	equal(t, "injury county after a wrong one", b.Region, "US-CT-015")
	equal(t, "sex X", b.Sex, "other")
	equal(t, "text columns", names(b), `"Combined effects of xylazine and cocaine" "PCP" "Mitrag" Cocaine Xylazine`)
	equal(t, "a county of another state is not Connecticut's", c.Region, "US-CT")
	equal(t, "odd yes", names(c), `"Acute fentanyl intoxication" Fentanyl`)
	equal(t, "remark in a flag column", c.Notes, "Morphine (Not Heroin): FAMILY SAYS NO")
	equal(t, "equal rows keep apart", recs[3].Key, c.Key+"-2")
}

func TestConnecticutExtract(t *testing.T) {
	data := "date,date_type,county,age_band,sex,cause,other,flags\n" +
		"2019-03-04,Date of death,New Haven,under 18,Male,Acute xylazine intoxication,,Xylazine|Any Opioid|Heroin death certificate (DC)\n" +
		"2019-03-05,Date of death,,65+,Female,Fentanyl toxicity,,Fentanyl|Novelty\n"
	recs := mustRead(t, shipped(t, "connecticut-extract"), []byte(data), "x.csv")
	equal(t, "substances", names(recs[0]), `"Acute xylazine intoxication" Xylazine [opioids] Heroin`)
	equal(t, "region", recs[0].Region, "US-CT-009")
	equal(t, "band", recs[0].AgeBand, "under 18")
	equal(t, "no county", recs[1].Region, "US-CT")
	equal(t, "a flag not foreseen", recs[1].Problems[0].Key, "import.code.unknown")
}

// TestDemonstrationExtractIsClean reads the whole file that the demonstration imports.
func TestDemonstrationExtractIsClean(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "..", "data", "demo", "connecticut-drug-deaths.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r, err := shipped(t, "connecticut-extract").Open(f, f.Name(), today)
	if err != nil {
		t.Fatal(err)
	}
	n, keys := 0, map[string]bool{}
	for rec, err := r.Next(); ; rec, err = r.Next() {
		if isEOF(err) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		n++
		keys[rec.Key] = true
		if len(rec.Problems) > 0 {
			t.Fatalf("row %d: %+v", rec.Row, rec.Problems)
		}
	}
	equal(t, "records", n, 11981)
	equal(t, "keys", len(keys), n)
}

func TestAllegheny(t *testing.T) {
	recs := mustRead(t, shipped(t, "allegheny"), file(t, "allegheny.csv"), "allegheny.csv")
	equal(t, "date", recs[0].Occurred.String(), "2015-03-09")
	equal(t, "first", names(recs[0]), "Heroin Acetyl Fentanyl")
	equal(t, "second", names(recs[1]), `U-47700 4-ANPP "Para-Fluorobutyryl Fentanyl/FIBF" Alcohol`)
	equal(t, "region", recs[1].Region, "US-PA-003")
}

func TestEcstasyDataJoinsItsContents(t *testing.T) {
	m := shipped(t, "ecstasydata")
	_, err := readAll(m, file(t, "ecstasydata-samples.csv"), "s.csv")
	equal(t, "without contents", keyIn(err), "import.join.missing")

	r, err := m.Open(bytes.NewReader(file(t, "ecstasydata-samples.csv")), "s.csv", today,
		WithJoin(bytes.NewReader(file(t, "ecstasydata-contents.csv")), "c.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var recs []Record
	for rec, err := r.Next(); err == nil; rec, err = r.Next() {
		recs = append(recs, rec)
	}
	equal(t, "records", len(recs), 3)
	equal(t, "contents of no sample", r.Unmatched(), 1)
	equal(t, "month known only", recs[0].Precision, baqylau.Month)
	equal(t, "day known", recs[1].Precision, baqylau.Day)
	equal(t, "substances", names(recs[0]), "MDMA Caffeine MDA")
	equal(t, "trace", recs[0].Substances[2].Role, "minor")
	equal(t, "unidentified", recs[1].Substances[1].Level, "not_identified")
	equal(t, "place", recs[1].PlaceType, "online")
	equal(t, "nothing found", len(recs[2].Substances), 0)
	equal(t, "a dash is no note", recs[0].Notes, "")
}

func TestUNC(t *testing.T) {
	m := shipped(t, "unc")
	alone := mustRead(t, m, file(t, "unc-analysis.csv"), "a.csv")
	equal(t, "lists", names(alone[0]), "fentanyl xylazine caffeine")
	equal(t, "trace", alone[0].Substances[2].Role, "minor")
	equal(t, "date", alone[0].Occurred.String(), "2021-10-15")
	equal(t, "form", alone[1].Form, "crystal")
	both := mustRead(t, m, file(t, "unc-analysis.csv"), "a.csv", WithJoin(bytes.NewReader(file(t, "unc-gcms.csv")), "g.csv"))
	equal(t, "with findings", names(both[0]), "fentanyl xylazine caffeine fentanyl caffeine")
	equal(t, "level", both[0].Substances[4].Level, "presumptive")

	grouped := mustRead(t, shipped(t, "unc-gcms"), file(t, "unc-gcms.csv"), "g.csv")
	equal(t, "occurrences", len(grouped), 2)
	equal(t, "grouped", names(grouped[0]), "fentanyl caffeine")
	equal(t, "earliest date", grouped[0].Occurred.String(), "2022-07-28")
	equal(t, "latest known", grouped[0].Known.String(), "2022-07-29")
	equal(t, "rows", grouped[0].More[0].Row, 4)
	equal(t, "warned", grouped[0].Problems[0].Key, "import.group.date")
	equal(t, "not faulty", grouped[0].Faulty(), false)
}
