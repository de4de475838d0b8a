package list

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/uptrace/bun"
)

// countLimit bounds how many rows are looked at to count those that match; beyond it the page says "more than".
const countLimit = 2_000

// How long, and of how many conditions, it is remembered that there are more. Such a count is a lower bound, and a list of this size hardly becomes a small one; where
// a page shows that it did, the page is believed.
const (
	moreKept = 10 * time.Minute
	mostMore = 1_000
)

// Counts remembers the conditions that more than countLimit rows fulfil, and how many were seen to: looking at them cost more than all else a page does.
type Counts struct {
	mu   sync.Mutex
	more map[string]seen
}

type seen struct {
	n  int
	at time.Time
}

func (c *Counts) find(key string) (n int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.more[key]
	return s.n, ok && time.Since(s.at) < moreKept
}

func (c *Counts) keep(key string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.more == nil || len(c.more) >= mostMore {
		c.more = map[string]seen{}
	}
	c.more[key] = seen{n, time.Now()}
}

// count looks at countLimit rows that the narrow conditions lead to, and tells whether there are more: a list of millions is not read to be counted.
func (s *Spec[T]) count(ctx context.Context, db bun.IDB, all condition, res *Result[T]) error {
	wide := all.wide
	if wide.SQL == "" {
		wide.SQL = "1=1"
	}
	args := slices.Concat(wide.Args, all.from.Args, all.narrow.Args)
	key := fmt.Sprintf("%s\n%s\n%s\n%#v", s.Name, wide.SQL, all.narrow.SQL, args)
	if n, ok := s.counts().find(key); ok {
		res.Count, res.Capped = n, true
		return nil
	}
	var looked int
	err := db.NewRaw("SELECT count(*), COALESCE(SUM(n.fits), 0) FROM (SELECT CASE WHEN "+wide.SQL+" THEN 1 ELSE 0 END AS fits FROM "+all.from.SQL+" WHERE "+all.narrow.SQL+" LIMIT "+strconv.Itoa(countLimit+1)+") AS n",
		args...).Scan(ctx, &looked, &res.Count)
	if looked > countLimit {
		res.Count, res.Capped = min(res.Count, countLimit), true
		s.counts().keep(key, res.Count)
	}
	return err
}
