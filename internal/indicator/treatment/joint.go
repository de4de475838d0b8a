package treatment

import (
	"iter"
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// joint is everything that the template publishes of some people. Sections count the same people, so what one hides must not follow from another. A number is known by what
// it counts – {drug 1.1, status 1} is the same wherever it stands.
type joint struct {
	names   []string       // cross tables, see cubeNamed
	cells   [][]int        // of each, the number that stands in each cell
	numbers map[string]int // what is counted to its number
	n       []int          // of each number
	hidden  []bool         // of each number
	sums    [][]int        // numbers that add up, the whole first
}

// parts of a whole by status and by sex. Not known is a part like the others, though the template has no table of it: who knows two parts and the whole knows it.
var (
	byStatusParts = []string{"1", "2", "3", all}
	bySexParts    = []string{"male", "female", "unknown", all}
)

// newJoint makes the system of all 70 tables.
func newJoint(c *tdi.Counts) *joint {
	j := &joint{numbers: map[string]int{}}
	for _, spec := range tdi.Specs {
		for _, name := range crosses(spec) {
			if !slices.Contains(j.names, name) {
				q := cubeNamed(c, name)
				j.add(name, &q)
			}
		}
	}
	j.relate()
	return j
}

// cubeNamed is a cross table, or the people behind one of the three numbers of section 11.
func cubeNamed(c *tdi.Counts, name string) cube {
	name, of, _ := strings.Cut(name, "/")
	i := slices.IndexFunc(tdi.Specs, func(s *tdi.Spec) bool { return s.Name == name })
	if k := slices.Index(number[:], of); k >= 0 {
		return meansOf(c, tdi.Specs[i], k)
	}
	return cubeOf(c, tdi.Specs[i])
}

// hide tells which cells of each cross table stay hidden: those that its own protection hides, with a proof (suppress), and what it takes besides so that all tables
// together narrow nobody down (reader).
func hide(c *tdi.Counts) (map[string][]bool, error) {
	j := newJoint(c)
	mark := j.mark()
	if hides, known := answered.get(mark); known {
		return hides, nil
	}
	for i, name := range j.names {
		q := cubeNamed(c, name)
		answer, err := suppress.Protect(q.table(), suppress.Page)
		if err != nil {
			return nil, err
		}
		for k, o := range answer {
			if o.Why != suppress.Shown {
				j.hidden[j.cells[i][k]] = true
			}
		}
	}
	j.close()
	hides := map[string][]bool{}
	for i, name := range j.names {
		h := make([]bool, len(j.cells[i]))
		for k, number := range j.cells[i] {
			h[k] = j.hidden[number]
		}
		hides[name] = h
	}
	answered.put(mark, hides)
	return hides, nil
}

// table is the cube as the core of disclosure control takes it.
func (q *cube) table() suppress.Table {
	t := suppress.Table{Dimensions: q.dims[:], Rule: suppress.Rule{Threshold: disclosure.Threshold}}
	for key := range q.keys() {
		t.Cells = append(t.Cells, suppress.Cell{Key: key[:], N: q.n[len(t.Cells)]})
	}
	return t
}

// keys are the codes of the cells in their order.
func (q *cube) keys() iter.Seq[[3]string] {
	return func(yield func([3]string) bool) {
		for _, a := range q.dims[0].Codes {
			for _, b := range q.dims[1].Codes {
				for _, c := range q.dims[2].Codes {
					if !yield([3]string{a, b, c}) {
						return
					}
				}
			}
		}
	}
}

// number names the three numbers of section 11, and what must be known to stand behind each.
var number = [3]string{"age", "first_use", "lag"}

// add takes a cross table in, with the sums within it.
func (j *joint) add(name string, q *cube) {
	at := map[[3]string]int{}
	var cells []int
	for key := range q.keys() {
		what := q.counted(key[:])
		number, known := j.numbers[what]
		if !known {
			number = len(j.n)
			j.numbers[what] = number
			j.n, j.hidden = append(j.n, q.n[len(cells)]), append(j.hidden, false)
		}
		at[key] = number
		cells = append(cells, number)
	}
	j.names, j.cells = append(j.names, name), append(j.cells, cells)
	for key := range q.keys() {
		for i, code := range key {
			sum := []int{at[key]}
			for _, part := range q.dims[i].Codes {
				parent := q.dims[i].Parents[part]
				if part != code && (parent == code || parent == "" && code == q.dims[i].Total) {
					below := key
					below[i] = part
					sum = append(sum, at[below])
				}
			}
			if len(sum) > 1 {
				j.sums = append(j.sums, sum)
			}
		}
	}
}

// counted says what a cell counts: the people of whom all that is named is true.
func (q *cube) counted(key []string) string {
	var said []string
	for i, code := range key {
		if code != q.everybody[i] {
			said = append(said, q.asks[i]+"="+code)
		}
	}
	return what(append(said, q.of...)...)
}

// what puts together what is said, in one order; "" says nothing.
func what(said ...string) string {
	said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
	slices.Sort(said)
	return strings.Join(said, " ")
}

// sum says that a number is the sum of others, where all are published.
func (j *joint) sum(whole string, parts ...string) {
	sum := make([]int, 0, 1+len(parts))
	for _, w := range append([]string{whole}, parts...) {
		number, ok := j.numbers[w]
		if !ok {
			return
		}
		sum = append(sum, number)
	}
	j.sums = append(j.sums, sum)
}

// relate says how numbers of different sections add up beyond those that are the same.
func (j *joint) relate() {
	unknown := tdi.Ages.String(tdi.Ages.NotKnown())
	for _, status := range byStatusParts {
		of := func(said ...string) string {
			if status != all {
				said = append(said, "status="+status)
			}
			return what(said...)
		}
		for _, d := range append(slices.Clone(tdi.Drugs.Codes), "") { // those in a mean and those whose age nobody knows are all
			j.sum(of(drug(d)), of(drug(d), "known=age"), of(drug(d), "age="+unknown))
			j.sum(of(drug(d)), of(drug(d), "known=first_use"), of(drug(d), "first_use="+unknown))
		}
		j.sum(of("of=ever"), of("injecting=2"), of("injecting=2.1"), of("injecting=2.2"), of("injecting=2.3"))
	}
	for set, groups := range map[string][]string{"opioids": {"1"}, "cocaine": {"2"}, "stimulants": {"3"}, "cannabis": {"7"}, "other": {"4", "5", "6", "9"}} {
		var whole, some []string
		for _, g := range groups {
			whole, some = append(whole, drug(g)), append(some, what(drug(g), "second="+total))
		}
		j.sum(what("of="+set), whole...)
		j.sum(what("of="+set), append(some, what("of="+set, "first=11"))...) // with a second drug, or whose nobody knows, and with none
	}
	other := slices.DeleteFunc(slices.Clone(tdi.Drugs.Codes), func(d string) bool { return !strings.HasPrefix(d, "1.") || d == "1.1" })
	for row, drugs := range map[string][]string{"": {""}, "1": {"1.1"}, "2": other, "3": {"2"}, "4": {"3"}, "5": {"4", "5", "6", "7", "9"}, "6": {"99"}} {
		var parts []string
		for _, d := range drugs {
			parts = append(parts, what(drug(d), "oat=ever"), what(drug(d), "oat=current"))
		}
		if row != "" {
			row = "oat_drug=" + row
		}
		j.sum(what(row, "of=oat"), parts...)
	}
}

// drug says that a drug is the primary one; nothing of "".
func drug(code string) string {
	if code == "" {
		return ""
	}
	return "drug=" + code
}
