package tdi

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/baqylau/baqylau"
)

// shapes are the tables of the template of 2022: how many a section has, and their rows and columns with totals.
var shapes = map[int][][3]int{
	8: {{3, 4, 8}}, 9: {{3, 33, 8}}, 10: {{3, 33, 4}}, 11: {{9, 33, 9}}, 12: {{3, 33, 14}}, 13: {{3, 10, 9}}, 14: {{3, 10, 9}}, 15: {{3, 10, 4}}, 16: {{3, 10, 6}}, 17: {{3, 10, 6}},
	18: {{3, 10, 8}}, 19: {{3, 33, 7}}, 20: {{3, 33, 7}}, 21: {{3, 33, 14}}, 22: {{3, 33, 8}}, 23: {{3, 14, 6}}, 24: {{1, 4, 4}}, 25: {{5, 13, 13}, {1, 34, 34}},
	26: {{3, 7, 8}}, 27: {{3, 7, 8}}, 28: {{1, 8, 8}}, 29: {{1, 33, 5}, {1, 7, 15}},
}

func TestThereAreSeventyTablesOfTheTemplatesShape(t *testing.T) {
	if len(Specs) != 70 {
		t.Fatalf("%d tables, want 70", len(Specs))
	}
	got := map[int][][3]int{}
	for _, s := range Specs {
		list := got[s.Section]
		shape := [3]int{1, len(s.Rows.Lines), len(s.Cols.Lines)}
		if n := len(list); n > 0 && list[n-1][1] == shape[1] && list[n-1][2] == shape[2] {
			list[n-1][0]++
		} else {
			got[s.Section] = append(list, shape)
		}
	}
	for section := 8; section <= 29; section++ {
		if len(got[section]) != len(shapes[section]) {
			t.Errorf("section %d: %v, want %v", section, got[section], shapes[section])
			continue
		}
		for i, want := range shapes[section] {
			if got[section][i] != want {
				t.Errorf("section %d: %v tables of rows, columns, want %v", section, got[section][i], want)
			}
		}
	}
}

func TestEveryLineHasANameInThreeLanguages(t *testing.T) {
	w := loaded.Load()
	for _, s := range Specs {
		for _, a := range []*Axis{s.Rows, s.Cols} {
			for _, l := range a.Lines {
				if !w.labels[l.List+"/"+l.Code].Complete() {
					t.Errorf("%s: %s of %s has no name in some language", s.ID(), l.Code, l.List)
				}
			}
		}
	}
	for _, i := range Items() {
		for _, c := range i.List().Codes {
			if !w.labels[i.List().Name+"/"+c].Complete() {
				t.Errorf("%s of %s has no name in some language", c, i.List().Name)
			}
		}
	}
	for _, l := range Leaves(2026) {
		if !l.Name.Complete() {
			t.Errorf("leaf %s has no name in some language", l.Code)
		}
	}
}

// year is a small year whose tables were counted by hand.
func year2025(t *testing.T) []Record {
	var rs []Record
	for _, said := range []string{
		"centre_type=outpatient ever_treated=1 sex=male primary_drug=1.1 age_at_start=30 age_first_use=19 route=1 injecting=2.3 age_first_injection=21 secondary_drugs=8;7.1 oat_status=never",
		"centre_type=outpatient ever_treated=2 sex=female primary_drug=1.1 age_at_start=41 age_first_use=20 route=1 injecting=2.1 secondary_drugs=1.2;1.3 oat_status=current first_oat_year=2012",
		"centre_type=inpatient ever_treated=1 sex=male primary_drug=mephedrone age_at_start=22 route=1 injecting=2.3 years_since_first_injection=1 secondary_drugs=none",
		"centre_type=prison ever_treated=3 sex=male primary_drug=7.2 age_at_start=17 age_first_use=14 injecting=1",
		"ever_treated=2 primary_drug=1 age_at_start=35 secondary_drugs=1.1 injecting=99 oat_status=ever years_since_first_oat=>15",
	} {
		e := episode(t, "2025-03-01", said)
		rs = append(rs, e.Record())
	}
	return rs
}

func TestTablesOfAYearCountedByHand(t *testing.T) {
	c := Count(year2025(t))
	for _, x := range []struct {
		table, row, col string
		want            int
	}{
		{"8.1.1", "total", "total", 5}, {"8.1.1", "1", "outpatient", 1}, {"8.1.1", "2", "unknown", 1}, {"8.1.2", "total", "total", 3}, {"8.1.3", "2", "outpatient", 1},
		{"9.1.1", "1", "total", 3}, {"9.1.1", "1.5", "unknown", 1}, // a group alone counts as its "other"
		{"9.1.2", "3.4", "inpatient", 1}, {"10.1.3", "1.1", "female", 1}, {"12.1.1", "7", "15-19", 1}, {"12.1.1", "1", "40-44", 1},
		{"19.1.1", "1.1", "1", 2}, {"21.1.1", "total", "unknown", 2},
		{"22.1.1", "1.1", "total", 3},                            // two primary, one secondary
		{"22.1.1", "1", "total", 3}, {"22.1.1", "1.2", "2.1", 1}, // one person with three opioids is one opioid user
		{"22.1.1", "7", "total", 2}, {"22.1.1", "total", "total", 5}, // unique people
		{"23.1.1", "total", "total", 3}, {"23.1.1", "30-34", "3", 1}, // nine years
		{"23.1.1", "40-44", "99", 1}, {"24.1.1", "total", "total", 5}, //
		{"25.1.1", "6", "9", 1}, {"25.1.1", "2", "2", 1}, {"25.1.1", "11", "1", 1}, {"25.1.1", "total", "total", 3}, {"25.1.3", "11", "11", 1}, {"25.1.4", "12", "12", 1},
		{"25.1.6", "8", "1.1", 1}, {"25.1.6", "1", "1", 2}, {"25.1.6", "99", "7.2", 1}, {"25.1.6", "total", "total", 4}, // nobody who has no secondary drug
		{"29.1.1", "1.1", "current", 1}, {"29.1.2", "1", "11-15", 1}, {"29.1.2", "2", ">15", 1}, {"29.1.2", "total", "total", 2},
	} {
		spec, ok := SpecOf(x.table)
		if !ok {
			t.Fatalf("no table %s", x.table)
		}
		table := c.Table(spec)
		if n, ok := table.Cell(x.row, x.col); !ok || n != x.want {
			t.Errorf("%s %s × %s = %d, want %d", x.table, x.row, x.col, n, x.want)
		}
	}
	spec, _ := SpecOf("11.1.1")
	means := c.Table(spec)
	row := find(byDrug, "1.1")
	for j, want := range []string{"35.50", "7.78", "2", "19.50", "0.71", "2", "16.00", "7.07", "2"} {
		if got := means.Text(row, j); got != want {
			t.Errorf("11.1.1 heroin %s = %q, want %q", byMean.Lines[j].Code, got, want)
		}
	}
	if row = find(byDrug, "7.2"); means.Text(row, 1) != "" || means.Text(row, 0) != "17.00" || means.Text(find(byDrug, "6"), 0) != "" {
		t.Error("the deviation of one person and the mean of nobody are no figures")
	}
}

// TestTablesAgreeWithCountingOneByOne counts every cell of every table again, person by person, by what the template says of it.
func TestTablesAgreeWithCountingOneByOne(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var rs []Record
	for range 3000 {
		e := random(rnd, 2024)
		rs = append(rs, e.Record())
	}
	for _, table := range Count(rs).Tables() {
		sec := &sections[table.section]
		for i, row := range table.Rows.Lines {
			for j := range table.Cols.Lines {
				if table.Means {
					continue
				}
				want := 0
				for k := range rs {
					r := &rs[k]
					in := (table.Split.Status == "" || Statuses.String(r.Codes[Status]) == table.Split.Status) && (table.Split.Sex == "" || Sexes.String(r.Codes[Sex]) == table.Split.Sex)
					if !in || sec.of != nil && !sec.of(r) || table.Cols.Lines[j].of&(1<<sec.col(r)) == 0 {
						continue
					}
					if sec.many != nil && sec.many(r)&row.of != 0 || sec.many == nil && row.of&(1<<sec.row(r)) != 0 {
						want++
					}
				}
				if table.At(i, j) != want {
					t.Fatalf("%s: %d, want %d", table.place(i, j), table.At(i, j), want)
				}
			}
		}
		if table.Means {
			var ages, lags []float64
			for k := range rs {
				if r := &rs[k]; table.Split == (Split{}) && r.Age >= 0 {
					if ages = append(ages, float64(r.Age)); r.FirstUse >= 0 {
						lags = append(lags, float64(r.Age)-float64(r.FirstUse))
					}
				}
			}
			if table.Split == (Split{}) {
				near(t, table.Stats[32*3], ages)
				near(t, table.Stats[32*3+2], lags)
			}
		}
	}
}

func near(t *testing.T, m Moments, xs []float64) {
	t.Helper()
	mean, square := 0.0, 0.0
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		square += (x - mean) * (x - mean)
	}
	if sd := math.Sqrt(square / float64(len(xs)-1)); int(m.N) != len(xs) || math.Abs(m.Mean()-mean) > 1e-9 || math.Abs(m.SD()-sd) > 1e-9 {
		t.Errorf("n %d mean %v sd %v, want %d %v %v", m.N, m.Mean(), m.SD(), len(xs), mean, sd)
	}
}

func TestAPeriodIsTheSumOfItsYears(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	sum, all := NewCounts(), []Record(nil)
	for year := 2020; year < 2024; year++ {
		var rs []Record
		for range 300 {
			e := random(rnd, year)
			rs = append(rs, e.Record())
		}
		sum.Plus(Count(rs))
		all = append(all, rs...)
	}
	whole := Count(all)
	for i, table := range sum.Tables() {
		for k, n := range whole.Table(Specs[i]).N {
			if table.N[k] != n {
				t.Fatalf("%s: cell %d is %d in the sum, %d in the whole", table.ID(), k, table.N[k], n)
			}
		}
	}
}

func TestBandsHoldTheAgesTheTemplateNames(t *testing.T) {
	for age, want := range map[Years]string{0: "<15", 14: "<15", 15: "15-19", 19: "15-19", 20: "20-24", 64: "60-64", 65: ">=65", 99: ">=65", Unknown: "unknown"} {
		if got := Ages.String(age.Band()); got != want {
			t.Errorf("%d is in %s, want %s", age, got, want)
		}
	}
	e := New(baqylau.MustDate("2025-05-05"))
	for _, x := range []struct {
		age, first Years
		want       string
	}{{30, 30, "1"}, {30, 29, "1"}, {30, 28, "2"}, {30, 26, "2"}, {30, 25, "3"}, {30, 21, "3"}, {30, 20, "4"}} {
		e.Age, e.FirstInj = x.age, x.first
		if e.Derive(); e.Get(InjectingYears) != x.want {
			t.Errorf("injecting since %d at %d: %s, want %s", x.first, x.age, e.Get(InjectingYears), x.want)
		}
	}
	for since, want := range map[Years]string{2025: "<1", 2024: "1", 2015: "10", 2014: "11-15", 2010: "11-15", 2009: ">15"} {
		e.FirstOAT = since
		if e.Derive(); e.Get(OATYears) != want {
			t.Errorf("agonist treatment since %d: %s, want %s", since, e.Get(OATYears), want)
		}
	}
}
