package web_test

import (
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/web"
)

func TestFileName(t *testing.T) {
	for stated, want := range map[string]string{
		"изъятия 2026.xlsx":               "изъятия 2026.xlsx",
		`C:\Users\x\seizures.csv`:         "seizures.csv",
		"../../etc/passwd":                "passwd",
		"a\x00b\r\n.csv":                  "ab.csv",
		"\u202egpj.exe":                   "gpj.exe",
		"\u2066x\u2069\u200b.csv":         "x.csv",
		"\xff\xfe.csv":                    ".csv",
		"..":                              "",
		"\x00":                            "",
		"":                                "",
		strings.Repeat("ә", 500) + ".csv": strings.Repeat("ә", 116) + ".csv",
	} {
		if got := web.FileName(stated); got != want {
			t.Errorf("%q: %q, want %q", stated, got, want)
		}
	}
}
