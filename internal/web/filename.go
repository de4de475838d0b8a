package web

import (
	"path/filepath"
	"strings"
	"unicode"
)

const longestName = 120 // letters of a file's name that are kept

// FileName is what a sender's machine calls a file, as it may be kept and shown: without folders, control characters, and the signs that turn the direction of writing round,
// by which "gpj.exe" reads "exe.jpg"; its end, which says what kind of file it is, is kept when it is too long. "" when nothing is left.
func FileName(stated string) string {
	name := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(stated, "")))
	if name = filepath.Base(strings.ReplaceAll(name, `\`, "/")); name == "." || name == "/" || name == ".." {
		return ""
	}
	if letters := []rune(name); len(letters) > longestName {
		name = string(letters[len(letters)-longestName:])
	}
	return name
}
