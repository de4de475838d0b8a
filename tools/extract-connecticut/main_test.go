package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"strings"
	"testing"
)

func pack(t *testing.T, s string) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

const sourceHeader = "Date,Date Type,Age,Sex,Race,Residence City,Residence County,Injury County,Death County,Cause of Death," +
	"Heroin,Fentanyl,Fentanyl Analogue,Xylazine,Morphine (Not Heroin),Other Opioid,Other\n"

func TestExtractKeepsOnlyWhatIsPublished(t *testing.T) {
	source := sourceHeader +
		"03/11/2016,Date of death,35,Male,White,HEBRON,TOLLAND,MNEW LONDON,,\"Acute  furanyl\nfentanyl intoxication\",y,Y,Y,,STOLE MEDS,PCP,U-47700\n" +
		"12/31/2023,Date reported,,Female,Black,OUT OF STATE,WESTCHESTER,,,Toxicity,,Y POPS,,,,Y,\n"
	var out bytes.Buffer
	if err := extract(pack(t, source), &out); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		strings.Join(header, "/"),
		"2016-03-11/Date of death/Tolland/35-44/Male/Acute furanyl fentanyl intoxication/U-47700; PCP/Heroin|Fentanyl|Fentanyl Analogue",
		"2023-12-31/Date reported///Female/Toxicity//Other Opioid",
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range want {
		if s := strings.Join(got[i], "/"); s != want[i] {
			t.Errorf("row %d:\n got %s\nwant %s", i, s, want[i])
		}
	}
}

func TestExtractRefusesDamagedRows(t *testing.T) {
	for name, row := range map[string]string{
		"date": "2016-03-11,Date of death,35,Male,,,,,,x,,,,,,,\n",
		"age":  "03/11/2016,Date of death,old,Male,,,,,,x,,,,,,,\n",
	} {
		err := extract(pack(t, sourceHeader+row), &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: error %v, want one that names line 2", name, err)
		}
	}
}

func TestAgeBandEdges(t *testing.T) {
	for age, want := range map[string]string{
		"13": "under 18", "17": "under 18", "18": "18-24", "24": "18-24", "25": "25-34", "34": "25-34", "35": "35-44",
		"44": "35-44", "45": "45-54", "54": "45-54", "55": "55-64", "64": "55-64", "65": "65+", "87": "65+",
	} {
		if got, err := ageBand(age); err != nil || got != want {
			t.Errorf("ageBand(%s) = %q, %v; want %q", age, got, err, want)
		}
	}
}
