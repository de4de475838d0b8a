package mapping

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encodings lists the character encodings a mapping may name. kz-1048 is the Kazakh variant of windows-1251
// (ST RK 1048-2002). windows-1252, of Western Europe, is never guessed.
var Encodings = []string{"utf-8", "utf-8-bom", "windows-1251", "kz-1048", "windows-1252", "utf-16", "utf-16le", "utf-16be"}

var boms = []struct {
	mark string
	name string
}{{"\xEF\xBB\xBF", "utf-8-bom"}, {"\xFF\xFE", "utf-16le"}, {"\xFE\xFF", "utf-16be"}}

// detectEncoding guesses from the beginning of a file: a mark, the zero bytes of UTF-16, valid UTF-8, else one of the two
// Cyrillic code pages.
func detectEncoding(b []byte) string {
	for _, m := range boms {
		if bytes.HasPrefix(b, []byte(m.mark)) {
			return m.name
		}
	}
	var zeros [2]int
	for i, c := range b {
		if c == 0 {
			zeros[i%2]++
		}
	}
	if half := len(b) / 2; half > 1 && max(zeros[0], zeros[1]) > half/4 { // Cyrillic letters have no zero byte, but separators do
		if zeros[0] > zeros[1] {
			return "utf-16be"
		}
		return "utf-16le"
	}
	for cut := 0; cut < utf8.UTFMax && cut <= len(b); cut++ { // the sample may end inside a character
		if utf8.Valid(b[:len(b)-cut]) {
			return "utf-8"
		}
	}
	if hasWord(b) {
		if hasKazakh(b) {
			return "kz-1048"
		}
		return "windows-1251"
	}
	return "utf-8" // a stray byte in an English file is a fault of its row, not another encoding
}

// hasWord looks for three letters of a Cyrillic code page in a row; accented letters of Western Europe stand alone.
func hasWord(b []byte) bool {
	run := 0
	for _, c := range b {
		if c < 0xC0 {
			run = 0
		} else if run++; run == 3 {
			return true
		}
	}
	return false
}

// hasKazakh looks for қ, Қ, ә or Ә beside another Cyrillic letter. In windows-1251 these bytes are the Macedonian Ќ and ќ
// and the Serbian Ј and ј, which no table of the region holds; the other Kazakh letters share bytes with Ukrainian ones.
func hasKazakh(b []byte) bool {
	letter := func(i int) bool { return i >= 0 && i < len(b) && b[i] >= 0xC0 }
	for i, c := range b {
		switch c {
		case 0x8D, 0x9D, 0xA3, 0xBC:
			if letter(i-1) || letter(i+1) {
				return true
			}
		}
	}
	return false
}

// decoderOf returns the transformation to UTF-8, without a byte order mark, or nil for UTF-8 itself.
func decoderOf(name string) transform.Transformer {
	switch name {
	case "windows-1251":
		return charmap.Windows1251.NewDecoder()
	case "windows-1252":
		return charmap.Windows1252.NewDecoder()
	case "kz-1048":
		return &encoding.Decoder{Transformer: kz1048{}}
	case "utf-16", "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	}
	return nil
}

// kazakh1048 is where KZ-1048 differs from windows-1251 (source: Unicode mapping table KZ1048.TXT).
var kazakh1048 = map[byte]rune{
	0x80: 'Ђ', 0x8D: 'Қ', 0x8E: 'Һ', 0x9D: 'қ', 0x9E: 'һ', 0xA1: 'Ұ', 0xA2: 'ұ', 0xA3: 'Ә', 0xA5: 'Ө', 0xAA: 'Ғ', 0xAF: 'Ү',
	0xB4: 'ө', 0xBA: 'ғ', 0xBC: 'ә', 0xBD: 'Ң', 0xBE: 'ң', 0xBF: 'ү',
}

// kz1048 decodes bytes of KZ-1048.
type kz1048 struct{ transform.NopResetter }

func (kz1048) Transform(dst, src []byte, _ bool) (nDst, nSrc int, err error) {
	for _, c := range src {
		r, ok := kazakh1048[c]
		if !ok {
			r = charmap.Windows1251.DecodeByte(c)
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc++
	}
	return nDst, nSrc, nil
}

// mixed reports whether a cell read by a Cyrillic code page was written in UTF-8, as in a file put together from two: its letters then are pairs, Р or С
// and a sign, for all of the cell. In the code page no such text is written.
func mixed(s string) bool {
	pairs, open := 0, false
	for _, r := range s {
		half := r >= utf8.RuneSelf && (r < 'А' || r > 'я') // the bytes from 80 to BF
		switch {
		case open && half:
			pairs, open = pairs+1, false
		case open || half: // no pair
			return false
		case r == 'Р' || r == 'С' || r == 'Т' || r == 'У': // D0 to D3, with which Cyrillic letters begin
			open = true
		case r >= utf8.RuneSelf:
			return false
		}
	}
	return pairs >= 2 && !open
}
