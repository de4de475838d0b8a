package epi

// MostLists is the largest number of lists that Captures takes: five have 1,024 models.
const MostLists = 5

// Captures is the table of a capture–recapture study: how many persons have each history of being on the lists. A history is a set of
// lists, bit i for list i+1; the set without any list is the hidden part, which is to be estimated.
type Captures struct {
	lists int
	count []float64 // by history; count[0] is 0
	total float64
}

// NewCaptures reads histories written as one digit a list: "101" was on the first and the third of three. Histories that are left out had
// nobody. Errors: lists is not 2..MostLists, a history is not of that many digits 0 and 1 or is nothing but zeros (InvalidSetting) or
// given twice (Duplicate), a count is no whole number of 0 or more, all are 0 (Empty).
func NewCaptures(lists int, history []string, count []float64) (*Captures, error) {
	if lists < 2 || lists > MostLists {
		return nil, refuse(InvalidSetting, "lists")
	}
	if err := sameLength(len(count), len(history), "count"); err != nil {
		return nil, err
	}
	if err := all(count, "count", whole); err != nil {
		return nil, err
	}
	c := &Captures{lists: lists, count: make([]float64, 1<<lists)}
	seen := uint64(0)
	for i, h := range history {
		s, ok := parseHistory(h, lists)
		switch {
		case !ok || s == 0:
			return nil, &Error{InvalidSetting, "history", i}
		case seen>>s&1 == 1:
			return nil, &Error{Duplicate, "history", i}
		}
		seen |= 1 << s
		c.count[s] = count[i]
		c.total += count[i]
	}
	if c.total == 0 {
		return nil, refuse(Empty, "count")
	}
	return c, nil
}

func parseHistory(h string, lists int) (set int, ok bool) {
	if len(h) != lists {
		return 0, false
	}
	for i := range lists {
		switch h[i] {
		case '1':
			set |= 1 << i
		case '0':
		default:
			return 0, false
		}
	}
	return set, true
}

// Lists is the number of lists.
func (c *Captures) Lists() int { return c.lists }

// Total is the number of distinct persons on the lists.
func (c *Captures) Total() float64 { return c.total }

// OnList is the number of persons on one list, from 1.
func (c *Captures) OnList(list int) float64 {
	return c.sum(func(s int) bool { return s>>(list-1)&1 == 1 })
}

// OnBoth is the number of persons on two lists at least, these two.
func (c *Captures) OnBoth(a, b int) float64 {
	return c.sum(func(s int) bool { return s>>(a-1)&1 == 1 && s>>(b-1)&1 == 1 })
}

func (c *Captures) sum(of func(set int) bool) float64 {
	sum := 0.0
	for s, n := range c.count {
		if of(s) {
			sum += n
		}
	}
	return sum
}
