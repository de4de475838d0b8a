package outgoing

import (
	"iter"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/interchange/sdmxcsv"
)

// The codes of SDMX for the whole and for what does not apply, and those of its cross-domain list of sexes.
const whole = "_T"

var sdmxSexes = map[string]string{"total": whole, "male": "M", "female": "F", "unknown": "_U"}

// flow is the dataflow of the centre's figures.
func (s *Service) flow() sdmxcsv.Flow {
	return sdmxcsv.Flow{Agency: s.Home + "_DRUGS", ID: "DRUG_INDICATORS", Version: "1.0"}
}

// sdmxDrug and sdmxAge write a code so that it is an identifier of SDMX, which has neither points nor signs: 1.1 becomes 1_1, <15 Y_LT15, 65+ Y_GE65.
func sdmxDrug(code string) string {
	if code == indicator.AllDrugs {
		return whole
	}
	return strings.ReplaceAll(code, ".", "_")
}

func sdmxAge(code string) string {
	if code == indicator.AllAges {
		return whole
	}
	if rest, ok := strings.CutPrefix(code, "<"); ok {
		return "Y_LT" + rest
	}
	if rest, ok := strings.CutSuffix(code, "+"); ok {
		return "Y_GE" + rest
	}
	return code
}

func sdmxStatus(o *indicator.Observation) string {
	if s := o.Breakdown["status"]; s != "" {
		return s
	}
	return whole
}

func sdmxValues(all []indicator.Observation) iter.Seq[sdmxcsv.Observation] {
	return func(yield func(sdmxcsv.Observation) bool) {
		for i := range all {
			o := &all[i]
			if !yield(sdmxcsv.Observation{RefArea: o.Place, Indicator: o.Indicator, Drug: sdmxDrug(o.Drug), Sex: sdmxSexes[o.Sex], Age: sdmxAge(o.Age), Status: sdmxStatus(o), Unit: o.Unit,
				Period: span(o), Figure: figureOf(o), Comment: remark(o)}) {
				return
			}
		}
	}
}

// structure describes the codes of some figures: whoever reads the data message by it finds every code.
func (s *Service) structure(all []indicator.Observation) sdmxcsv.Structure {
	c, book := define.Current(), s.Shelf.Book()
	say := func(name func(baqylau.Lang) string) baqylau.Text {
		return baqylau.Text{KK: name(baqylau.Kazakh), RU: name(baqylau.Russian), EN: name(baqylau.English)}
	}
	total := say(func(l baqylau.Lang) string { return tdi.Label(l, "tdi_line", "total") })
	out := sdmxcsv.Structure{Flow: s.flow(), Sender: s.Home + "_DRUGS", Prepared: s.W.Now(), Codes: map[string][]sdmxcsv.Code{},
		Name: baqylau.Text{KK: "Есірткі жағдайының көрсеткіштері", RU: "Показатели наркоситуации", EN: "Drug situation indicators"}}
	seen := map[string]bool{}
	add := func(dimension, id string, name baqylau.Text) {
		if !seen[dimension+"/"+id] {
			seen[dimension+"/"+id] = true
			out.Codes[dimension] = append(out.Codes[dimension], sdmxcsv.Code{ID: id, Name: name})
		}
	}
	for _, d := range []string{"DRUG", "SEX", "AGE", "STATUS"} {
		add(d, whole, total)
	}
	for i := range all {
		o := &all[i]
		add("REF_AREA", o.Place, say(func(l baqylau.Lang) string { return book.PlaceName(o.Place, l) }))
		add("INDICATOR", o.Indicator, say(func(l baqylau.Lang) string { return c.Name(l, o.Indicator) }))
		add("DRUG", sdmxDrug(o.Drug), say(func(l baqylau.Lang) string { return c.Label(l, "drug", o.Drug) }))
		add("SEX", sdmxSexes[o.Sex], say(func(l baqylau.Lang) string { return tdi.Label(l, tdi.Sexes.Name, o.Sex) }))
		add("AGE", sdmxAge(o.Age), baqylau.Same(o.Age))
		add("STATUS", sdmxStatus(o), baqylau.Same(sdmxStatus(o)))
		add("UNIT", o.Unit, say(func(l baqylau.Lang) string { return c.Unit(l, o.Unit) }))
	}
	for _, list := range out.Codes {
		slices.SortFunc(list, func(a, b sdmxcsv.Code) int { return strings.Compare(a.ID, b.ID) })
	}
	return out
}
