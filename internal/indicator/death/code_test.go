package death

import (
	"regexp"
	"slices"
	"testing"
)

// Registers write one code in many ways; all that is in no doubt is read, and nothing is guessed.
func TestCodesAsRegistersWriteThem(t *testing.T) {
	for written, want := range map[string]Code{
		"T40.1": "T40.1", "T401": "T40.1", "t40.1": "T40.1", " T40,1 ": "T40.1", "Т40.1": "T40.1", "т401": "T40.1", "Х42": "X42", "х42.0": "X42.0", "У12": "Y12", "F11": "F11", "f19.2": "F19.2",
		"X42.00": "X42.00", "A00.0+": "A00.0", "G07*": "G07", "": "", "K85.9†": "K85.9",
	} {
		if got, err := ParseCode(written); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", written, got, err, want)
		}
	}
	for _, written := range []string{"T4O.1", "40.1", "T4", "T40.", "T40.123", "T40..1", "T40.1.1", "Ж40", "heroin", "T40.1-T40.3", "T 40", "٣40", "T٤0"} {
		if got, err := ParseCode(written); err == nil {
			t.Errorf("%q is read as %q", written, got)
		}
	}
}

func TestListsOfCodes(t *testing.T) {
	for written, want := range map[string][]Code{
		"T40.1 T43.6": {"T40.1", "T43.6"}, "T40.1;T43.6;T40.1": {"T40.1", "T43.6"}, "T40.1, T43.6": {"T40.1", "T43.6"}, "T40.1,T43.6": {"T40.1", "T43.6"}, "T40,1 | х42": {"T40.1", "X42"}, "": nil,
	} {
		if got, err := ParseCodes(written); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", written, got, err, want)
		}
	}
	if _, err := ParseCodes("T40.1 and heroin"); err == nil {
		t.Error("words are read as codes")
	}
}

func TestSpans(t *testing.T) {
	spans, err := ParseSpans("F11 X42 T40.0-T40.9 F18-F19")
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[Code]bool{"F11": true, "F11.2": true, "F12": false, "X42.0": true, "X42.09": true, "T40": true, "T40.5": true, "T40.59": true, "T41": false, "F19.1": true, "F17": false, "": false} {
		if got := len(in(spans, []Code{code})) > 0; got != want {
			t.Errorf("%q lies in %v: %v", code, spans, got)
		}
	}
	if (Span{"T43.6", "T43.6"}).Holds("T43") {
		t.Error("T43, which may be any psychotropic drug, is taken for T43.6")
	}
	for _, bad := range []string{"T40.0-T40", "T40.9-T40.0", "-", "F11-", "opium"} {
		if got, err := ParseSpans(bad); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

var shape = regexp.MustCompile(`^[A-Z][0-9]{2}(\.[0-9]{1,2})?$`)

// Whatever is read is a code in WHO's form, and reading it again changes nothing.
func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"T40.1", "Т401", "х42", "T40,1", "F19.2*", "T4O", "ЖЖЖ", "", "T40.123", "\u0000T40"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		codes, err := ParseCodes(s)
		if err == nil {
			for _, c := range codes {
				if !shape.MatchString(string(c)) {
					t.Fatalf("%q gives %q", s, c)
				}
			}
		}
		c, err := ParseCode(s)
		if err != nil || c == "" {
			return
		}
		if again, err := ParseCode(string(c)); !shape.MatchString(string(c)) || err != nil || again != c {
			t.Fatalf("%q gives %q, and that %q, %v", s, c, again, err)
		}
	})
}
