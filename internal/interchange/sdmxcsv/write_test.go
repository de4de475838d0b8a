package sdmxcsv

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

var flow = Flow{"KZ_DRUGS", "DRUG_INDICATORS", "1.0"}

func observation(f interchange.Figure) Observation {
	return Observation{RefArea: "KZ", Indicator: "REGISTER_STOCK", Drug: "_T", Sex: "_T", Age: "_T", Status: "_Z", Unit: "PS",
		Period: interchange.Months(2025, 1, 8), Figure: f}
}

// TestTheFiveValues: zero and the four absences as they stand in a message, in both editions.
func TestTheFiveValues(t *testing.T) {
	var list []Observation
	for _, f := range []interchange.Figure{{Value: "0"}, {Absence: interchange.Suppressed}, {Absence: interchange.NotCollected}, {Absence: interchange.NotKnown},
		{Absence: interchange.NotApplicable}, {Value: "18000", Qualifier: interchange.MoreThan, Provisional: true}} {
		list = append(list, observation(f))
	}
	list[0].Special = "B"
	var b bytes.Buffer
	if err := Write(&b, V1, flow, slices.Values(list)); err != nil {
		t.Fatal(err)
	}
	want := `DATAFLOW,REF_AREA,INDICATOR,DRUG,SEX,AGE,STATUS,UNIT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,QUALIFIER,RELEASE,COMMENT_OBS
KZ_DRUGS:DRUG_INDICATORS(1.0),KZ,REGISTER_STOCK,_T,_T,_T,_Z,PS,2025-01-01/P8M,0,B,EXACT,FINAL,
KZ_DRUGS:DRUG_INDICATORS(1.0),KZ,REGISTER_STOCK,_T,_T,_T,_Z,PS,2025-01-01/P8M,,Q,EXACT,FINAL,
KZ_DRUGS:DRUG_INDICATORS(1.0),KZ,REGISTER_STOCK,_T,_T,_T,_Z,PS,2025-01-01/P8M,,L,EXACT,FINAL,
KZ_DRUGS:DRUG_INDICATORS(1.0),KZ,REGISTER_STOCK,_T,_T,_T,_Z,PS,2025-01-01/P8M,,O,EXACT,FINAL,
KZ_DRUGS:DRUG_INDICATORS(1.0),KZ,REGISTER_STOCK,_T,_T,_T,_Z,PS,2025-01-01/P8M,,M,EXACT,FINAL,
KZ_DRUGS:DRUG_INDICATORS(1.0),KZ,REGISTER_STOCK,_T,_T,_T,_Z,PS,2025-01-01/P8M,18000,P,MORE_THAN,PROVISIONAL,
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
	b.Reset()
	if err := Write(&b, V2, flow, slices.Values(list[:1])); err != nil {
		t.Fatal(err)
	}
	if want := "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,INDICATOR,DRUG,SEX,AGE,STATUS,UNIT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,QUALIFIER,RELEASE,COMMENT_OBS\n" +
		"dataflow,KZ_DRUGS:DRUG_INDICATORS(1.0),I,KZ,REGISTER_STOCK,_T,_T,_T,_Z,PS,2025-01-01/P8M,0,B,EXACT,FINAL,\n"; b.String() != want {
		t.Error(b.String())
	}
}

// TestWhatIsWrittenIsRead: every figure, absence, qualifier and remark comes back, character for character, in both editions.
func TestWhatIsWrittenIsRead(t *testing.T) {
	code := rapid.StringMatching(`[A-Z0-9_@$\-]{1,8}`)
	draw := rapid.Custom(func(t *rapid.T) Observation {
		o := Observation{RefArea: code.Draw(t, "area"), Indicator: code.Draw(t, "indicator"), Drug: code.Draw(t, "drug"), Sex: code.Draw(t, "sex"), Age: code.Draw(t, "age"),
			Status: code.Draw(t, "status"), Unit: code.Draw(t, "unit"), Comment: rapid.StringMatching(`[ a-zәқ:"'<>&;,=\t\n\[\]]{0,12}`).Draw(t, "comment")}
		start := baqylau.NewDate(2020, 1, 1).AddDays(rapid.IntRange(0, 3000).Draw(t, "start"))
		o.Period = interchange.Period{Start: start, End: start.AddDays(rapid.IntRange(0, 800).Draw(t, "days"))}
		o.Provisional = rapid.Bool().Draw(t, "provisional")
		if rapid.Bool().Draw(t, "absent") {
			o.Absence = rapid.SampledFrom(interchange.Absences).Draw(t, "absence")
		} else {
			o.Value = rapid.StringMatching(`-?[0-9]{1,6}(\.[0-9]{1,3})?`).Draw(t, "value")
			o.Qualifier = rapid.SampledFrom(append([]interchange.Qualifier{""}, interchange.Qualifiers...)).Draw(t, "qualifier")
			o.Special = rapid.SampledFrom([]string{"", "B", "E", "I", "F", "N"}).Draw(t, "special")
		}
		return o
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(draw, 0, 6).Draw(t, "observations")
		for _, edition := range []Version{V1, V2} {
			var b bytes.Buffer
			if err := Write(&b, edition, flow, slices.Values(list)); err != nil {
				t.Fatal(err)
			}
			got, faults, err := collect(b.String())
			if err != nil || len(faults) > 0 || len(got) != len(list) {
				t.Fatalf("%v %v\n%s", err, faults, b.String())
			}
			for i, o := range list {
				period, _ := FormatPeriod(o.Period)
				want := line{"REF_AREA": o.RefArea, "INDICATOR": o.Indicator, "DRUG": o.Drug, "SEX": o.Sex, "AGE": o.Age, "STATUS": o.Status, "UNIT": o.Unit,
					"TIME_PERIOD": period, "OBS_VALUE": o.Value, "COMMENT_OBS": o.Comment, "note": o.Comment, "absence": string(o.Absence), "qualifier": string(o.Qualifier),
					"period_start": o.Period.Start.String(), "period_end": o.Period.End.String()}
				if o.Provisional {
					want["provisional"] = "true"
				}
				for _, name := range []string{"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "ACTION", "QUALIFIER", "RELEASE", "OBS_STATUS"} {
					if o.Special != "" && name == "OBS_STATUS" && got[i][name] != o.Special {
						t.Fatalf("status %q is %q", o.Special, got[i][name])
					}
					delete(got[i], name)
				}
				maps.DeleteFunc(want, func(_, text string) bool { return text == "" })
				if d := cmp.Diff(want, got[i]); d != "" {
					t.Fatal(d)
				}
			}
		}
	})
}

func TestWriterRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*Observation){
		"interchange.write.period": func(o *Observation) { o.Period = interchange.Period{} },
		"interchange.write.figure": func(o *Observation) { o.Absence = interchange.Suppressed },
		"interchange.write.code":   func(o *Observation) { o.Drug = "" },
		"interchange.write.text":   func(o *Observation) { o.Comment = "\x00" },
	} {
		bad := observation(interchange.Figure{Value: "1"})
		spoil(&bad)
		var e *baqylau.Error
		if err := Write(io.Discard, V1, flow, slices.Values([]Observation{observation(interchange.Figure{Value: "1"}), bad})); key(err) != want || !errors.As(err, &e) || e.Args["row"] != 2 {
			t.Errorf("%v; want %s", err, want)
		}
	}
	for _, s := range []string{"Q", "AB", "Z", "é"} {
		bad := observation(interchange.Figure{Value: "1"})
		bad.Special = s
		if err := Write(io.Discard, V1, flow, slices.Values([]Observation{bad})); key(err) != "interchange.write.code" {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func definition() Structure {
	s := Structure{Flow: flow, Name: baqylau.Text{KK: "Есірткі көрсеткіштері", RU: "Показатели по наркотикам", EN: "Drug indicators <&>"}, Codes: map[string][]Code{},
		Concepts: map[string]baqylau.Text{"DRUG": {KK: "Зат", RU: "Вещество", EN: "Drug"}}, Prepared: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC), Sender: "KZ_DRUGS"}
	for _, d := range Dimensions {
		s.Codes[d] = []Code{{"_T", baqylau.Text{EN: "Total"}}, {"_Z", baqylau.Text{EN: "Not applicable"}}}
	}
	return s
}

// outline is a document's elements with the attributes that matter, one path a line: how the definition compares with one made by others.
func outline(t *testing.T, b []byte) map[string]int {
	t.Helper()
	seen := map[string]int{}
	var path []string
	dec := xml.NewDecoder(bytes.NewReader(b))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return seen
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			path = append(path, e.Name.Local)
			seen[e.Name.Space+" "+strings.Join(path, "/")]++
			for _, a := range e.Attr {
				seen[strings.Join(path, "/")+"@"+a.Name.Local]++
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

// TestDefinitionHasTheShapeOfOthers: every element of the definition that pysdmx's own tests read stands in ours at the same place and in the
// same namespace, but for what is particular to it, and ours has nothing there that it and the code lists do not have.
func TestDefinitionHasTheShapeOfOthers(t *testing.T) {
	var b bytes.Buffer
	if err := definition().Write(&b); err != nil {
		t.Fatal(err)
	}
	ours, theirs := outline(t, b.Bytes()), outline(t, []byte(sample(t, "ml21-dsd-for-csv.xml")))
	particular := []string{"ConceptRole", "Header/Receiver", "Header/Source", "schemaLocation", "isExternalReference", "isPartial", "Description",
		"Attribute/AttributeRelationship/Dimension", "@xsi"}
	for path := range theirs {
		if ours[path] == 0 && !slices.ContainsFunc(particular, func(p string) bool { return strings.Contains(path, p) }) {
			t.Errorf("ours lacks %s", path)
		}
	}
	for path := range ours {
		if theirs[path] == 0 && !strings.Contains(path, "Codelist") && !strings.Contains(path, "Dataflow") && !strings.Contains(path, "LocalRepresentation") &&
			!strings.Contains(path, "@lang") {
			t.Errorf("only ours has %s", path)
		}
	}
}

// TestDefinitionFitsTheData: every component of a message is in the definition, with a code list that the definition holds, and every concept
// and list that is referred to exists.
func TestDefinitionFitsTheData(t *testing.T) {
	var b bytes.Buffer
	if err := definition().Write(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, c := range slices.Concat(Dimensions, []string{"TIME_PERIOD", "OBS_VALUE"}, Attributes) {
		if strings.Count(text, `<str:Concept id="`+c+`"`) != 1 {
			t.Errorf("no concept %s", c)
		}
	}
	for _, c := range slices.Concat(Dimensions, []string{"OBS_STATUS", "QUALIFIER", "RELEASE"}) {
		if strings.Count(text, `<str:Codelist id="CL_`+c+`"`) != 1 || strings.Count(text, `<Ref id="CL_`+c+`"`) != 1 {
			t.Errorf("the code list of %s is not there or not referred to", c)
		}
	}
	for _, s := range slices.Concat(slices.Collect(maps.Values(written)), []string{"A", "P", "EXACT", "FINAL", "PROVISIONAL"}, slices.Collect(maps.Keys(qualifiers))) {
		if !strings.Contains(text, `<str:Code id="`+s+`"`) {
			t.Errorf("no code %s", s)
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		if special.MatchString(string(c)) && !strings.Contains(text, `CL_OBS_STATUS(1.0).`+string(c)+`"`) {
			t.Errorf("an observation may have status %c, which the list lacks", c)
		}
	}
	var again bytes.Buffer
	if err := definition().Write(&again); err != nil || again.String() != text {
		t.Error("the same definition is written in two ways")
	}
	for what, spoil := range map[string]func(*Structure){
		"a code twice": func(s *Structure) { s.Codes["SEX"] = append(s.Codes["SEX"], s.Codes["SEX"][0]) },
		"no codes":     func(s *Structure) { delete(s.Codes, "SEX") },
		"an id":        func(s *Structure) { s.Codes["SEX"][0].ID = `"x` },
		"an agency":    func(s *Structure) { s.Flow.Agency = "<x>" },
	} {
		s := definition()
		spoil(&s)
		if err := s.Write(io.Discard); key(err) != "interchange.write.code" {
			t.Errorf("%s: %v", what, err)
		}
	}
}
