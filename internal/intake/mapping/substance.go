package mapping

import (
	"slices"
	"strings"
)

// mentions reads the columns that name substances, of the main row or of a row of the joined file.
func (r *reading) mentions() {
	for i := range r.substances {
		s := &r.substances[i]
		if s.Joined != r.joined || len(s.when) > 0 && !all(s.when, r.cells) {
			continue
		}
		cell := r.cell(s.at)
		if cell == "" || len(s.skip) > 0 && s.skip[fold(cell)] {
			continue
		}
		switch s.As {
		case Text:
			r.mention(s, Mention{Text: cell, IsFreeText: true})
		case Name:
			r.named(s, cell)
		case Flag:
			r.flag(s, cell)
		case List:
			for i, part := range strings.SplitN(cell, s.Separator, maxMentions+2) {
				if i > maxMentions {
					r.rec.tooMany(s.Column)
					break
				}
				if part = clean(part); part != "" && !s.skip[fold(part)] && !r.empty[fold(part)] {
					r.named(s, part)
				}
			}
		}
	}
}

// named is a cell that names one substance, possibly through a code table.
func (r *reading) named(s *boundSubstance, cell string) {
	if s.table == nil {
		r.mention(s, Mention{Text: cell, Name: cell})
		return
	}
	target, ok := s.table[fold(cell)]
	if !ok {
		if s.Unknown == Keep {
			r.mention(s, Mention{Text: cell, Name: cell})
			return
		}
		r.unforeseen(s, cell)
		return
	}
	if target == "" {
		return
	}
	m := Mention{Text: cell, Name: target}
	if class, ok := strings.CutPrefix(target, "class:"); ok {
		m.Name, m.Class = "", class
	} else if text, ok := strings.CutPrefix(target, "text:"); ok {
		m = Mention{Text: text, IsFreeText: true}
	}
	r.mention(s, m)
}

func (r *reading) flag(s *boundSubstance, cell string) {
	switch low := fold(cell); {
	case s.yes[low]:
		r.mention(s, Mention{Text: r.columnName(s.at), Name: s.Name, Class: s.Class})
	case s.no[low]:
	default:
		r.unforeseen(s, cell)
	}
}

// unforeseen does what the mapping says about a value it does not list.
func (r *reading) unforeseen(s *boundSubstance, cell string) {
	switch s.Unknown {
	case Ignore:
	case AsText:
		r.mention(s, Mention{Text: cell, IsFreeText: true})
	case AsNote:
		r.addNote(r.columnName(s.at) + ": " + cell)
	default:
		r.fault(s.at, "import.code.unknown", RemedyMapping, cell)
	}
}

// mention adds the role and level and keeps one of equal mentions.
func (r *reading) mention(s *boundSubstance, m Mention) {
	m.Column = s.Column
	m.Role = r.graded("role", s.role)
	m.Level = r.graded("level", s.level)
	r.rec.add(m)
}

func (r *reading) graded(name string, f boundField) string {
	if len(f.picks) == 0 {
		return ""
	}
	v := r.value(f)
	if v.code == "" && v.unknown != "" {
		r.fault(v.unknownAt, "import.code.unknown", RemedyMapping, v.unknown)
	}
	return r.listed(name, v.code, v.at)
}

func (r *Record) add(m Mention) {
	for _, old := range r.Substances {
		if old == m {
			return
		}
	}
	if len(r.Substances) == maxMentions {
		r.tooMany(m.Column)
		return
	}
	r.Substances = append(r.Substances, m)
}

// maxMentions is how many substances one occurrence may name; a longer list is a slip, or made to exhaust the machine.
const maxMentions = 200

// tooMany is one fault of the record, however many substances follow.
func (r *Record) tooMany(column string) {
	const key = "import.substances.many"
	if !slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Key == key }) {
		r.Problems = append(r.Problems, Problem{Row: r.Row, Column: column, Key: key, Remedy: RemedyCell})
	}
}
