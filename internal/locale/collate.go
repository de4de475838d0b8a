package locale

import (
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/baqylau/baqylau"
)

// Collator orders strings as a dictionary of l does (CLDR), which for Kazakh puts Ә after А and Қ after К. Figures compare
// as numbers, so "район 9" stands before "район 10". A collator is for one goroutine.
func Collator(l baqylau.Lang) *collate.Collator {
	return collate.New(language.Make(string(l)), collate.Numeric)
}
