package intake

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
)

// A search looks into the index of words only when that leaves few reports; else their list, read in its order, meets enough of them soon.
const (
	longest   = 254 // letters of a word that is in the index
	mostWords = 100 // words that contain what is searched
	leastFew  = 300 // reports, see few
	manyKept  = 10 * time.Minute
	mostKept  = 1_000
)

// searches remembers for a while which words a great many reports have, so that the index is not asked for all of them each time.
type searches struct {
	mu   sync.Mutex
	many map[string]time.Time
}

func (s *searches) knowsMany(folded string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.many[folded]
	return ok && time.Since(at) < manyKept
}

func (s *searches) noteMany(folded string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.many == nil || len(s.many) >= mostKept {
		s.many = map[string]time.Time{}
	}
	s.many[folded] = time.Now()
}

// few is how many reports a list reads by themselves rather than wait for them in its order. Reading f reports and sorting them costs f; a page of them met in
// the order of n reports costs 51·n/f, a row of which costs about a fifth: they are equal at √(10·n), so that neither grows faster than that.
func few(ctx context.Context, db bun.IDB) (f int, err error) {
	defer baqylau.Wrap(&err, "intake.few")
	sql := "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = CAST('report' AS regclass)" // as of its last look; -1 before the first
	if db.Dialect().Name() != dialect.PG {
		sql = "SELECT COALESCE(MAX(rowid), 0) FROM report"
	}
	var n int64
	err = db.NewRaw(sql).Scan(ctx, &n)
	return max(leastFew, int(math.Sqrt(10*float64(max(0, n))))), err
}

// find is Found for the lists.
func (s *Service) find(c *web.Ctx, db bun.IDB, q string) (list.Found, error) {
	return s.Found(c.Context(), db, q)
}

// Found is the condition under which report r is found by q: its search text contains the folded q. It is narrow when
// the index finds few. Words with five digits and more are found whole or by their beginning.
func (s *Service) Found(ctx context.Context, db bun.IDB, q string) (f list.Found, err error) {
	defer baqylau.Wrap(&err, "intake.Found")
	const contains = `r.text_fold LIKE ? ESCAPE '\'`
	// A great many are met soon in the order of the list. PostgreSQL guesses how many contain a text from a sample of texts, and where none did (50 guessed, 26,661 of a million had it) it read and
	// sorted them all, in 0.8 s; what it cannot look into it takes for every second row.
	f.SQL, f.Args = "CASE WHEN "+contains+" THEN TRUE ELSE FALSE END", []any{list.Pattern(q)}
	folded := locale.Fold(q)
	if s.searches.knowsMany(folded) {
		return f, nil
	}
	match, err := matching(ctx, db, strings.Fields(folded))
	if err != nil {
		return f, err
	}
	most, err := few(ctx, db)
	if err != nil {
		return f, err
	}
	var ids []string
	if match != "" {
		sql := "SELECT id FROM report WHERE search_words(text_fold) @@ CAST(? AS tsquery) LIMIT ?"
		if db.Dialect().Name() != dialect.PG {
			sql = "SELECT w.report_id FROM search_index JOIN search_row w ON w.no = search_index.rowid WHERE search_index MATCH ? LIMIT ?"
		}
		if err := db.NewRaw(sql, match, most+1).Scan(ctx, &ids); err != nil {
			return f, err
		}
	}
	if match == "" || len(ids) > most {
		s.searches.noteMany(folded)
		return f, nil
	}
	return list.Found{SQL: "r.id IN (?) AND " + contains, Args: append([]any{bun.List(ids)}, f.Args...), Narrow: true, Few: true}, nil
}

// withSubstance is the condition under which report r has a substance among its findings, narrow when few have.
func withSubstance(ctx context.Context, db bun.IDB, substanceID string) (f list.Found, err error) {
	defer baqylau.Wrap(&err, "intake.withSubstance")
	most, err := few(ctx, db)
	if err != nil {
		return f, err
	}
	var ids []string
	if err := db.NewRaw("SELECT f.report_id FROM finding f WHERE f.superseded_on IS NULL AND f.substance_id = ? LIMIT ?", substanceID, most+1).Scan(ctx, &ids); err != nil {
		return f, err
	}
	if len(ids) <= most {
		return list.Found{SQL: "r.id IN (?)", Args: []any{bun.List(ids)}, Narrow: true, Few: true}, nil
	}
	return list.Found{SQL: "EXISTS (SELECT 1 FROM finding f WHERE f.report_id = r.id AND f.superseded_on IS NULL AND f.substance_id = ?)", Args: []any{substanceID}}, nil
}

// matching is the question to the index: of each part of a search, all words that contain it. Parts that a great many words contain, or that the index cannot hold, are left out; "" when all are.
func matching(ctx context.Context, db bun.IDB, parts []string) (string, error) {
	or, and, anyEnd := " OR ", " AND ", `" *`
	quote := `"`
	if db.Dialect().Name() == dialect.PG {
		or, and, anyEnd, quote = " | ", " & ", "':*", "'"
	}
	var asked []string
	for _, part := range slices.Compact(parts) {
		if utf8.RuneCountInString(part) > longest {
			continue
		}
		var words []string
		if err := db.NewRaw("SELECT word FROM search_word WHERE word LIKE ? LIMIT ?", "%"+part+"%", mostWords+1).Scan(ctx, &words); err != nil {
			return "", err
		}
		if len(words) > mostWords {
			continue
		}
		terms := []string{quote + part + anyEnd}
		for _, w := range words {
			terms = append(terms, quote+w+quote)
		}
		asked = append(asked, "("+strings.Join(terms, or)+")")
	}
	return strings.Join(asked, and), nil
}
