// Package ics writes iCalendar files (RFC 5545), so that deadlines and duty rosters show in the calendars people already
// use. It is pure: the caller gives every time, also that of writing.
package ics

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// MediaType is the registered type of a calendar file.
const MediaType = "text/calendar; charset=utf-8"

// Calendar is a list of events.
type Calendar struct {
	Name   string // shown by calendar programs that follow the file
	Lang   baqylau.Lang
	Stamp  time.Time // when the file was made
	Events []Event
}

// Event is a deadline, a shift or a meeting. With Day set it lasts that whole day; otherwise it lasts from Start to End, and
// an End that is not after Start makes it a moment.
type Event struct {
	UID         string // globally unique and lasting, "…@host"
	Sequence    int    // number of revisions, from 0
	Day         baqylau.Date
	Start, End  time.Time
	Summary     string
	Description string
	URL         string // page in the system
	Location    string
	Cancelled   bool
	Alarm       time.Duration // reminder so long before Start, 0 for none
}

// Write writes the calendar. An event without UID, summary or time, or with a negative sequence or alarm, gives an Invalid
// error with key "error.ics" before anything is written.
func Write(w io.Writer, c Calendar) error {
	for _, e := range c.Events {
		if e.UID == "" || e.Summary == "" || e.Day.IsZero() && e.Start.IsZero() || e.Sequence < 0 || e.Alarm < 0 {
			return baqylau.E(baqylau.Invalid, "error.ics", "Event", e.UID)
		}
	}
	var b lines
	b.add("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Baqylau//Baqylau//"+strings.ToUpper(string(c.Lang)), "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
	b.text("NAME", c.Name) // RFC 7986
	b.text("X-WR-CALNAME", c.Name)
	for _, e := range c.Events {
		b.event(e, c.Stamp)
	}
	b.add("END:VCALENDAR")
	_, err := io.WriteString(w, b.String())
	return err
}

func (b *lines) event(e Event, stamp time.Time) {
	b.add("BEGIN:VEVENT")
	b.text("UID", e.UID)
	b.add("DTSTAMP:"+moment(stamp), fmt.Sprintf("SEQUENCE:%d", e.Sequence))
	switch {
	case !e.Day.IsZero():
		b.add("DTSTART;VALUE=DATE:"+e.Day.Time().Format("20060102"), "DTEND;VALUE=DATE:"+e.Day.AddDays(1).Time().Format("20060102"))
	case e.End.After(e.Start):
		b.add("DTSTART:"+moment(e.Start), "DTEND:"+moment(e.End))
	default:
		b.add("DTSTART:" + moment(e.Start))
	}
	b.text("SUMMARY", e.Summary)
	b.text("DESCRIPTION", e.Description)
	b.text("LOCATION", e.Location)
	if e.URL != "" {
		b.add("URL:" + oneLine(e.URL))
	}
	if e.Cancelled {
		b.add("STATUS:CANCELLED", "TRANSP:TRANSPARENT")
	}
	if e.Alarm > 0 && !e.Cancelled {
		b.add("BEGIN:VALARM", "ACTION:DISPLAY", fmt.Sprintf("TRIGGER:-PT%dM", int(e.Alarm/time.Minute)))
		b.text("DESCRIPTION", e.Summary)
		b.add("END:VALARM")
	}
	b.add("END:VEVENT")
}

func moment(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// lines collects content lines, folded.
type lines struct{ strings.Builder }

// maxOctets of a line without its break, RFC 5545, 3.1.
const maxOctets = 75

// add writes each line, folded after at most 75 octets and never inside a character.
func (b *lines) add(contents ...string) {
	for _, s := range contents {
		room := maxOctets
		for len(s) > room {
			cut := room
			for cut > 0 && !utf8.RuneStart(s[cut]) {
				cut--
			}
			b.WriteString(s[:cut] + "\r\n ")
			s, room = s[cut:], maxOctets-1 // the space counts
		}
		b.WriteString(s + "\r\n")
	}
}

var escape = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text writes a TEXT property, or nothing when the value is empty.
func (b *lines) text(name, value string) {
	if value != "" {
		b.add(name + ":" + oneLine(escape.Replace(strings.ToValidUTF8(value, "\uFFFD"))))
	}
}

// oneLine drops control characters, with which a value could forge another line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' || r == 0x7F {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
