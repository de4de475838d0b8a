package locale

import "testing"

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"α-PVP": "alphapvp", "Alpha-PVP": "alphapvp", "Δ9-THC": "delta9thc",
		"ҚЫЗЫЛОРДА": "кызылорда", "Кызылорда": "кызылорда",
		"Өскемен, Үлкен  ұя": "оскемен улкен уя", "Ёлка": "елка", "Әңгіме һәм ғылым": "ангиме хам гылым",
		"  5F-ADB (5F-MDMB-PINACA) ": "5fadb 5fmdmbpinaca", "Йод": "йод", "Café №3": "cafe no3",
		"": "", "–": "", "fentanyl": "fentanyl", "Straße": "strasse", "U‑47700": "u47700",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFoldTwiceIsFoldOnce(f *testing.F) {
	for _, s := range []string{"α-PVP", "Қазақ  тілі", "й", "ǅ", "ﬁ", "\xff", "İ", "ё", "ΐ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("%q: %q, then %q", s, once, twice)
		}
	})
}
