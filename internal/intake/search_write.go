package intake

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun/dialect"

	"github.com/baqylau/baqylau/internal/change"
)

// mostDigits is how many digits a word may have to be kept among those that a search looks into: with more it is a number, and almost every number is another.
const mostDigits = 4

// indexed gathers what the index of words gets of new reports, for many of them at once. What belongs to one report alone is written by triggers; words, each once, and
// on SQLite the texts of imports are not: to do this for each report was a third of the cost of an import.
type indexed struct {
	words   map[string]struct{}
	reports []string // of imports, by id
}

func (x *indexed) add(id, batchID, fold string) {
	if batchID != "" {
		x.reports = append(x.reports, id)
	}
	for word := range strings.FieldsSeq(fold) {
		if _, known := x.words[word]; !known && utf8.RuneCountInString(word) <= longest && digits(word) <= mostDigits {
			x.words[strings.Clone(word)] = struct{}{}
		}
	}
}

func digits(word string) (n int) {
	for i := range len(word) {
		if '0' <= word[i] && word[i] <= '9' {
			n++
		}
	}
	return n
}

// indexTexts names the order of the tables (CROSS JOIN means no more to SQLite): where it had learnt that both had a dozen rows, it went through the one for each row of the other, and through
// the whole list for each pair, which took minutes for a chunk of the first import.
const indexTexts = "INSERT INTO search_index (rowid, words) SELECT s.no, r.text_fold FROM json_each(?) j CROSS JOIN search_row s ON s.report_id = j.value CROSS JOIN report r ON r.id = s.report_id"

// insert writes what was gathered and forgets it. The words come in their order, so that two transactions seldom wait for each other in a circle (the engine then ends one, which is tried again).
func (x *indexed) insert(ctx context.Context, tx *change.Tx) error {
	words := slices.Sorted(maps.Keys(x.words))
	steps := []struct {
		sql  string
		list []string
	}{
		{"INSERT INTO search_word SELECT value FROM json_each(?) WHERE TRUE ON CONFLICT DO NOTHING", words},
		{"INSERT INTO search_row (report_id) SELECT value FROM json_each(?)", x.reports},
		{indexTexts, x.reports},
	}
	if tx.Dialect().Name() == dialect.PG { // its index of texts needs no tables
		steps = steps[:1]
		steps[0].sql = "INSERT INTO search_word SELECT json_array_elements_text(CAST(? AS json)) ON CONFLICT DO NOTHING"
	}
	for _, s := range steps {
		if len(s.list) == 0 {
			continue
		}
		doc, err := json.Marshal(s.list)
		if err != nil {
			return err
		}
		if _, err := tx.NewRaw(s.sql, string(doc)).Exec(ctx); err != nil {
			return err
		}
	}
	clear(x.words)
	x.reports = x.reports[:0]
	return nil
}
