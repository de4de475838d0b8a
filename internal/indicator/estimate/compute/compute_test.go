package compute_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
)

func run(t testing.TB, method string, in compute.Inputs) compute.Output {
	t.Helper()
	m, ok := compute.Of(method)
	if !ok {
		t.Fatal(method)
	}
	out, err := m.Run(in)
	if err != nil {
		t.Fatal(method, err)
	}
	return out
}

const taiwan = "111 28\n110 21\n101 17\n100 69\n011 18\n010 55\n001 63"

// samples are inputs of every method with the figure and the limits to publish, as published or as R has them (package epi has the sources).
var samples = []struct {
	name, method, interval string
	in                     compute.Inputs
	value, low, high       float64
	within                 float64
}{
	{"hepatitis A, Taiwan", "log_linear", "profile", compute.Inputs{"histories": taiwan}, 1312.7647, 655, 3031, 1},
	{"the same with a named model", "log_linear", "profile", compute.Inputs{"histories": "list1;list2;list3;n\n1;1;1;28\n1;1;0;21\n1;0;1;17\n1;0;0;69\n0;1;1;18\n0;1;0;55\n0;0;1;63", "model": "21"}, 416, 363.178, 486.200, 0.01},
	{"its first two lists", "two_lists", "log_normal", compute.Inputs{"n1": "135", "n2": "122", "both": "49"}, 333.56, 289, 403, 1},
	{"multiplier", "multiplier", "wilson", compute.Inputs{"benchmark": "1 200", "reported": "120", "asked": "400"}, 4000, 3461.83, 4666.22, 0.01},
	{"multiplier of rare events", "multiplier", "delta_log", compute.Inputs{"benchmark": "1200", "reported": "120", "asked": "400", "rare": "1"}, 4000, 3408.6, 4694.1, 1},
	{"proportion", "proportion", "wilson", compute.Inputs{"x": "7", "n": "400"}, 1.75, 0.85, 3.57, 0.005},
	{"mortality", "mortality", "garwood", compute.Inputs{"cohort": "deaths,person_years,rate\n11,1000,1100", "per": "100000"}, 1, 5.491152 / 11, 19.68201 / 11, 1e-5},
	{"coverage", "coverage", "of_size", compute.Inputs{"service": "oat", "given": "300", "users": "1000", "users_low": "800", "users_high": "2000"}, 30, 15, 37.5, 1e-9},
	{"wastewater", "wastewater", "", compute.Inputs{"days": "500 40000", "catchment": "200000", "factor": "3,59"}, 100, math.NaN(), math.NaN(), 1e-9},
	{"crude rate", "rate", "garwood", compute.Inputs{"bands": "events;person_years\n58;21300,5", "per": "1000"}, 58 / 21.3005, 2.0676, 3.5200, 1e-3},
}

func TestEveryMethodGivesThePublishedFigures(t *testing.T) {
	for _, s := range samples {
		out := run(t, s.method, s.in)
		l, ok := out.Estimate()
		if !ok {
			t.Errorf("%s: no estimate", s.name)
			continue
		}
		i := l.Interval()
		for what, v := range map[string][2]float64{"value": {float64(l.Value), s.value}, "low": {float64(i.Low), s.low}, "high": {float64(i.High), s.high}} {
			if math.Abs(v[0]-v[1]) > s.within && !(math.IsNaN(v[0]) && math.IsNaN(v[1])) {
				t.Errorf("%s: %s is %v, want %v", s.name, what, v[0], v[1])
			}
		}
		if i.Kind != s.interval {
			t.Errorf("%s: interval %s, want %s", s.name, i.Kind, s.interval)
		}
	}
}

// Eight models of one table: what is kept holds them all, with the spread.
func TestModelsStandSideBySide(t *testing.T) {
	out := run(t, "log_linear", compute.Inputs{"histories": taiwan, "lists": "P, Q, E"})
	if len(out.Lines) != 8 || out.All.Estimates != 8 || float64(out.All.Lowest) > 389 || float64(out.All.Highest) < 1312 || out.Plausible.Estimates != 1 {
		t.Errorf("%d lines, all %+v, plausible %+v", len(out.Lines), out.All, out.Plausible)
	}
	if out.Persons != 17 || out.Few || out.Tables[0].Rows[1].Label != "2 Q" || float64(out.Tables[0].Rows[1].Values[0]) != 122 {
		t.Errorf("%+v", out)
	}
}

// Two lists that share nobody: the figure is withheld by the data, not by us.
func TestAModelWithoutAnEstimateSaysWhy(t *testing.T) {
	out := run(t, "log_linear", compute.Inputs{"histories": "10 30\n01 40"})
	if _, ok := out.Estimate(); ok || out.Lines[0].Reason != "unbounded" {
		t.Errorf("%+v", out)
	}
	b, err := json.Marshal(out)
	if err != nil || !strings.Contains(string(b), `"value":"Inf"`) {
		t.Error(string(b), err)
	}
}

// What is kept reads back to the same, and run again is the same to the last digit: seeds are inputs.
func TestRunAgainIsTheSame(t *testing.T) {
	for _, s := range samples {
		first := run(t, s.method, s.in)
		b, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		var kept compute.Output
		if err := json.Unmarshal(b, &kept); err != nil {
			t.Fatal(err)
		}
		back, err := json.Marshal(kept)
		again, err2 := json.Marshal(run(t, s.method, s.in))
		if err != nil || err2 != nil || string(back) != string(b) || string(again) != string(b) {
			t.Errorf("%s differs:\n%s\n%s\n%s", s.name, b, back, again)
		}
	}
	a := run(t, "multiplier", compute.Inputs{"benchmark": "1200", "reported": "120", "asked": "400", "seed": "2"})
	b := run(t, "multiplier", compute.Inputs{"benchmark": "1200", "reported": "120", "asked": "400"})
	if a.Lines[1].Value == b.Lines[1].Value {
		t.Error("the seed makes no difference")
	}
}

// A chain of recruits: the plain share, RDS-II, the intervals and the drift.
func TestRespondents(t *testing.T) {
	var b strings.Builder
	b.WriteString("id;degree;trait;recruiter\n")
	for i := 1; i <= 60; i++ {
		recruiter := ""
		if i > 3 {
			recruiter = itoa(i / 2)
		}
		b.WriteString(itoa(i) + ";" + itoa(2+i%7) + ";" + itoa(i%3/2) + ";" + recruiter + "\n")
	}
	out := run(t, "respondent_driven", compute.Inputs{"recruits": b.String(), "draws": "200", "population": "900"})
	l, _ := out.Estimate()
	if l.Name != "rds_ss" || l.Interval().Kind != "tree" || len(out.Drift) != 60 || len(out.Tables) != 1 || out.Sample != 60 {
		t.Errorf("%+v", out)
	}
	if i := l.Interval(); !(i.Low < l.Value && l.Value < i.High) {
		t.Errorf("%+v", l)
	}
}

func TestScaleUpEstimatesKnownGroupsFromEachOther(t *testing.T) {
	out := run(t, "scale_up", compute.Inputs{"known": "teachers, 1000\nnurses, 2000", "answers": "2 4 1\n1 2 0\n3 6 2\n2 4 1", "size": "100000", "transmission": "0,5"})
	if out.Lines[0].Value != 500 || out.Lines[1].Value != 1000 || out.Chosen != 1 {
		t.Errorf("%+v", out.Lines)
	}
	left := out.Tables[0].Rows
	if left[0].Label != "teachers" || left[0].Values[2] != 1 || left[1].Values[2] != 1 {
		t.Errorf("%+v", left)
	}
}

func TestRefusalsNameFieldAndRow(t *testing.T) {
	for _, x := range []struct {
		method     string
		in         compute.Inputs
		field, key string
	}{
		{"two_lists", compute.Inputs{"n1": "10", "n2": "5", "both": "6"}, "both", "estimate.reason.too_large"},
		{"two_lists", compute.Inputs{"n1": "10.5", "n2": "5", "both": "2"}, "n1", "estimate.reason.not_a_count"},
		{"two_lists", compute.Inputs{"n1": "ten", "n2": "5", "both": "2"}, "n1", "error.number"},
		{"two_lists", compute.Inputs{"n1": "10"}, "n2", "error.required"},
		{"two_lists", compute.Inputs{"n1": "10", "n2": "5", "both": "2", "level": "100"}, "level", "estimate.error.level"},
		{"log_linear", compute.Inputs{"histories": "110 5\n1x0 3"}, "histories", "estimate.error.history"},
		{"log_linear", compute.Inputs{"histories": "110 5\n000 3"}, "histories", "estimate.error.hidden_history"},
		{"log_linear", compute.Inputs{"histories": "110 5\n110 3"}, "histories", "estimate.reason_row.duplicate"},
		{"log_linear", compute.Inputs{"histories": "110 5\n100 -3"}, "histories", "estimate.reason_row.negative_value"},
		{"log_linear", compute.Inputs{"histories": taiwan, "model": "1x"}, "model", "estimate.reason.invalid_setting"},
		{"log_linear", compute.Inputs{"histories": taiwan, "model": "14"}, "model", "estimate.reason.invalid_setting"},
		{"proportion", compute.Inputs{"x": "7", "n": "0"}, "n", "estimate.reason.empty"},
		{"rate", compute.Inputs{"bands": "events,person_years\n3,\n4,100"}, "bands", "estimate.reason_row.missing_value"},
		{"rate", compute.Inputs{"bands": "person_years\n3"}, "bands", "estimate.error.column"},
		{"rate", compute.Inputs{"bands": "events,person_years\n3,x"}, "bands", "estimate.error.cell"},
		{"wastewater", compute.Inputs{"days": "- 100\n20 100", "catchment": "1000"}, "loq", "estimate.reason.missing_value"},
		{"wastewater", compute.Inputs{"days": "5 100", "catchment": "0"}, "catchment", "estimate.reason.not_positive"},
		{"coverage", compute.Inputs{"service": "oat", "given": "5", "users": "100", "users_low": "90"}, "users_high", "estimate.error.both_limits"},
		{"coverage", compute.Inputs{"service": "beds", "given": "5", "users": "100"}, "service", "error.choice"},
		{"respondent_driven", compute.Inputs{"recruits": "degree,trait\n3,2"}, "recruits", "estimate.error.trait"},
		{"respondent_driven", compute.Inputs{"recruits": "degree,trait,recruiter\n3,1,\n3,1,7"}, "recruits", "estimate.error.recruiter"},
		{"scale_up", compute.Inputs{"known": "a 10", "answers": "1 2 3", "size": "100"}, "answers", "estimate.error.answers"},
	} {
		m, _ := compute.Of(x.method)
		_, err := m.Run(x.in)
		var one *baqylau.Error
		var many baqylau.Errors
		if errors.As(err, &many) && len(many) > 0 {
			one = many[0]
		} else {
			errors.As(err, &one)
		}
		if one == nil || one.Code != baqylau.Invalid || one.Field != x.field || one.Key != x.key {
			t.Errorf("%s %v: %v, want %s at %s", x.method, x.in, err, x.key, x.field)
		}
	}
}

// Whatever is typed, a method answers or refuses at one of its fields.
func FuzzRun(f *testing.F) {
	for i, m := range compute.Methods() {
		for _, s := range samples {
			if s.method == m.Code {
				b, err := json.Marshal(s.in)
				if err != nil {
					f.Fatal(err)
				}
				f.Add(i, b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, method int, b []byte) {
		var in compute.Inputs
		if json.Unmarshal(b, &in) != nil || in == nil {
			return
		}
		in["draws"] = "100"
		all := compute.Methods()
		m := all[((method%len(all))+len(all))%len(all)]
		out, err := m.Run(in)
		if err != nil {
			if baqylau.CodeOf(err) != baqylau.Invalid {
				t.Fatal(err)
			}
			return
		}
		if _, err := json.Marshal(out); err != nil {
			t.Fatal(err)
		}
	})
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}
