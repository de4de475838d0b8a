package death

import (
	"strings"

	"github.com/baqylau/baqylau"
)

// Code is an ICD-10 code as WHO writes it: letter, two digits and, after a point, up to two more digits; "F11", "T40.1", "X42.00". The empty code is "not stated".
type Code string

// letters are the Cyrillic capitals that look like Latin ones. They are what a clerk with a Cyrillic keyboard types, and the code they stand for is in no doubt.
var letters = map[rune]rune{'А': 'A', 'В': 'B', 'С': 'C', 'Е': 'E', 'Н': 'H', 'І': 'I', 'Ј': 'J', 'К': 'K', 'М': 'M', 'О': 'O', 'Р': 'P', 'Ѕ': 'S', 'Т': 'T', 'Х': 'X', 'Ү': 'Y', 'У': 'Y', 'Ғ': 'F'}

// ParseCode reads a code as registers write it: upper or lower case, with or without the point ("T401", "t40.1"), a comma for the point, Cyrillic letters that look like Latin ones, and the
// dagger or asterisk of dual coding, which is dropped. The empty string is "not stated". Codes: Invalid for all else; nothing is guessed, so the letter O in the place of a digit is refused.
func ParseCode(s string) (Code, error) {
	written := strings.TrimSpace(s)
	if written == "" {
		return "", nil
	}
	bad := func() (Code, error) { return "", baqylau.E(baqylau.Invalid, "death.code.bad", "Value", clip(written)) }
	text := []rune(strings.TrimRight(strings.ToUpper(written), "+*†‡"))
	if len(text) < 3 || len(text) > 6 {
		return bad()
	}
	if latin, ok := letters[text[0]]; ok {
		text[0] = latin
	}
	if text[0] < 'A' || text[0] > 'Z' {
		return bad()
	}
	digits := text[1:]
	if len(digits) > 2 && (digits[2] == '.' || digits[2] == ',') {
		if digits = append(append([]rune{}, digits[:2]...), digits[3:]...); len(digits) == 2 {
			return bad()
		}
	}
	if len(digits) > 4 {
		return bad()
	}
	for _, r := range digits {
		if r < '0' || r > '9' {
			return bad()
		}
	}
	code := string(text[0]) + string(digits[:2])
	if len(digits) > 2 {
		code += "." + string(digits[2:])
	}
	return Code(code), nil
}

// clip keeps what a message repeats of somebody's input short.
func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// Category is the code's first three characters: "T40" of "T40.1".
func (c Code) Category() Code { return c[:min(3, len(c))] }

// ParseCodes reads a list of codes, parted by spaces, ";", "|" or "/", and by commas where they are no decimal sign ("T40.1, T43.6"). It keeps their order and drops repetitions.
func ParseCodes(s string) ([]Code, error) {
	var out []Code
	seen := map[Code]bool{}
	for _, field := range strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\u00a0' || r == ';' || r == '|' || r == '/' || r == '\t' || r == '\n'
	}) {
		code, err := ParseCode(strings.Trim(field, ","))
		if err != nil { // "T40.1,T43.6": the comma parts them
			var parts []Code
			for _, part := range strings.Split(field, ",") {
				c, e := ParseCode(part)
				if e != nil {
					return nil, err
				}
				parts = append(parts, c)
			}
			for _, c := range parts {
				if c != "" && !seen[c] {
					seen[c], out = true, append(out, c)
				}
			}
			continue
		}
		if code != "" && !seen[code] {
			seen[code], out = true, append(out, code)
		}
	}
	return out, nil
}

// Join writes codes as the database and files keep them.
func Join(codes []Code) string {
	parts := make([]string, len(codes))
	for i, c := range codes {
		parts[i] = string(c)
	}
	return strings.Join(parts, " ")
}
