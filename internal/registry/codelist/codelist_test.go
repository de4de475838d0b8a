package codelist

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
)

func TestEveryListIsNamedInThreeLanguages(t *testing.T) {
	for name, codes := range *lists.Load() {
		for _, c := range codes {
			if c.Code == "" || !c.Name.Complete() {
				t.Errorf("%s: %q is not complete: %+v", name, c.Code, c.Name)
			}
		}
	}
	if got := Label(baqylau.Russian, "place-type", "street"); got != "улица" {
		t.Errorf("street = %q", got)
	}
}

// What agencies write for a kind of place is data beside its names.
func TestAListHoldsOtherWords(t *testing.T) {
	for _, c := range Values("place-type") {
		if c.Code == "prison" && slices.Contains(c.Words, "түрме") && slices.Contains(c.Words, "сизо") {
			return
		}
	}
	t.Error("prison has no other words")
}

func TestANodeReplacesAList(t *testing.T) {
	before := lists.Load()
	t.Cleanup(func() { lists.Store(before) })
	dir := filepath.Join(t.TempDir(), "codelists")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "unit.csv"), []byte("code,name_kk,name_ru,name_en\nbag,қап,мешок,bag\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Override(dir); err != nil {
		t.Fatal(err)
	}
	if !Has("unit", "bag") || Has("unit", "g") || !Has("sex", Codes("sex")[0]) {
		t.Errorf("unit = %v", Codes("unit"))
	}
}
