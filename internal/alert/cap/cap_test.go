package cap

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

var almaty = time.FixedZone("", 5*60*60)

// warning is a message as the centre would issue it, in three languages.
func warning() Alert {
	urgency, severity := Grade(baqylau.Red)
	info := func(lang, event, headline string) Info {
		return Info{
			Language: lang, Categories: []string{"Health", "Safety"}, Event: event, ResponseTypes: []string{"Avoid", "Monitor"},
			Urgency: urgency, Severity: severity, Certainty: Certainty(baqylau.Confirmed), Audience: "a < b & c",
			EventCodes: []Pair{{"inchikey", "FRUUMKQRJQMRPY-UHFFFAOYSA-N"}},
			Expires:    Time{time.Date(2026, 12, 25, 0, 0, 0, 0, almaty)}, SenderName: "Centre", Headline: headline,
			Description: "line one\nline two", Web: "https://example.org/w/1", Contact: "duty@example.org",
			Parameters: []Pair{{"TLP", "CLEAR"}}, Resources: []Resource{{Desc: "photo", MimeType: "image/jpeg", Size: 10, URI: "https://example.org/p.jpg"}},
			Areas: []Area{{Desc: "Алматы", Geocodes: []Pair{{"ISO 3166-2", "KZ-75"}}, Circles: []Circle{{Point{43.24, 76.95}, 20}},
				Polygons: []Polygon{{{43, 76}, {43, 77}, {44, 77}, {43, 76}}}}},
		}
	}
	return Alert{
		Identifier: "KZ-EWS-PW-2026-0001", Sender: "ews@example.org", Sent: Time{time.Date(2026, 11, 25, 12, 30, 0, 0, almaty)},
		Status: "Actual", MsgType: "Alert", Scope: "Public", Codes: []string{"profile:none"}, Incidents: Words{"one", "two words"},
		Infos: []Info{info("kk", "Есірткі туралы ескерту", "Карфентанил табылды"), info("ru", "Предупреждение", "Выявлен карфентанил"),
			info("en", "Drug alert", "Carfentanil was found")},
	}
}

func write(t testing.TB, a Alert) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var sameTimes = cmp.Comparer(func(a, b Time) bool { return a.IsZero() == b.IsZero() && (a.IsZero() || a.String() == b.String()) })

func roundTrip(t interface {
	Fatal(...any)
	Helper()
}, a Alert) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, a); err != nil {
		t.Fatal(err)
	}
	if err := Conform(bytes.NewReader(b.Bytes())); err != nil {
		t.Fatal(err, b.String())
	}
	got, err := Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	a.XMLName = got.XMLName
	if diff := cmp.Diff(a, got, sameTimes); diff != "" {
		t.Fatal(diff)
	}
}

func TestRoundTrip(t *testing.T) { roundTrip(t, warning()) }

func TestUpdateAndCancel(t *testing.T) {
	first := warning()
	update := Follow(first, "Update", "KZ-EWS-PW-2026-0001.2", time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC))
	cancel := Follow(update, "Cancel", "KZ-EWS-PW-2026-0001.3", time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC))
	cancel.Note = "The laboratory withdrew its result."
	roundTrip(t, update)
	roundTrip(t, cancel)
	doc := write(t, cancel)
	for _, want := range []string{
		"<msgType>Cancel</msgType>", "<sent>2026-11-27T09:00:00-00:00</sent>", "<responseType>AllClear</responseType>",
		"<references>ews@example.org,KZ-EWS-PW-2026-0001,2026-11-25T12:30:00+05:00 ews@example.org,KZ-EWS-PW-2026-0001.2,2026-11-26T09:00:00-00:00</references>",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %s in\n%s", want, doc)
		}
	}
	if first.Infos[0].ResponseTypes[0] != "Avoid" || len(first.References) != 0 {
		t.Error("Follow changed the earlier message")
	}
}

func TestValidateNamesTheElement(t *testing.T) {
	for element, spoil := range map[string]func(*Alert){
		"identifier":   func(a *Alert) { a.Identifier = "a b" },
		"sender":       func(a *Alert) { a.Sender = "a,b" },
		"sent":         func(a *Alert) { a.Sent = Time{} },
		"status":       func(a *Alert) { a.Status = "actual" },
		"msgType":      func(a *Alert) { a.MsgType = "" },
		"scope":        func(a *Alert) { a.Scope = "Secret" },
		"restriction":  func(a *Alert) { a.Scope = "Restricted" },
		"addresses":    func(a *Alert) { a.Scope = "Private" },
		"references":   func(a *Alert) { a.MsgType = "Update" },
		"alert":        func(a *Alert) { a.Note = "\x00" },
		"language":     func(a *Alert) { a.Infos[0].Language = "not a language" },
		"category":     func(a *Alert) { a.Infos[0].Categories = nil },
		"event":        func(a *Alert) { a.Infos[0].Event = "" },
		"responseType": func(a *Alert) { a.Infos[0].ResponseTypes = []string{"Panic"} },
		"urgency":      func(a *Alert) { a.Infos[0].Urgency = "Soon" },
		"severity":     func(a *Alert) { a.Infos[0].Severity = "red" },
		"certainty":    func(a *Alert) { a.Infos[0].Certainty = "confirmed" },
		"web":          func(a *Alert) { a.Infos[0].Web = "/w/1" },
		"areaDesc":     func(a *Alert) { a.Infos[0].Areas[0].Desc = "" },
		"polygon":      func(a *Alert) { a.Infos[0].Areas[0].Polygons[0][3].Lat = 1 },
		"circle":       func(a *Alert) { a.Infos[0].Areas[0].Circles[0].Radius = -1 },
		"geocode":      func(a *Alert) { a.Infos[0].Areas[0].Geocodes[0].Name = "" },
		"ceiling":      func(a *Alert) { a.Infos[0].Areas[0].Ceiling = "3" },
	} {
		a := warning()
		spoil(&a)
		var e *baqylau.Error
		if err := Write(&bytes.Buffer{}, a); !errors.As(err, &e) || e.Field != element || e.Code != baqylau.Invalid {
			t.Errorf("%s: %v", element, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	good := write(t, warning())
	for name, doc := range map[string]string{
		"empty": "", "not XML": "alert", "other root": "<feed/>", "CAP 1.1": strings.ReplaceAll(good, ":1.2", ":1.1"),
		"cut short": good[:len(good)/2], "bad time": strings.Replace(good, "2026-11-25T", "25.11.2026 ", 1),
		"entity":   `<!DOCTYPE a [<!ENTITY x "y">]>` + strings.Replace(good, "Centre", "&x;", 1),
		"too long": strings.Replace(good, "Centre", strings.Repeat("x", maxSize), 1),
	} {
		var e *baqylau.Error
		if _, err := Parse(strings.NewReader(doc)); !errors.As(err, &e) || e.Key != "error.cap_document" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Senders write prefixes, "Z", CDATA and elements of their own.
func TestParseIsLiberal(t *testing.T) {
	a, err := Parse(strings.NewReader(`<cap:alert xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2" xmlns:x="urn:x"><cap:identifier>1</cap:identifier>
		<cap:sender>a@b</cap:sender><cap:sent> 2026-11-25T07:30:00.5Z </cap:sent><cap:status>Actual</cap:status><cap:msgType>Alert</cap:msgType>
		<cap:scope>Public</cap:scope><cap:note><![CDATA[<b>&]]></cap:note><x:own>1</x:own></cap:alert>`))
	if err != nil || a.Note != "<b>&" || a.Sent.String() != "2026-11-25T07:30:00-00:00" {
		t.Error(a, err)
	}
}

func TestConformKnowsTheSchema(t *testing.T) {
	good := write(t, warning())
	if err := Conform(strings.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"order":          {"<status>Actual</status>\n  <msgType>Alert</msgType>", "<msgType>Alert</msgType><status>Actual</status>"},
		"twice":          {"<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>"},
		"missing":        {"<sender>ews@example.org</sender>", ""},
		"unknown":        {"<scope>", "<colour/><scope>"},
		"namespace":      {"<scope>", `<source xmlns="urn:x">s</source><scope>`},
		"loose text":     {"<scope>", "x<scope>"},
		"child in text":  {"<scope>Public</scope>", "<scope>Public<b/></scope>"},
		"Z":              {"2026-11-25T12:30:00+05:00", "2026-11-25T07:30:00Z"},
		"second event":   {"<event>Drug alert</event>", "<event>Drug alert</event><event>x</event>"},
		"value first":    {"<valueName>TLP</valueName>", ""},
		"code value":     {"<certainty>Observed</certainty>", "<certainty>Sure</certainty>"},
		"missing in all": {"<category>Health</category>\n    <category>Safety</category>", ""},
	} {
		bad := strings.ReplaceAll(good, change[0], change[1])
		if bad == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		if err := Conform(strings.NewReader(bad)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestAnyMessageSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, anyAlert(t)) })
}

// anyAlert draws a valid message.
func anyAlert(t *rapid.T) Alert {
	name := rapid.StringMatching(`[a-zA-Z0-9@.:Қ-]{1,20}`)
	text := rapid.String().Filter(func(s string) bool { return isText(s) })
	full := text.Filter(func(s string) bool { return s != "" })
	word := full.Filter(func(s string) bool { return !strings.Contains(s, `"`) })
	moment := rapid.Custom(func(t *rapid.T) Time {
		zone := time.FixedZone("", 60*rapid.IntRange(-840, 840).Draw(t, "zone"))
		return Time{time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "unix"), 0).In(zone)}
	})
	list := func(values []string, least int) []string {
		return orNil(rapid.SliceOfN(rapid.SampledFrom(values), least, 3).Draw(t, "values"))
	}
	pairs := func() []Pair {
		return orNil(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Pair { return Pair{full.Draw(t, "name"), text.Draw(t, "value")} }), 0, 2).Draw(t, "pairs"))
	}
	a := Alert{
		Identifier: name.Draw(t, "identifier"), Sender: name.Draw(t, "sender"), Sent: moment.Draw(t, "sent"),
		Status: rapid.SampledFrom(statuses).Draw(t, "status"), MsgType: rapid.SampledFrom(msgTypes).Draw(t, "type"), Scope: "Private",
		Addresses: rapid.SliceOfN(word, 1, 3).Draw(t, "addresses"), Note: text.Draw(t, "note"), Codes: orNil(rapid.SliceOfN(full, 0, 2).Draw(t, "codes")),
		References: References{{name.Draw(t, "sender"), name.Draw(t, "identifier"), moment.Draw(t, "sent")}},
	}
	for range rapid.IntRange(0, 3).Draw(t, "infos") {
		a.Infos = append(a.Infos, Info{
			Language: rapid.SampledFrom([]string{"kk", "ru", "en-GB"}).Draw(t, "language"), Categories: list(categories, 1), Event: full.Draw(t, "event"),
			ResponseTypes: list(responseTypes, 0), Urgency: list(urgencies, 1)[0], Severity: list(severities, 1)[0], Certainty: list(certainties, 1)[0],
			Effective: moment.Draw(t, "effective"), Description: text.Draw(t, "description"), EventCodes: pairs(), Parameters: pairs(),
			Areas: []Area{{Desc: full.Draw(t, "area"), Geocodes: pairs(), Circles: []Circle{{Point{rapid.Float64Range(-90, 90).Draw(t, "lat"),
				rapid.Float64Range(-180, 180).Draw(t, "lon")}, rapid.Float64Range(0, 1000).Draw(t, "radius")}}}},
		})
	}
	return a
}

func orNil[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(write(f, warning())))
	f.Add([]byte(write(f, Follow(warning(), "Cancel", "x", time.Unix(0, 0).UTC()))))
	f.Fuzz(func(t *testing.T, doc []byte) {
		a, err := Parse(bytes.NewReader(doc))
		if err != nil {
			return
		}
		roundTrip(t, a)
	})
}
