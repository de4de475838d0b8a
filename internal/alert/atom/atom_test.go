package atom

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/baqylau/baqylau"
)

func sample() Feed {
	issued := At(time.Date(2026, 11, 25, 12, 30, 0, 0, time.FixedZone("", 5*60*60)))
	later := At(time.Date(2026, 11, 26, 7, 0, 0, 0, time.UTC))
	return Feed{
		Lang: "ru", ID: "https://example.org/feed.atom", Title: *Plain("Предупреждения"), Updated: later,
		Authors: []Person{{Name: "Центр", Email: "ews@example.org"}}, Rights: Plain("TLP:CLEAR"),
		Links: []Link{{Rel: "self", Href: "https://example.org/feed.atom", Type: MediaType}},
		Entries: []Entry{{
			Lang: "ru", ID: "urn:uuid:0190a0a0-0000-7000-8000-000000000001", Title: *Plain("Карфентанил < & >"), Updated: issued, Published: &issued,
			Links:      []Link{{Href: "https://example.org/w/1", Type: "text/html", Hreflang: "ru"}, Enclosure("https://example.org/w/1.cap", 2048)},
			Categories: []Category{{Term: "red", Scheme: "https://example.org/severity", Label: "Красный"}},
			Summary:    Plain("Выявлен в Алматы."), Content: HTML("<p>Выявлен в <b>Алматы</b>.</p>"),
		}},
		Deleted: []Tombstone{{Ref: "urn:uuid:0190a0a0-0000-7000-8000-000000000002", When: later, By: &Person{Name: "Центр"}, Comment: Plain("Результат отозван")}},
	}
}

type fataler interface {
	Fatal(...any)
	Helper()
}

func write(t fataler, f Feed) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func roundTrip(t fataler, f Feed) {
	t.Helper()
	doc := write(t, f)
	got, err := Parse(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err, doc)
	}
	f.XMLName = got.XMLName
	same := cmp.Comparer(func(a, b Time) bool { return a.Format(time.RFC3339Nano) == b.Format(time.RFC3339Nano) })
	if diff := cmp.Diff(f, got, same); diff != "" {
		t.Fatal(diff, doc)
	}
}

func TestRoundTrip(t *testing.T) {
	roundTrip(t, sample())
	if got := sample().Entries[0].CAP(); got != "https://example.org/w/1.cap" {
		t.Error(got)
	}
	if got := (Entry{}).CAP(); got != "" {
		t.Error(got)
	}
}

func TestDocumentForm(t *testing.T) {
	doc := write(t, sample())
	for _, want := range []string{
		`<feed xmlns="http://www.w3.org/2005/Atom" `, `xml:lang="ru"`, `<title type="text">Карфентанил &lt; &amp; &gt;</title>`,
		`<link rel="enclosure" href="https://example.org/w/1.cap" type="application/cap+xml" length="2048"></link>`,
		`<deleted-entry xmlns="http://purl.org/atompub/tombstones/1.0" ref="urn:uuid:0190a0a0-0000-7000-8000-000000000002" when="2026-11-26T07:00:00Z">`,
		`<name xmlns="http://www.w3.org/2005/Atom">Центр</name>`, `<content type="html">&lt;p&gt;`,
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %s in\n%s", want, doc)
		}
	}
}

func TestValidateNamesTheElement(t *testing.T) {
	for element, spoil := range map[string]func(*Feed){
		"id":            func(f *Feed) { f.Entries[0].ID = "1" },
		"title":         func(f *Feed) { f.Title.Type = "xhtml" },
		"updated":       func(f *Feed) { f.Updated = Time{} },
		"published":     func(f *Feed) { f.Entries[0].Published = &Time{} },
		"author":        func(f *Feed) { f.Authors = nil },
		"link":          func(f *Feed) { f.Links[0].Href = "" },
		"category":      func(f *Feed) { f.Entries[0].Categories[0].Term = "" },
		"content":       func(f *Feed) { f.Entries[0].Content.Body = "\x01" },
		"deleted-entry": func(f *Feed) { f.Deleted[0].Ref = "" },
		"by":            func(f *Feed) { f.Deleted[0].By.Name = "" },
	} {
		f := sample()
		spoil(&f)
		var e *baqylau.Error
		if err := Write(&bytes.Buffer{}, f); !errors.As(err, &e) || e.Field != element || e.Code != baqylau.Invalid {
			t.Errorf("%s: %v", element, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	good := write(t, sample())
	for name, doc := range map[string]string{
		"empty": "", "RSS": "<rss version='2.0'/>", "other namespace": "<feed/>", "cut short": good[:len(good)/2],
		"entity":   strings.Replace(good, "TLP", "&x;", 1),
		"too long": strings.Replace(good, "TLP", strings.Repeat("x", maxSize), 1),
	} {
		var e *baqylau.Error
		if _, err := Parse(strings.NewReader(doc)); !errors.As(err, &e) || e.Key != "error.atom_document" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Others write prefixes, inline XHTML, extensions and alternates of the CAP type.
func TestParseIsLiberal(t *testing.T) {
	f, err := Parse(strings.NewReader(`<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:x="urn:x" xmlns:t="http://purl.org/atompub/tombstones/1.0">
		<a:id>http://x/</a:id><a:title>T</a:title><a:updated>2026-11-25T00:00:00.25+01:00</a:updated><a:author><a:name>N</a:name></a:author><x:y/>
		<a:entry><a:id>http://x/1</a:id><a:title type="xhtml"><b>T</b></a:title><a:updated>2026-11-25T00:00:00Z</a:updated>
		<a:content type="image/png">AAAA</a:content><a:link href="1.cap" type="application/cap+xml"/></a:entry>
		<t:deleted-entry ref="http://x/0" when="2026-11-25T00:00:00Z"/></a:feed>`))
	if err != nil {
		t.Fatal(err)
	}
	e := f.Entries[0]
	if e.Title != (Text{"html", "<b>T</b>"}) || e.CAP() != "1.cap" || e.Content.Body != "" || f.Deleted[0].Ref != "http://x/0" {
		t.Errorf("%+v", f)
	}
	roundTrip(t, f)
}

func TestAnyFeedSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Filter(func(s string) bool { return carries(s) })
		full := text.Filter(func(s string) bool { return s != "" })
		construct := rapid.Custom(func(t *rapid.T) Text {
			return Text{rapid.SampledFrom([]string{"text", "html"}).Draw(t, "type"), text.Draw(t, "body")}
		})
		moment := rapid.Custom(func(t *rapid.T) Time {
			return At(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), rapid.Int64Range(0, 999999999).Draw(t, "ns")).UTC())
		})
		f := sample()
		f.Title, f.Updated, f.Authors[0].Name = construct.Draw(t, "title"), moment.Draw(t, "updated"), full.Draw(t, "name")
		e := &f.Entries[0]
		summary := construct.Draw(t, "summary")
		e.Summary, e.Categories[0].Term, e.Links[0].Title = &summary, full.Draw(t, "term"), text.Draw(t, "link title")
		f.Deleted[0].When = moment.Draw(t, "when")
		roundTrip(t, f)
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(write(f, sample())))
	f.Fuzz(func(t *testing.T, doc []byte) {
		if feed, err := Parse(bytes.NewReader(doc)); err == nil {
			roundTrip(t, feed)
		}
	})
}
