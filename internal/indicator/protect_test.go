package indicator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

func sexed(s string) func(*Observation)   { return func(o *Observation) { o.Sex = s } }
func placed(s string) func(*Observation)  { return func(o *Observation) { o.Place = s } }
func drugged(s string) func(*Observation) { return func(o *Observation) { o.Drug = s } }
func aged(s string) func(*Observation)    { return func(o *Observation) { o.Age = s } }
func printed(o *Observation)              { o.Published = true }
func cumulative(o *Observation)           { o.Cumulative = true }

func until(code, end string, value float64, more ...func(*Observation)) Observation {
	return stated(code, "KZ", "2023-01-01", end, value, append(more, cumulative)...)
}

func year(code string, value float64, more ...func(*Observation)) Observation {
	return until(code, "2023-12-31", value, more...)
}

// hides is which of some figures are hidden, one letter each: x hidden, o shown.
func hides(t *testing.T, all []Observation) string {
	t.Helper()
	hidden := map[string]string{}
	if err := protect(all, hidden); err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, o := range all {
		if _, is := hidden[o.ID]; is {
			out += "x"
		} else {
			out += "o"
		}
	}
	return out
}

// Whoever does not work on the cases sees no count of one to four, and cannot compute one: over sexes, ages, drugs, regions and agencies, over the months of a year, from another's statement or from what is published.
func TestSmallCountsAreHidden(t *testing.T) {
	const deaths, clients = "deaths_national", "treatment_all_clients"
	for name, story := range map[string]struct {
		figures []Observation
		want    []string // any of these
	}{
		"nothing small":                       {[]Observation{year(clients, 23), year(clients, 12, sexed("male")), year(clients, 11, sexed("female"))}, []string{"ooo"}},
		"a sex":                               {[]Observation{year(clients, 43), year(clients, 40, sexed("male")), year(clients, 3, sexed("female"))}, []string{"xox", "oxx"}},
		"a sex, total under the range":        {[]Observation{year(clients, 5), year(clients, 1, sexed("male")), year(clients, 4, sexed("female"))}, []string{"xxx"}},
		"the sex that nobody states":          {[]Observation{year(clients, 40), year(clients, 38, sexed("male"))}, []string{"xo", "ox"}},
		"the age that nobody states":          {[]Observation{year(clients, 40), year(clients, 20, aged("15-24")), year(clients, 18, aged("25-64"))}, []string{"xoo", "oxo", "oox"}},
		"the rest of a drug":                  {[]Observation{year(deaths, 40), year(deaths, 38, drugged("drugs"))}, []string{"xo", "ox"}},
		"the region that nobody states":       {[]Observation{year(deaths, 40), year(deaths, 20, placed("KZ-71")), year(deaths, 17, placed("KZ-75"))}, []string{"xoo", "oxo", "oox"}},
		"other agencies":                      {[]Observation{year("offenders", 40), year("offenders", 38, func(o *Observation) { o.Coverage = "mia" })}, []string{"xo", "ox"}},
		"some of the same clients":            {[]Observation{year(clients, 40), year("treatment_first_time_clients", 37)}, []string{"xo", "ox"}},
		"a month between two returns":         {[]Observation{until(deaths, "2023-03-31", 10), until(deaths, "2023-04-30", 12)}, []string{"xo", "ox"}},
		"the second half of a year":           {[]Observation{year(deaths, 22), until(deaths, "2023-06-30", 20), stated(deaths, "KZ", "2023-07-01", "2023-12-31", 2)}, []string{"xox", "oxx"}},
		"the rest of a year around a quarter": {[]Observation{year(deaths, 22), stated(deaths, "KZ", "2023-04-01", "2023-06-30", 20)}, []string{"xo", "ox"}},
		"stocks have no months":               {[]Observation{stated("registered_drug_users_stock", "KZ", "2023-01-01", "2023-12-31", 22), stated("registered_drug_users_stock", "KZ", "2023-01-01", "2023-06-30", 20)}, []string{"oo"}},
		"another statement of the same": {[]Observation{year(clients, 40), year(clients, 37, sexed("male")), year(clients, 3, sexed("female")), year(clients, 37, sexed("male"), func(o *Observation) { o.Citation = "other" })},
			[]string{"oxxx", "xoxo"}},
		"a published country":             {[]Observation{year(deaths, 40, printed), year(deaths, 37, placed("KZ-71")), year(deaths, 3, placed("KZ-75"))}, []string{"oxx"}},
		"all published":                   {[]Observation{year(deaths, 5, printed), year(deaths, 3, sexed("male"), printed), year(deaths, 2, sexed("female"), printed)}, []string{"ooo"}},
		"what is published gives it away": {[]Observation{year(deaths, 5, printed), year(deaths, 3, sexed("male"), printed), year(deaths, 2, sexed("female")), year(clients, 50)}, []string{"ooxo"}},
	} {
		if got := hides(t, story.figures); !slices.Contains(story.want, got) {
			t.Errorf("%s: hidden %s", name, got)
		}
	}
}

// Twelve months and their year: what is shown of them gives no month of few deaths away.
func TestAYearAndItsMonths(t *testing.T) {
	var all []Observation
	total := 0.0
	for m, n := range []float64{9, 8, 2, 7, 9, 6, 8, 9, 7, 6, 8, 9} {
		first := baqylau.NewDate(2023, 1, 1).Time().AddDate(0, m, 0)
		total += n
		all = append(all, stated("deaths_national", "KZ", baqylau.DateOf(first).String(), baqylau.DateOf(first.AddDate(0, 1, -1)).String(), n))
	}
	all = append(all, year("deaths_national", total))
	got := hides(t, all)
	if n := len(got) - len(slices.DeleteFunc([]byte(got), func(b byte) bool { return b == 'x' })); got[2] != 'x' || n != 2 {
		t.Errorf("hidden %s", got)
	}
}

// Whoever adds and subtracts all that is shown of two sexes in two months, in whatever form it is stated, finds no small count to within less than the range.
func TestNoSubtractionGivesASmallCount(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	sexes, ends := []string{AllSexes, "male", "female"}, [][2]string{{"2023-01-01", "2023-01-31"}, {"2023-02-01", "2023-02-28"}, {"2023-01-01", "2023-02-28"}}
	value := func(x [4]int, sex, period int) (n int) { // x: male in January and February, female
		for s := range 2 {
			for m := range 2 {
				if (sex == 0 || sex == s+1) && (period == 2 || period == m) {
					n += x[2*s+m]
				}
			}
		}
		return n
	}
	for round := range 60 {
		var truth [4]int
		for i := range truth {
			truth[i] = 1 + r.IntN(9)
		}
		type seen struct{ sex, period int }
		var all []Observation
		var asked []seen
		for sex := range sexes {
			for period := range ends {
				if r.IntN(3) > 0 {
					all = append(all, stated("deaths_national", "KZ", ends[period][0], ends[period][1], float64(value(truth, sex, period)), sexed(sexes[sex])))
					asked = append(asked, seen{sex, period})
				}
			}
		}
		got := hides(t, all)
		least, most := map[seen]int{}, map[seen]int{}
		var x [4]int
		for x[0] = 0; x[0] < 16; x[0]++ {
			for x[1] = 0; x[1] < 16; x[1]++ {
				for x[2] = 0; x[2] < 16; x[2]++ {
				next:
					for x[3] = 0; x[3] < 16; x[3]++ {
						for i, q := range asked {
							if n := value(x, q.sex, q.period); got[i] == 'o' && n != value(truth, q.sex, q.period) || n == 0 {
								continue next
							}
						}
						for sex := range sexes {
							for period := range ends {
								q, n := seen{sex, period}, value(x, sex, period)
								if low, is := least[q]; !is || n < low {
									least[q] = n
								}
								most[q] = max(most[q], n)
							}
						}
					}
				}
			}
		}
		for q, low := range least {
			if n := value(truth, q.sex, q.period); n < 5 && most[q]-low < 4 {
				t.Errorf("round %d: %v is %d and known to be %d to %d; %s of %v", round, q, n, low, most[q], got, asked)
			}
		}
	}
}

// A share of persons is withheld where it rests on few, where its part or whole is hidden, and where it is a small count in other words; a published one never.
func TestSharesOfFewAreHidden(t *testing.T) {
	facts := check.Facts{Catalogue: define.Current(), Population: func(place string, _ int) (float64, bool) { return 100_000, place == "KZ" }}
	n := func(n int64) func(*Observation) { return func(o *Observation) { o.Sample = &n } }
	part, whole := year("treatment_inpatient_first_time", 3), year("treatment_inpatient_clients", 60)
	for name, x := range map[string]struct {
		share  Observation
		counts []Observation
		hidden []Observation
		want   bool
	}{
		"a study of 12":            {share: year("hiv_prevalence_pwid", 16.7, n(12)), want: true},
		"a study of 30":            {share: year("hiv_prevalence_pwid", 16.7, n(30))},
		"19 people":                {share: year("hospital_admissions_share_nps", 50, n(19)), want: true},
		"2 of 40":                  {share: year("hospital_admissions_share_nps", 5, n(40)), want: true},
		"all but 2 of 40":          {share: year("hospital_admissions_share_nps", 95, n(40)), want: true},
		"20 of 40":                 {share: year("hospital_admissions_share_nps", 50, n(40))},
		"its part is hidden":       {share: year("treatment_inpatient_first_time_share", 5), counts: []Observation{part, whole}, hidden: []Observation{part}, want: true},
		"its whole is hidden":      {share: year("treatment_inpatient_first_time_share", 50), counts: []Observation{whole}, hidden: []Observation{whole}, want: true},
		"its part is not stated":   {share: year("treatment_inpatient_first_time_share", 5), counts: []Observation{whole}, want: true},
		"half of those stated":     {share: year("treatment_inpatient_first_time_share", 50), counts: []Observation{whole}},
		"2 of 100,000 inhabitants": {share: year("treatment_rate", 2), want: true},
		"9 of 100,000 inhabitants": {share: year("treatment_rate", 9)},
	} {
		hidden := map[string]string{}
		for _, o := range x.hidden {
			hidden[o.ID] = ""
		}
		ind, _ := define.Current().Indicator(x.share.Indicator)
		if got := newShares(facts, x.counts, hidden).hides(&x.share, ind); got != x.want {
			t.Errorf("%s: hidden %v", name, got)
		}
	}
}

// An indicator by month, region and sex in ten years, whose countries' figures are published: nothing of these is hidden.
func BenchmarkProtect(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var all []Observation
	for y := range 10 {
		var country [3][12]float64
		for p := range 17 {
			var sum [3]float64
			for m := range 12 {
				for s := 1; s < 3; s++ {
					n := float64(r.IntN(12))
					sum[s] += n
					sum[0] += n
					country[s][m] += sum[s]
				}
				country[0][m] += sum[0]
				for s, sex := range []string{AllSexes, "male", "female"} {
					end := baqylau.DateOf(baqylau.NewDate(2010+y, 2, 1).Time().AddDate(0, m, -1)).String()
					all = append(all, stated("deaths_national", fmt.Sprintf("KZ-%d", 10+p), fmt.Sprintf("%d-01-01", 2010+y), end, sum[s], sexed(sex), cumulative))
				}
			}
		}
		for s, sex := range []string{AllSexes, "male", "female"} {
			all = append(all, stated("deaths_national", "KZ", fmt.Sprintf("%d-01-01", 2010+y), fmt.Sprintf("%d-12-31", 2010+y), country[s][11], sexed(sex), printed))
		}
	}
	for b.Loop() {
		hidden := map[string]string{}
		if err := protect(all, hidden); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(hidden)), "hidden")
		b.ReportMetric(float64(len(all)), "figures")
	}
}
