package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/api"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// with is a report in which one field more is sent.
func with(field, value string) string {
	return `{"kind":"death","occurred_on":"2026-11-24","text":"x","` + field + `":` + value + `}`
}

// TestHostileBodies: a body that is no report, or more than one, is refused on both engines with nothing written.
func TestHostileBodies(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(with("colour", `"`+strings.Repeat("a", 64<<20)+`"`)))
	_ = z.Close()
	bodies := map[string]struct {
		body   string
		status int
		pairs  []string
	}{
		"a name twice":                   {with("kind", `"seizure"`), 400, nil},
		"a name twice, once in disguise": {with(`\u006bind`, `"seizure"`), 400, nil},
		"a name twice inside":            {with("substances", `[{"name":"a","name":"b"}]`), 400, nil},
		"nested without end":             {with("text2", strings.Repeat("[", 100_000)), 400, nil},
		"nested and closed":              {with("substances", strings.Repeat("[", 17)+strings.Repeat("]", 17)), 400, nil},
		"bytes that are no UTF-8":        {with("colour", "\"\xff\xfe\""), 400, nil},
		"overlong slash":                 {with("colour", "\"\xc0\xaf\""), 400, nil},
		"null character in a text":       {with("colour", `"a\u0000b"`), 400, nil},
		"null character in a code":       {with("lab_id", `"\u0000"`), 400, nil},
		"null character in a name":       {with(`a\u0000`, `1`), 400, nil},
		"bell":                           {with("colour", `"a\u0007"`), 422, nil},
		"byte order mark":                {"\xef\xbb\xbf" + with("colour", `"a"`), 400, nil},
		"two bodies":                     {with("colour", `"a"`) + with("colour", `"b"`), 400, nil},
		"no object":                      {`[1]`, 422, nil},
		"nothing":                        {`null`, 422, nil},
		"NaN":                            {with("persons", `NaN`), 400, nil},
		"beyond any number":              {with("persons", `1e400`), 400, nil},
		"beyond 64 bits":                 {with("persons", `99999999999999999999`), 422, nil},
		"negative":                       {with("persons", `-1`), 422, nil},
		"a fraction of a person":         {with("persons", `1.5`), 422, nil},
		"negative quantity":              {with("quantity", `"-1"`), 422, nil},
		"quantity with exponent":         {with("quantity", `"1e9"`), 422, nil},
		"31 February":                    {`{"kind":"death","occurred_on":"2026-02-31","text":"x"}`, 422, nil},
		"year 0":                         {`{"kind":"death","occurred_on":"0000","text":"x"}`, 422, nil},
		"too many substances":            {with("substances", `[`+strings.Repeat(`{"name":"a"},`, 60)+`{"name":"b"}]`), 422, nil},
		"packed":                         {zipped.String(), 400, []string{"Content-Encoding", "gzip"}},
		"XML":                            {`<report/>`, 415, []string{"Content-Type", "text/xml"}},
		"a form with files":              {"--x\r\n\r\n--x--", 415, []string{"Content-Type", "multipart/form-data; boundary=x"}},
		"large":                          {with("colour", `"`+strings.Repeat("a", 2<<20)+`"`), 413, nil},
	}
	for _, field := range []string{"id", "ref", "receipt", "state", "org_id", "organisation", "account_id", "source_id", "domain", "tlp", "channel_", "confirmed", "confidence", "known_on", "recorded_at",
		"hidden", "batch_id", "occurrence_id", "supersedes_id", "superseded_on", "reviewed_by", "released", "findings", "questions", "pseudonym", "__proto__", "constructor"} {
		bodies["assigned: "+field] = struct {
			body   string
			status int
			pairs  []string
		}{with(field, `"x"`), 422, nil}
	}
	for _, level := range []string{"confidence", "substance", "confirmed", "state"} {
		bodies["assigned inside: "+level] = struct {
			body   string
			status int
			pairs  []string
		}{with("substances", `[{"name":"a","`+level+`":"confirmed"}]`), 422, nil}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		count := func() int {
			return h.count("SELECT (SELECT count(*) FROM report) + (SELECT count(*) FROM occurrence) + (SELECT count(*) FROM finding) + (SELECT count(*) FROM series_delta)")
		}
		before := count()
		for name, b := range bodies {
			began := time.Now()
			r := h.call("hospital", http.MethodPost, api.Prefix+"/reports", b.body, b.pairs...)
			if r.code != b.status || !json.Valid([]byte(r.body)) {
				t.Errorf("%s: %d %.300s", name, r.code, r.body)
			}
			if spent := time.Since(began); spent > 10*time.Second {
				t.Errorf("%s took %v", name, spent)
			}
		}
		if n := count(); n != before {
			t.Errorf("%d rows were written", n-before)
		}
		if r := h.call("hospital", http.MethodPost, api.Prefix+"/reports", with("colour", `"white"`)); r.code != http.StatusCreated {
			t.Errorf("an honest report: %d %s", r.code, r.body)
		}
	})
}

// FuzzBody: no body makes an operation fail on its own account, answer with anything but JSON, or write when it refuses.
func FuzzBody(f *testing.F) {
	h := open(f, storetest.Open(f, store.SQLite))
	paths := []string{"/reports", "/recognise", "/tips"}
	for i, body := range []string{with("substances", `[{"name":"метонитазен","role":"main"}]`), `{"texts":["2 г мефедрона","x"]}`, `{"text":"солят у школы"}`} {
		f.Add(byte(i), body)
	}
	f.Add(byte(0), with("kind", `"seizure"`))
	f.Add(byte(0), `{"kind":"seizure","occurred_on":"2026-11","quantity":"1.5","quantity_unit":"g","persons":1e2}`)
	f.Add(byte(1), `{"text":"`+strings.Repeat("a", 300)+`"}`)
	f.Fuzz(func(t *testing.T, which byte, body string) {
		h := *h
		h.t = t
		path := paths[int(which)%len(paths)]
		before := h.count("SELECT count(*) FROM report")
		r := h.call("hospital", http.MethodPost, api.Prefix+path, body)
		if r.code >= 500 || !json.Valid([]byte(r.body)) {
			t.Fatalf("%s: %d %s", path, r.code, r.body)
		}
		if r.code >= 400 && h.count("SELECT count(*) FROM report") != before {
			t.Fatalf("%s refused with %d and wrote", path, r.code)
		}
	})
}
