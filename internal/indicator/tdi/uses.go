package tdi

import (
	"fmt"
	"strings"
)

// Secondary drugs stand in one field of a case file and of the register. ";" or "|" parts drugs in the order of their relevance, "," drugs of which nobody said which is
// the more relevant; each is "drug[/leaf][:route[:frequency]]". So "1.1:1:1;8,7.1" is heroin, injected daily, then cannabis and alcohol; "none" is that there are
// none, the empty field that nobody knows.

// WriteUses is the field; us are ordered.
func WriteUses(us []Use) string {
	var b strings.Builder
	for i, u := range us {
		switch {
		case i == 0:
		case us[i-1].Rank == u.Rank:
			b.WriteByte(',')
		default:
			b.WriteByte(';')
		}
		b.WriteString(Drugs.String(u.Drug))
		if u.Leaf != "" {
			b.WriteString("/" + u.Leaf)
		}
		tail := [2]string{}
		if u.Route != Routes.NotKnown() {
			tail[0] = Routes.String(u.Route)
		}
		if u.Frequency != Frequent.NotKnown() {
			tail[1] = Frequent.String(u.Frequency)
		}
		b.WriteString(strings.TrimRight(":"+tail[0]+":"+tail[1], ":"))
	}
	return b.String()
}

// ParseUses reads the field; resolve turns what stands for a drug into its code and national leaf. The drugs come ordered. An error names the part that cannot
// be read.
func ParseUses(s string, resolve func(string) (Code, string, bool)) (us []Use, err error) {
	rank := 0
	for group := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == '|' }) {
		rank++
		for part := range strings.SplitSeq(group, ",") {
			if part = strings.TrimSpace(part); part == "" || part == "99" {
				continue
			}
			u, ok := parseUse(part, resolve)
			if !ok {
				return nil, fmt.Errorf("%q", part)
			}
			u.Rank = rank
			us = append(us, u)
		}
	}
	Order(us)
	return us, nil
}

func parseUse(part string, resolve func(string) (Code, string, bool)) (u Use, ok bool) {
	words := strings.Split(part, ":")
	u = Use{Route: Routes.NotKnown(), Frequency: Frequent.NotKnown()}
	name, leaf, told := strings.Cut(strings.TrimSpace(words[0]), "/")
	if u.Drug, u.Leaf, ok = resolve(name); !ok && told { // a name may hold the stroke itself
		name, told = strings.TrimSpace(words[0]), false
		u.Drug, u.Leaf, ok = resolve(name)
	}
	if !ok || name == "" || len(words) > 3 {
		return u, false
	}
	if told {
		u.Leaf = leaf
	}
	if len(words) > 1 {
		if u.Route, ok = Routes.Parse(strings.TrimSpace(words[1])); !ok {
			return u, false
		}
	}
	if len(words) > 2 {
		u.Frequency, ok = Frequent.Parse(strings.TrimSpace(words[2]))
	}
	return u, ok
}

// ByCode resolves a drug by the code of the list alone.
func ByCode(s string) (Code, string, bool) {
	c, ok := Drugs.Parse(s)
	return c, "", ok && s != ""
}
