package tdi

import (
	"fmt"
	"math"
	"strconv"
)

// Difference is a figure of one table that does not fit another: the rule, the two places and what stands there. "tdi.between.<rule>" says it.
type Difference struct {
	Rule   string
	AtA, A string // "8.1.1 4 × total", "1250"
	AtB, B string
}

// Between compares the tables of one set with each other and each with its own totals (domain text, section 4, "Sums", "Between tables", "Means"). Tables counted
// here fit by construction; the rules are for those that come from elsewhere or were changed by hand. Tables that are not there are not compared.
func Between(tables []Table) (ds []Difference) {
	b := between{by: map[string]*Table{}}
	for i := range tables {
		b.by[tables[i].ID()] = &tables[i]
	}
	for i := range tables {
		t := &tables[i]
		if t.Means {
			b.means(t)
			continue
		}
		b.sums(t)
	}
	b.parts()
	b.grand()
	b.injectors()
	return b.ds
}

type between struct {
	by map[string]*Table
	ds []Difference
}

func (b *between) differ(rule, atA string, a int, atB string, x int) {
	b.ds = append(b.ds, Difference{rule, atA, strconv.Itoa(a), atB, strconv.Itoa(x)})
}

func (t *Table) place(i, j int) string {
	return fmt.Sprintf("%s %s × %s", t.ID(), t.Rows.Lines[i].Code, t.Cols.Lines[j].Code)
}

// sums holds every line to its total, and the members of a group to the group.
func (b *between) sums(t *Table) {
	last := len(t.Cols.Lines) - 1
	for i := range t.Rows.Lines {
		b.line(t, t.Cols, func(j int) int { return t.At(i, j) }, func(j int) string { return t.place(i, j) }, false)
	}
	for j := range last + 1 {
		b.line(t, t.Rows, func(i int) int { return t.At(i, j) }, func(i int) string { return t.place(i, j) }, t.Persons)
	}
}

// line compares the parts of an axis with their totals. Where persons stand in several lines the total is at most their sum, and at least the greatest.
func (b *between) line(t *Table, a *Axis, at func(int) int, place func(int) string, persons bool) {
	sum, greatest, end := 0, 0, len(a.Lines)-1
	members := map[string][2]int{}
	for i, l := range a.Lines[:end] {
		n := at(i)
		if l.Group != "" {
			m := members[l.Group]
			members[l.Group] = [2]int{m[0] + n, max(m[1], n)}
			continue
		}
		sum, greatest = sum+n, max(greatest, n)
	}
	compare := func(rule string, i, sum, greatest int) {
		n := at(i)
		if !persons && n != sum || persons && (n > sum || n < greatest) {
			b.differ(rule, place(i), n, t.ID()+" Σ", sum)
		}
	}
	compare("sum", end, sum, greatest)
	for i, l := range a.Lines[:end] {
		if m, ok := members[l.Code]; ok {
			compare("group", i, m[0], m[1])
		}
	}
}

// parts holds never and previously treated to all, and men and women to both: a part is at most the whole, cell by cell.
func (b *between) parts() {
	for _, s := range Specs {
		t := b.by[s.ID()]
		if t == nil || t.Split != (Split{}) {
			continue
		}
		for _, pair := range [][2]Split{{{Status: "1"}, {Status: "2"}}, {{Sex: "male"}, {Sex: "female"}}} {
			one, two := b.sibling(s, pair[0]), b.sibling(s, pair[1])
			if one == nil || two == nil {
				continue
			}
			for k := range t.N {
				if i, j := k/len(t.Cols.Lines), k%len(t.Cols.Lines); one.N[k]+two.N[k] > t.N[k] {
					b.differ("parts", one.ID()+" + "+two.place(i, j), one.N[k]+two.N[k], t.place(i, j), t.N[k])
				}
			}
		}
	}
}

func (b *between) sibling(s *Spec, split Split) *Table {
	for _, x := range Specs {
		if x.section == s.section && x.Split == split {
			return b.by[x.ID()]
		}
	}
	return nil
}

// grand holds the totals of sections 9 to 21, 24 and 26 to 29.1 to the grand totals of section 8, of which status and sex they are.
func (b *between) grand() {
	for _, s := range Specs {
		t := b.by[s.ID()]
		if t == nil || t.Means || s.section == 0 || sections[s.section].of != nil || sections[s.section].many != nil && s.Section != 22 {
			continue
		}
		from := map[string]string{"": "8.1.1", "male": "8.1.2", "female": "8.1.3"}[s.Split.Sex]
		g := b.by[from]
		if g == nil {
			continue
		}
		row := s.Split.Status
		if row == "" {
			row = total
		}
		if n, _ := g.Cell(row, total); n != t.Total() {
			b.differ("grand", t.ID(), t.Total(), from+" "+row, n)
		}
	}
}

// injectors holds the people of section 23 to those of section 22 who have ever injected.
func (b *between) injectors() {
	for n := 1; n <= 3; n++ {
		years, drugs := b.by[fmt.Sprintf("23.1.%d", n)], b.by[fmt.Sprintf("22.1.%d", n)]
		if years == nil || drugs == nil {
			continue
		}
		sum := 0
		for _, code := range []string{"2", "2.1", "2.2", "2.3"} {
			x, _ := drugs.Cell(total, code)
			sum += x
		}
		if sum != years.Total() {
			b.differ("injectors", years.ID(), years.Total(), drugs.ID()+" 2 + 2.1 + 2.2 + 2.3", sum)
		}
	}
}

// means holds the valid numbers of section 11 to the people of section 9 or 10 and to each other, and the mean lag to the difference of the means where the same people
// have all three.
func (b *between) means(t *Table) {
	men := b.by[fmt.Sprintf("10.1.%d", 1+(t.Number-1)%3)]
	for i, l := range t.Rows.Lines {
		age, first, lag := t.Stats[i*3], t.Stats[i*3+1], t.Stats[i*3+2]
		at := t.ID() + " " + l.Code
		if men != nil {
			col := t.Split.Sex
			if col == "" {
				col = total
			}
			people, _ := men.Cell(l.Code, col)
			for _, m := range []Moments{age, first} {
				if int(m.N) > people {
					b.differ("valid", at, int(m.N), men.ID()+" "+l.Code+" × "+col, people)
				}
			}
		}
		if least := min(age.N, first.N); lag.N > least {
			b.differ("lag_valid", at+" × lag_n", int(lag.N), at+" × age_n, first_n", int(least))
		}
		if want := age.Mean() - first.Mean(); lag.N > 0 && age.N == lag.N && first.N == lag.N && math.Abs(lag.Mean()-want) > 0.0051 {
			b.ds = append(b.ds, Difference{"lag_mean", at + " × lag_mean", decimals(lag.Mean()), at + " × age_mean − first_mean", decimals(want)})
		}
	}
}
