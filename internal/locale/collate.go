package locale

import (
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/baqylau/baqylau"
)

// Collator orders strings as a dictionary of l does (CLDR), which for Kazakh puts Ә after А and Қ after К. Figures compare
// as numbers, so "район 9" stands before "район 10". A collator is for one goroutine.
func Collator(l baqylau.Lang) *collate.Collator {
	return collate.New(language.Make(string(l)), collate.Numeric)
}

// Sort puts rows into the order in which a dictionary of l has their names; equal names stay as they are. The database knows no such order: its bytes put Ә after Я,
// and each engine sorts otherwise.
func Sort[T any](l baqylau.Lang, rows []T, name func(T) string) {
	c := Collator(l)
	slices.SortStableFunc(rows, func(a, b T) int { return c.CompareString(name(a), name(b)) })
}
