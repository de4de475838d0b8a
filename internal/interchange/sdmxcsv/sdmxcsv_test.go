package sdmxcsv

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

type line map[string]string

func collect(text string) (list []line, faults []string, _ error) {
	table, err := FromCSV(interchange.CSV(strings.NewReader(text)))
	if err != nil {
		return nil, nil, err
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return list, faults, nil
		}
		if err != nil {
			return list, faults, err
		}
		l := line{}
		for i, c := range row.Cells {
			if c != "" {
				l[table.Header()[i]] = c
			}
		}
		list = append(list, l)
		for _, f := range row.Faults {
			faults = append(faults, f.Key+" "+table.Header()[f.Cell]+" "+f.Value)
		}
	}
}

func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func key(err error) string {
	var e *baqylau.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// TestSamplesOfPysdmx reads the messages that pysdmx tests itself by: 1.0 and 2.0, with labels and with keys.
func TestSamplesOfPysdmx(t *testing.T) {
	for name, want := range map[string]struct {
		rows, absent int
		first        line
	}{
		"csv10-data.csv": {1000, 640, line{"DATAFLOW": "BIS:BIS_DER(1.0)", "FREQ": "A", "DER_TYPE": "U", "DER_INSTR": "A", "DER_RISKs": "B", "DER_REP_CTY": "5J",
			"DER_SECTOR_CPY": "A", "DER_CPC": "1E", "DER_SECTOR_UDL": "A", "DER_CURR_LEG1": "HKD", "DER_CURR_LEG2": "TO1", "DER_ISSUE_MAT": "A", "DER_RATING": "A",
			"DER_EX_METHOD": "3", "DER_BASIS": "C", "TIME_PERIOD": "2002", "AVAILABILITY": "K", "COLLECTION": "S", "OBS_STATUS": "M", "OBS_CONF": "F",
			"period_start": "2002-01-01", "period_end": "2002-12-31", "absence": "not_applicable"}},
		"csv10-labels-both.csv": {1, 0, line{"DATAFLOW": "MD:MD_TEST(1.0)", "DIM1": "A", "DIM1 (label)": "A", "DIM2": "B", "DIM2 (label)": "B", "ATT1": "C", "ATT1 (label)": "C",
			"ATT2": "D", "ATT2 (label)": "D", "OBS_VALUE": "1", "OBS_VALUE (label)": "1", "TIME_PERIOD": "2020", "TIME_PERIOD (label)": "2020",
			"period_start": "2020-01-01", "period_end": "2020-12-31"}},
		"csv20-keys-both.csv": {1, 0, line{"STRUCTURE": "datastructure", "STRUCTURE_ID": "MD:MD_TEST(1.0)", "ACTION": "I", "SERIES_KEY": "A.B.C.2020", "OBS_KEY": "D.1",
			"DIM1": "A", "DIM2": "B", "ATT1": "C", "ATT2": "D", "OBS_VALUE": "1", "TIME_PERIOD": "2020", "period_start": "2020-01-01", "period_end": "2020-12-31"}},
		"csv20-data.csv": {20, 13, nil},
	} {
		got, faults, err := collect(sample(t, name))
		if err != nil || len(faults) > 0 {
			t.Errorf("%s: %v %v", name, faults, err)
			continue
		}
		missing, both := 0, 0
		for _, l := range got {
			if (l["OBS_VALUE"] == "") != (l["absence"] != "") {
				both++
			}
			if l["absence"] != "" {
				missing++
			}
		}
		if len(got) != want.rows || both > 0 || missing != want.absent {
			t.Errorf("%s: %d rows, %d absent, %d neither or both", name, len(got), missing, both)
		}
		if d := cmp.Diff(want.first, got[0]); want.first != nil && d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestLabels: the examples of the field guide, with names in one cell (and another delimiter), in columns behind, and with several values.
func TestLabels(t *testing.T) {
	both, faults, err := collect("STRUCTURE[|];STRUCTURE_ID;ACTION;SERIES_KEY;DIM_1: Dimension 1;TIME_PERIOD: Time;OBS_VALUE: Observation value;ATTR[]: Attribute;COMMENT_OBS: Remark\n" +
		"dataflow;ESTAT:NA_MAIN(1.6.0): Main: aggregates;I;A.B;A: Value A: first;2014-01: 2014-01;12,4;X: Ex|Y: Why;note: mine\n")
	if d := cmp.Diff([]line{{"STRUCTURE": "dataflow", "STRUCTURE_ID": "ESTAT:NA_MAIN(1.6.0)", "ACTION": "I", "SERIES_KEY": "A.B", "DIM_1": "A", "DIM_1 (label)": "Value A: first",
		"TIME_PERIOD": "2014-01", "TIME_PERIOD (label)": "2014-01", "OBS_VALUE": "12,4", "ATTR[]": "X|Y", "ATTR[] (label)": "Ex|Why",
		"COMMENT_OBS": "note: mine", "note": "note: mine", "period_start": "2014-01-01", "period_end": "2014-01-31"}}, both); err != nil || len(faults) > 0 || d != "" {
		t.Error(err, faults, d)
	}
	behind, faults, err := collect("STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,DIM_1,Dimension 1,TIME_PERIOD,TIME_PERIOD,OBS_VALUE,Observation value,UPDATED\n" +
		"dataflow,ESTAT:NA_MAIN(1.6.0),Main aggregates,I,A,Value A,2014-Q1,2014-Q1,12.4,,2021-01-22\n")
	if d := cmp.Diff([]line{{"STRUCTURE": "dataflow", "STRUCTURE_ID": "ESTAT:NA_MAIN(1.6.0)", "STRUCTURE_NAME": "Main aggregates", "ACTION": "I", "DIM_1": "A",
		"DIM_1 (label)": "Value A", "TIME_PERIOD": "2014-Q1", "TIME_PERIOD (label)": "2014-Q1", "OBS_VALUE": "12.4", "UPDATED": "2021-01-22",
		"period_start": "2014-01-01", "period_end": "2014-03-31"}}, behind); err != nil || len(faults) > 0 || d != "" {
		t.Error(err, faults, d)
	}
}

// TestStatus: what each code of CL_OBS_STATUS means for a figure that is there and for one that is not.
func TestStatus(t *testing.T) {
	for _, c := range []struct{ value, status, absence, provisional, fault string }{
		{"12", "A", "", "", ""}, {"0", "", "", "", ""}, {"12", "B", "", "", ""}, {"12", "E", "", "", ""}, {"12", "P", "", "true", ""}, {"12", "B;P", "", "true", ""},
		{"", "Q", "suppressed", "", ""}, {"", "L", "not_collected", "", ""}, {"", "O", "not_known", "", ""}, {"", "M", "not_applicable", "", ""}, {"", "H", "not_applicable", "", ""},
		{"NaN", "M", "not_applicable", "", ""}, {"NaN", "A", "not_known", "", ""}, {"NaN", "", "not_known", "", ""}, {"", "A", "", "", ""}, {"", "K", "", "", ""},
		{"12", "Q", "suppressed", "", "interchange.both OBS_VALUE 12"},
	} {
		got, faults, err := collect("DATAFLOW,A,TIME_PERIOD,OBS_VALUE,OBS_STATUS\nX:Y(1.0),a,2024," + c.value + "," + c.status + "\n")
		if err != nil || strings.Join(faults, "") != c.fault || got[0]["absence"] != c.absence || got[0]["provisional"] != c.provisional || got[0]["OBS_VALUE"] == "NaN" {
			t.Errorf("%+v: %v %v %v", c, got, faults, err)
		}
	}
}

func TestFaultsOfRows(t *testing.T) {
	_, faults, err := collect("STRUCTURE,STRUCTURE_ID,ACTION,A,TIME_PERIOD,OBS_VALUE\ndataflow,X:Y,D,a,2024,-\ndataflow,X:Y,Z,a,2024,1\ndataflow,X:Y,A,a,2024-Q7,1\n" +
		"dataflow,X:Y,M,a,,1\ndataflow,X:Y,R,a,,\ndataflow,X:Y,I,a\n")
	want := []string{"interchange.deleted ACTION D", "interchange.action ACTION Z", "interchange.period TIME_PERIOD 2024-Q7", "import.value.missing TIME_PERIOD "}
	if err != nil || !slices.Equal(faults, want) {
		t.Errorf("%q %v", faults, err)
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	for text, want := range map[string]string{"": "interchange.sdmx", "a,b\n": "interchange.sdmx", "STRUCTURE,FREQ\n": "interchange.sdmx",
		"DATAFLOW" + strings.Repeat(",a", 2000) + "\n": "interchange.columns", "DATAFLOW,A\n\xFF,1\n": "interchange.encoding",
		"DATAFLOW,A\n\"a,1\n" + strings.Repeat("x", 3<<20): "interchange.token", "DATAFLOW,A\na\"b\",1\n": "interchange.csv.syntax"} {
		if _, _, err := collect(text); key(err) != want {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, n := range []string{"csv10-labels-both.csv", "csv20-data.csv", "csv20-keys-both.csv"} {
		f.Add([]byte(sample(f, n)))
	}
	f.Add([]byte("STRUCTURE[;],STRUCTURE_ID,STRUCTURE_NAME,ACTION,A[],A name,TIME_PERIOD,OBS_VALUE,OBS_STATUS\ndataflow,X:Y(1.0),n,I,a;b,c,2024-W05,NaN,Q\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := FromCSV(interchange.CSV(bytes.NewReader(b)))
		var row interchange.Row
		for err == nil {
			if row, err = table.Next(); err == nil {
				for _, fault := range row.Faults {
					if fault.Cell >= len(table.Header()) {
						t.Fatalf("a fault of cell %d of %d", fault.Cell, len(table.Header()))
					}
				}
			}
		}
		if !errors.Is(err, io.EOF) && key(err) == "" {
			t.Fatalf("ended with %v", err)
		}
	})
}
