package mapping

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// hint is a word stem that speaks for a field when it stands in a column's name. Longer stems weigh more.
type hint struct {
	field string
	stems []string
}

// hints are ordered: a column goes to the first field whose stem it holds. "substance" and "free text" are not fields of the
// mapping but ways to name substances.
var hints = []hint{
	{"known", []string{"known", "reported on", "date reported", "дата сообщения", "дата поступления", "дата регистрации", "дата анализа", "тіркелген күн", "хабарланған күн"}},
	{"occurred", []string{"date", "дата", "күні", "күн"}},
	{"key", []string{"case number", "case no", "case id", "sample id", "sampleid", "reference", "record id", "номер дела", "номер случая", "№ дела", "номер образца", "регистрационный номер", "іс нөмірі", "үлгі нөмірі", "тіркеу нөмірі", "ерікті нөмір", "нөмірі"}},
	{"free text", []string{"cause of death", "cause", "diagnosis", "conclusion", "description of substance", "причина смерти", "диагноз", "заключение", "описание вещества", "өлім себебі", "диагнозы", "қорытынды"}},
	{"substance", []string{"substance", "drug", "drugs", "analyte", "веществ", "наркотик", "препарат", "зат", "заттар", "есірткі"}},
	{"unit", []string{"unit", "единица", "ед. изм", "ед.изм", "өлшем бірлігі", "бірлі"}},
	{"quantity", []string{"quantity", "amount", "weight", "mass", "количество", "масса", "вес", "мөлшер", "салмағы", "массасы"}},
	{"age", []string{"age", "возраст", "жасы", "жас"}},
	{"sex", []string{"sex", "gender", "пол", "жынысы", "жыныс"}},
	{"form", []string{"form", "форма", "вид вещества", "түрі", "нысаны"}},
	{"outcome", []string{"outcome", "исход", "нәтижесі", "аяқталуы"}},
	{"place_type", []string{"place type", "place", "setting", "вид места", "место", "орын", "жері"}},
	{"region", []string{"region", "county", "oblast", "province", "state", "city", "регион", "область", "город", "район", "өңір", "облыс", "қала", "аудан"}},
	{"notes", []string{"note", "notes", "comment", "remark", "примечани", "комментари", "ескерт", "пікір"}},
}

// kindHints guess what a table is about from all its headers together.
var kindHints = []hint{
	{"death", []string{"death", "decedent", "смерт", "умерш", "өлім", "өлімі", "өлімнің", "қайтыс"}},
	{"acute_intoxication", []string{"poison", "intoxication", "overdose", "отравлен", "передозиров", "улану", "дозалану"}},
	{"seizure", []string{"seized", "seizure", "изъят", "изъяти", "алып қою", "алынған"}},
	{"biological_sample", []string{"blood", "urine", "кровь", "моча", "қан", "зәр"}},
	{"collected_sample", []string{"sample", "образ", "проба", "пробы", "үлгі", "сынама"}},
}

// Suggest guesses a first mapping from the header and some rows; headers may be in English, Russian or Kazakh. It is a
// proposal for a person to complete: what it cannot tell it leaves out, so the mapping may not pass Check yet.
func Suggest(head []string, sample [][]string) *Mapping {
	m := &Mapping{Name: "", Codes: map[string]map[string]string{}, Fields: map[string]Field{}}
	taken := map[string]bool{}
	for i, title := range head {
		name := strings.TrimSpace(title)
		low := foldName(title)
		if low == "" || taken[low] || holds(low, never) {
			continue
		}
		cells := columnOf(sample, i)
		field := hinted(low, hints)
		if field == "" && isFlagColumn(cells) {
			m.Substances = append(m.Substances, Substance{Column: name, As: Flag, Name: name, Unknown: AsNote})
			taken[low] = true
			continue
		}
		if field == "" || m.Fields[field].Picks != nil && field != "notes" {
			continue
		}
		taken[low] = true
		switch field {
		case "substance":
			m.Substances = append(m.Substances, substanceColumn(name, cells))
		case "free text":
			m.Substances = append(m.Substances, Substance{Column: name, As: Text})
		case "occurred", "known":
			if formats := GuessDates(cells); len(formats) > 0 || len(cells) == 0 {
				m.Fields[field] = Field{Picks: []Pick{{Column: name, Formats: formats}}}
			}
		default:
			f := m.Fields[field]
			f.Picks = append(f.Picks, Pick{Column: name})
			m.Fields[field] = f
			if field == "quantity" {
				m.File.Decimal = guessDecimal(cells)
			}
		}
	}
	if kind := hinted(foldName(strings.Join(head, " ")), kindHints); kind != "" {
		m.Fields["kind"] = Field{Picks: []Pick{{Value: kind}}}
	}
	return m
}

// never are columns that no mapping takes by itself: persons' data that the centre has no use for.
var never = []string{"birth", "name of person", "surname", "address", "рожден", "фамили", "адрес", "иин", "туған", "тегі", "мекенжай", "жсн"}

// holds reports whether one of the stems begins a word of the title; a short stem must be the whole word, so that "age" is not
// found in "agency".
func holds(title string, stems []string) bool {
	words := strings.NewReplacer("_", " ", "/", " ", "(", " ", ")", " ", ",", " ", ":", " ").Replace(title)
	padded := " " + strings.Join(strings.Fields(words), " ") + " "
	return slices.ContainsFunc(stems, func(stem string) bool {
		if utf8.RuneCountInString(stem) <= 4 {
			stem += " "
		}
		return strings.Contains(padded, " "+stem)
	})
}

// hinted returns the first field one of whose stems the title holds.
func hinted(title string, list []hint) string {
	for _, h := range list {
		if holds(title, h.stems) {
			return h.field
		}
	}
	return ""
}

func columnOf(sample [][]string, i int) (cells []string) {
	for _, r := range sample {
		if s := clean(cellAt(r, i)); s != "" {
			cells = append(cells, s)
		}
	}
	return cells
}

// isFlagColumn reports whether a column holds only yes and no.
func isFlagColumn(cells []string) bool {
	for _, c := range cells {
		if low := fold(c); !yesWords[low] && !noWords[low] {
			return false
		}
	}
	return len(cells) > 0
}

// substanceColumn tells a list from a name from a sentence by the separators and lengths of the cells.
func substanceColumn(name string, cells []string) Substance {
	for _, sep := range []string{";", "|"} {
		for _, c := range cells {
			if strings.Contains(c, sep) {
				return Substance{Column: name, As: List, Separator: sep}
			}
		}
	}
	for _, c := range cells {
		if strings.ContainsAny(c, ",+") || len(strings.Fields(c)) > 3 {
			return Substance{Column: name, As: Text}
		}
	}
	return Substance{Column: name, As: Name}
}

// dateFormats are tried in this order; day before month, since that is how the region writes.
var dateFormats = []string{"YYYY-MM-DD", "DD.MM.YYYY", "D.M.YYYY", "DD.MM.YY", "DD/MM/YYYY", "D/M/YYYY", "MM/DD/YYYY", "M/D/YYYY",
	"DD-MM-YYYY", "DMMMYYYY", "D MMM YYYY", "D-MMM-YYYY", "YYYY/MM/DD", "YYYYMMDD", "MM.YYYY", "YYYY-MM", "YYYY", serialFormat}

// GuessDates returns the date formats that together read the cells: one that reads them all if there is one, else as few as
// are needed; nil when many cells are no dates.
func GuessDates(cells []string) []string {
	var formats []string
	rest := cells
	for len(rest) > 0 {
		best, bestLeft := "", rest
		for _, f := range dateFormats {
			if left := unread(f, rest); len(left) < len(bestLeft) {
				best, bestLeft = f, left
			}
		}
		if best == "" {
			break
		}
		formats = append(formats, best)
		rest = bestLeft
	}
	rest = slices.DeleteFunc(slices.Clone(rest), func(c string) bool { return mistaken(formats, c) })
	if len(rest)*5 > len(cells) {
		return nil
	}
	return formats
}

// mistaken reports whether a cell is written in one of the formats but names a day that does not exist: a fault of its row, no other format.
func mistaken(formats []string, cell string) bool {
	return slices.ContainsFunc(formats, func(f string) bool {
		l, ok := parseLayout(f)
		if !ok {
			return false
		}
		_, _, got := l.parse(cell)
		return got == noSuchDay
	})
}

func unread(format string, cells []string) (left []string) {
	l, ok := parseLayout(format)
	for _, c := range cells {
		if ok {
			if _, _, got := l.parse(c); got == dateOK {
				continue
			}
		} else if d, ok := serialDate(c, false); ok && d.Time().Year() > 1950 && d.Time().Year() < 2100 {
			continue
		}
		left = append(left, c)
	}
	return left
}

func guessDecimal(cells []string) string {
	if slices.ContainsFunc(cells, func(c string) bool {
		n, _ := splitUnit(c)
		_, ok := parseDecimal(n, ',')
		return ok && strings.Contains(n, ",")
	}) {
		return ","
	}
	return ""
}
