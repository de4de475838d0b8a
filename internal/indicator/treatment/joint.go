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
	sums    []suppress.Sum // numbers that add up
	blocks  []string       // what the blocks of the sums are called
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

// hide tells which cells of each cross table stay hidden, so that all tables together, and with what left before, narrow nobody down.
func (j *joint) hide(out []suppress.Out) []suppress.Why {
	return suppress.ProtectNumbers(suppress.Numbers{N: j.n, Sums: j.sums, Rule: suppress.Rule{Threshold: disclosure.Threshold}, Out: out})
}

// cross gives an answer to the cells of each cross table.
func (j *joint) cross(why []suppress.Why) map[string][]bool {
	hides := map[string][]bool{}
	for i, name := range j.names {
		for _, number := range j.cells[i] {
			hides[name] = append(hides[name], why[number] != suppress.Shown)
		}
	}
	return hides
}

// block numbers the sums that belong together: those of a cross table. Ages and the means of ages are one block, since each age that nobody knows ties them.
func (j *joint) block(name string) int {
	switch name {
	case "means/age", "means/first_use":
		name = strings.TrimPrefix(name, "means/")
	case "secondary_opioids", "secondary_cocaine", "secondary_stimulants", "secondary_cannabis", "secondary_other", "secondary_all":
		name = "secondary"
	case "oat_years":
		name = "oat"
	}
	i := slices.Index(j.blocks, name)
	if i < 0 {
		i = len(j.blocks)
		j.blocks = append(j.blocks, name)
	}
	return i
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
			j.n = append(j.n, q.n[len(cells)])
		}
		at[key] = number
		cells = append(cells, number)
	}
	j.names, j.cells = append(j.names, name), append(j.cells, cells)
	for key := range q.keys() {
		for i, code := range key {
			sum := suppress.Sum{Block: j.block(name), Whole: at[key]}
			for _, part := range q.dims[i].Codes {
				parent := q.dims[i].Parents[part]
				if part != code && (parent == code || parent == "" && code == q.dims[i].Total) {
					below := key
					below[i] = part
					sum.Parts = append(sum.Parts, at[below])
				}
			}
			if len(sum.Parts) > 0 {
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
func (j *joint) sum(block, whole string, parts ...string) {
	sum := suppress.Sum{Block: j.block(block)}
	for i, w := range append([]string{whole}, parts...) {
		number, ok := j.numbers[w]
		switch {
		case !ok:
			return
		case i == 0:
			sum.Whole = number
		default:
			sum.Parts = append(sum.Parts, number)
		}
	}
	j.sums = append(j.sums, sum)
}

// none reports whether a number is published and zero.
func (j *joint) none(what string) bool {
	number, ok := j.numbers[what]
	return ok && j.n[number] == 0
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
			j.sum("age", of(drug(d)), of(drug(d), "known=age"), of(drug(d), "age="+unknown))
			j.sum("first_use", of(drug(d)), of(drug(d), "known=first_use"), of(drug(d), "first_use="+unknown))
			for _, sex := range bySexParts { // where every age is known, those in a mean are all, by sex too
				if sex != all {
					sex = "sex=" + sex
				} else {
					sex = ""
				}
				if j.none(of(drug(d), "age="+unknown)) {
					j.sum("age", of(drug(d), sex), of(drug(d), sex, "known=age"))
					j.sum("age", of(drug(d), sex, "known=first_use"), of(drug(d), sex, "known=lag"))
				}
				if j.none(of(drug(d), "first_use="+unknown)) {
					j.sum("first_use", of(drug(d), sex), of(drug(d), sex, "known=first_use"))
					j.sum("first_use", of(drug(d), sex, "known=age"), of(drug(d), sex, "known=lag"))
				}
			}
		}
		j.sum("ever", of("of=ever"), of("injecting=2"), of("injecting=2.1"), of("injecting=2.2"), of("injecting=2.3"))
	}
	for set, groups := range map[string][]string{"opioids": {"1"}, "cocaine": {"2"}, "stimulants": {"3"}, "cannabis": {"7"}, "other": {"4", "5", "6", "9"}} {
		var whole, some []string
		for _, g := range groups {
			whole, some = append(whole, drug(g)), append(some, what(drug(g), "second="+total))
		}
		j.sum("secondary", what("of="+set), whole...)
		j.sum("secondary", what("of="+set), append(some, what("of="+set, "first=11"))...) // with a second drug, or whose nobody knows, and with none
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
		j.sum("oat", what(row, "of=oat"), parts...)
	}
}

// drug says that a drug is the primary one; nothing of "".
func drug(code string) string {
	if code == "" {
		return ""
	}
	return "drug=" + code
}
