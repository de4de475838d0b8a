package tdi

// rule is one logic check (domain text, section 4, "Logic").
type rule struct {
	name   string
	fields []string
	odd    func(*Episode) bool
}

// after reports whether a is known to be greater than b.
func after(a, b Years) bool { return a.Known() && b.Known() && a > b }

// rules are the logic checks. Each is one sentence; "tdi.rule.<name>" is its question.
var rules = []rule{
	{"first_use_after_start", []string{FieldFirstUse, FieldAge}, func(e *Episode) bool { return after(e.FirstUse, e.Age) }},
	{"first_injection_after_start", []string{FieldFirstInj, FieldAge}, func(e *Episode) bool { return after(e.FirstInj, e.Age) }},
	{"injecting_years_and_age", []string{InjectingYears.Key(), FieldAge}, func(e *Episode) bool {
		least := [...]Years{0, 2, 5, 10, 0}[e.Codes[InjectingYears]]
		return after(least+5, e.Age) && e.Codes[InjectingYears] != Since.NotKnown() // nobody injects before the age of five
	}},
	{"injecting_years_by_ages", []string{InjectingYears.Key(), FieldFirstInj}, func(e *Episode) bool {
		return e.Age.Known() && e.FirstInj.Known() && e.FirstInj <= e.Age && e.Codes[InjectingYears] != Since.NotKnown() &&
			e.Codes[InjectingYears] != injectingBand(e.Age-e.FirstInj)
	}},
	{"never_injected_but_years", []string{Injecting.Key(), InjectingYears.Key()}, func(e *Episode) bool {
		return e.Is(Injecting, "1") && (e.FirstInj.Known() || e.Codes[InjectingYears] != Since.NotKnown())
	}},
	{"never_injected_but_route", []string{Injecting.Key(), Route.Key()}, func(e *Episode) bool { return e.Is(Injecting, "1") && e.Is(Route, "1") }},
	{"not_now_but_route", []string{Injecting.Key(), Frequency.Key()}, func(e *Episode) bool {
		return e.Is(Injecting, "2.1", "2.2") && e.Is(Route, "1") && e.Is(Frequency, "1", "2", "3", "4")
	}},
	{"never_injected_but_shared", []string{Injecting.Key(), Sharing.Key()}, func(e *Episode) bool {
		return e.Is(Injecting, "1") && e.Is(Sharing, "2", "2.1", "2.2", "2.3")
	}},
	{"shared_after_injecting", []string{Sharing.Key(), Injecting.Key()}, func(e *Episode) bool {
		return e.Is(Injecting, "2.1") && e.Is(Sharing, "2.2", "2.3") || e.Is(Injecting, "2.2") && e.Is(Sharing, "2.3")
	}},
	{"never_oat_but_years", []string{OAT.Key(), OATYears.Key()}, func(e *Episode) bool {
		return e.Is(OAT, "never") && (e.FirstOAT.Known() || e.Codes[OATYears] != OATSince.NotKnown())
	}},
	{"oat_after_start", []string{FieldFirstOAT, FieldStart}, func(e *Episode) bool {
		return e.FirstOAT.Known() && int(e.FirstOAT) > e.Start.Time().Year()
	}},
	{"oat_but_never_treated", []string{OAT.Key(), Status.Key()}, func(e *Episode) bool { return e.Is(OAT, "ever") && e.Is(Status, "1") }},
	{"oat_without_opioid", []string{OAT.Key(), Primary.Key()}, func(e *Episode) bool {
		return e.Is(OAT, "current") && e.Codes[Primary] != unknownDrug && e.drugs()&members("1") == 0
	}},
	{"alone_with_children", []string{LivingWith.Key(), LivingChildren.Key()}, func(e *Episode) bool { return e.Is(LivingWith, "1") && e.Is(LivingChildren, "2") }},
	{"detention_differs", []string{LivingWith.Key(), LivingWhere.Key()}, func(e *Episode) bool {
		known := !e.Is(LivingWith, "99") && !e.Is(LivingWhere, "99")
		return known && e.Is(LivingWith, "5") != e.Is(LivingWhere, "3")
	}},
	{"secondary_is_primary", []string{FieldSecond, Primary.Key()}, func(e *Episode) bool {
		for _, u := range e.Secondary {
			if u.Drug == e.Codes[Primary] && u.Leaf == e.Leaf {
				return true
			}
		}
		return false
	}},
	{"young", []string{FieldAge}, func(e *Episode) bool { return e.Age.Known() && e.Age < 8 }},
	{"old", []string{FieldAge}, func(e *Episode) bool { return after(e.Age, 90) }},
	{"first_use_young", []string{FieldFirstUse}, func(e *Episode) bool { return e.FirstUse.Known() && e.FirstUse < 5 }},
	{"education_and_age", []string{Education.Key(), FieldAge}, func(e *Episode) bool { return e.Is(Education, "4") && e.Age.Known() && e.Age < 16 }},
	{"polydrug_alone", []string{Polydrug.Key(), FieldSecond}, func(e *Episode) bool {
		return e.Is(Polydrug, "1") && len(e.Secondary) == 1 && e.Secondary[0].Drug == noDrug
	}},
}

// Rules lists the names of the logic checks.
func Rules() []string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.name
	}
	return names
}
