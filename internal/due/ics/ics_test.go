package ics

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
)

var stamp = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func write(t testing.TB, es ...Event) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, Calendar{Name: "Мерзімдер", Lang: baqylau.Kazakh, Stamp: stamp, Events: es}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrite(t *testing.T) {
	almaty := time.FixedZone("", 5*60*60)
	got := write(t,
		Event{UID: "1@x", Sequence: 2, Start: time.Date(2026, 11, 26, 9, 0, 0, 0, almaty), End: time.Date(2026, 11, 26, 10, 30, 0, 0, almaty),
			Summary: "Баға; беру, талқылау", Description: "1\n2\\", URL: "https://example.org/s/1", Alarm: time.Hour},
		Event{UID: "2@x", Day: baqylau.MustDate("2026-12-31"), Summary: "Report", Location: "Astana", Cancelled: true, Alarm: time.Hour},
		Event{UID: "3@x", Start: stamp, Summary: "Moment"})
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Baqylau//Baqylau//KK
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:Мерзімдер
X-WR-CALNAME:Мерзімдер
BEGIN:VEVENT
UID:1@x
DTSTAMP:20261125T120000Z
SEQUENCE:2
DTSTART:20261126T040000Z
DTEND:20261126T053000Z
SUMMARY:Баға\; беру\, талқылау
DESCRIPTION:1\n2\\
URL:https://example.org/s/1
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT60M
DESCRIPTION:Баға\; беру\, талқылау
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:2@x
DTSTAMP:20261125T120000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20261231
DTEND;VALUE=DATE:20270101
SUMMARY:Report
LOCATION:Astana
STATUS:CANCELLED
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:3@x
DTSTAMP:20261125T120000Z
SEQUENCE:0
DTSTART:20261125T120000Z
SUMMARY:Moment
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRefuses(t *testing.T) {
	good := Event{UID: "1@x", Start: stamp, Summary: "s"}
	for name, spoil := range map[string]func(*Event){
		"uid": func(e *Event) { e.UID = "" }, "summary": func(e *Event) { e.Summary = "" }, "time": func(e *Event) { e.Start = time.Time{} },
		"sequence": func(e *Event) { e.Sequence = -1 }, "alarm": func(e *Event) { e.Alarm = -time.Hour },
	} {
		e := good
		spoil(&e)
		var b strings.Builder
		if err := Write(&b, Calendar{Events: []Event{e}}); baqylau.CodeOf(err) != baqylau.Invalid || b.Len() != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever the texts are, lines are short, valid UTF-8, and unfold to the same properties with the same values.
func FuzzLines(f *testing.F) {
	f.Add("Ұзақ мәтін, "+strings.Repeat("қ", 100), "a\r\nEND:VCALENDAR\r\nb", "https://x/\r\nX:y")
	f.Add("\xff\x00", "\\n", "")
	f.Fuzz(func(t *testing.T, summary, description, url string) {
		if summary == "" {
			return
		}
		doc := write(t, Event{UID: "1@x", Start: stamp, Summary: summary, Description: description, URL: url})
		for _, line := range strings.Split(doc, "\r\n") {
			if len(line) > maxOctets || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x00") {
				t.Errorf("line %q", line)
			}
		}
		var names []string
		for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(doc, "\r\n ", ""), "\r\n"), "\r\n") {
			name, value, _ := strings.Cut(line, ":")
			names = append(names, name)
			if name == "SUMMARY" && utf8.ValidString(summary) && !strings.ContainsFunc(summary, func(r rune) bool { return r < 0x20 || r == 0x7F }) {
				back := strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",").Replace(value)
				if back != summary {
					t.Errorf("%q came back as %q", summary, back)
				}
			}
		}
		for _, name := range names {
			switch name {
			case "BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "UID", "DTSTAMP", "SEQUENCE", "DTSTART",
				"SUMMARY", "DESCRIPTION", "URL", "END":
			default:
				t.Errorf("property %q was forged", name)
			}
		}
	})
}
