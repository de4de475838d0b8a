package tdi

import "strings"

// Drugs is the drug list of the protocol, groups before their members. Alcohol and "none" are answers for secondary drugs only; "99" is not known.
var Drugs = &List{"tdi_drug", []string{
	"1", "1.1", "1.2", "1.3", "1.4", "1.5", // opioids: heroin, methadone, buprenorphine, fentanils, other
	"2", "2.1", "2.2", "2.3", // cocaine: powder, crack, other
	"3", "3.1", "3.2", "3.3", "3.4", "3.5", // stimulants other than cocaine: amphetamines, methamphetamines, MDMA, synthetic cathinones, other
	"4", "4.1", "4.2", "4.3", "4.4", // hypnotics and sedatives: barbiturates, benzodiazepines, GHB/GBL, other
	"5", "5.1", "5.2", "5.3", // hallucinogens: LSD, ketamine, other
	"6",                      // volatile inhalants
	"7", "7.1", "7.2", "7.3", // cannabis: herbal or resin, synthetic cannabinoids, other
	"8", "9", "none", "99", // alcohol, other, none, not known
}}

// Codes of the drug list that the rules name.
var (
	alcohol     = Drugs.must("8")
	noDrug      = Drugs.must("none")
	unknownDrug = Drugs.NotKnown()
)

// GroupOf is the code of the group that a drug belongs to, or its own where it has none.
func GroupOf(c Code) Code {
	group, _, _ := strings.Cut(Drugs.String(c), ".")
	return Drugs.must(group)
}

// members are the codes of a group with the group's own.
func members(group string) (set uint64) {
	for i, s := range Drugs.Codes {
		if s == group || strings.HasPrefix(s, group+".") {
			set |= 1 << i
		}
	}
	return set
}

// counted tells as what a drug is counted. An episode may say a group and no more ("opioid"); the tables have no line for it, so it counts as the group's last
// member, "other", and the members of a group always sum to it.
var counted = func() (as [64]Code) {
	for i, s := range Drugs.Codes {
		as[i] = Code(i)
		if n := strings.Count(s, "."); n == 0 {
			for j := range Drugs.Codes {
				if strings.HasPrefix(Drugs.Codes[j], s+".") {
					as[i] = Code(j)
				}
			}
		}
	}
	return as
}()

// PrimaryDrugs are the codes that a primary drug may have: all but alcohol and none.
func PrimaryDrugs() []string { return without("8", "none") }

// SecondaryDrugs are the codes that a secondary drug may have: all but not known, which is the absence of an answer.
func SecondaryDrugs() []string { return without("99") }

func without(out ...string) (codes []string) {
	leave := Drugs.bits(out...)
	for i, s := range Drugs.Codes {
		if leave&(1<<i) == 0 {
			codes = append(codes, s)
		}
	}
	return codes
}
