package alert

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/alert/atom"
	"github.com/baqylau/baqylau/internal/alert/cap"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

func foreignCAP(t *testing.T, msgType string) []byte {
	t.Helper()
	a := cap.Alert{Identifier: "X-1", Sender: "ews@other.example", Sent: cap.Time{Time: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}, Status: "Actual", MsgType: "Alert", Scope: "Public",
		Infos: []cap.Info{{Language: "en", Categories: []string{"Health"}, Event: "drug alert", Urgency: "Immediate", Severity: "Severe", Certainty: "Observed", Headline: "Nitazene in tablets",
			Description: "Found in two cities.", Web: "javascript:alert(1)"}}}
	if msgType != "Alert" {
		a = cap.Follow(a, msgType, "X-2", a.Sent.Add(time.Hour))
	}
	var b bytes.Buffer
	if err := cap.Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func foreignFeed(t *testing.T, gone bool) []byte {
	t.Helper()
	at := atom.At(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC))
	f := atom.Feed{ID: "urn:x", Title: *atom.Plain("Feed"), Updated: at, Authors: []atom.Person{{Name: "Other centre"}}}
	if gone {
		f.Deleted = []atom.Tombstone{{Ref: "urn:x:1", When: at}}
	} else {
		f.Entries = []atom.Entry{{ID: "urn:x:1", Title: *atom.Plain("Xylazine"), Updated: at, Links: []atom.Link{{Href: "https://other.example/1"}},
			Summary: atom.HTML("<p>Found <script>alert(1)</script>in &amp; around</p>")}}
	}
	var b bytes.Buffer
	if err := atom.Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (h *house) foreignBy(t *testing.T, identifier string) Foreign {
	t.Helper()
	var id string
	if err := h.db.Read.NewRaw("SELECT id FROM foreign_alert WHERE identifier = ?", identifier).Scan(context.Background(), &id); err != nil {
		t.Fatal(err)
	}
	f, err := foreignBy(context.Background(), h.db.Read, id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestForeignDocuments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		for i, want := range []int{1, 0} {
			added, err := h.Read(ctx, officer, foreignCAP(t, "Alert"))
			if err != nil || len(added) != want {
				t.Errorf("reading %d: %v %v", i, added, err)
			}
		}
		f := h.foreignBy(t, "ews@other.example,X-1")
		if f.Title != "Nitazene in tablets" || f.Severity != "Severe" || f.Link != "" || f.State != "new" || f.SentAt.Hour() != 8 {
			t.Errorf("%+v", f)
		}
		if id, err := h.ToSignal(ctx, officer, f.ID); err != nil || id != "sig" || h.foreignBy(t, f.Identifier).State != "signal" {
			t.Error(id, err)
		}
		_, err := h.ToSignal(ctx, officer, f.ID)
		wantCode(t, err, baqylau.Conflict, "alert.error.moved_on")
		if _, err := h.Read(ctx, officer, foreignCAP(t, "Cancel")); err != nil || h.foreignBy(t, f.Identifier).State != "cancelled" {
			t.Error(err)
		}
		if _, err := h.Read(ctx, officer, foreignFeed(t, false)); err != nil {
			t.Fatal(err)
		}
		if e := h.foreignBy(t, "urn:x:1"); e.Summary != "Found in & around" || e.Sender != "Other centre" || e.Link != "https://other.example/1" {
			t.Errorf("%+v", e)
		}
		if _, err := h.Read(ctx, officer, foreignFeed(t, true)); err != nil || h.foreignBy(t, "urn:x:1").State != "cancelled" {
			t.Error(err)
		}
		_, err = h.Read(ctx, officer, []byte("<html/>"))
		wantCode(t, err, baqylau.Invalid, "alert.error.document")
		_, err = h.Read(ctx, officer, bytes.Repeat([]byte{' '}, maxDocument+1))
		wantCode(t, err, baqylau.TooMany, "alert.error.document_size")
		_, err = h.Read(ctx, doctor, foreignFeed(t, false))
		wantCode(t, err, baqylau.Forbidden, "error.forbidden")
	})
}

// A feed on a private address is not called unless the operator says so, not even by way of a redirect; what has not changed is not read again.
func TestFetch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		calls, whole := 0, 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			switch {
			case r.URL.Path == "/huge":
				_, _ = w.Write(bytes.Repeat([]byte{' '}, maxDocument+10))
			case r.URL.Path == "/elsewhere":
				http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
			case r.Header.Get("If-None-Match") == `"1"`:
				w.WriteHeader(http.StatusNotModified)
			default:
				whole++
				w.Header().Set("ETag", `"1"`)
				_, _ = w.Write(foreignFeed(t, false))
			}
		}))
		defer server.Close()
		h.Feeds = []Feed{{server.URL + "/feed", "Other"}, {server.URL + "/huge", "Huge"}, {server.URL + "/elsewhere", "Elsewhere"}}
		fault := func(path string) (key string) {
			t.Helper()
			if err := db.Read.NewRaw("SELECT last_error FROM foreign_feed WHERE url = ?", server.URL+path).Scan(ctx, &key); err != nil {
				t.Fatal(err)
			}
			return key
		}
		if err := h.FetchAll(ctx); err != nil {
			t.Fatal(err)
		}
		if calls != 0 || fault("/feed") != "alert.error.feed" {
			t.Errorf("a private address was called %d times: %s", calls, fault("/feed"))
		}
		h.PrivateFeeds = true
		for range 2 {
			if err := h.FetchAll(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if whole != 1 || fault("/feed") != "" || fault("/huge") != "alert.error.document_size" || fault("/elsewhere") != "alert.error.feed" {
			t.Errorf("read %d times; %q %q %q", whole, fault("/feed"), fault("/huge"), fault("/elsewhere"))
		}
		if f := h.foreignBy(t, "urn:x:1"); f.FeedName != "Other" {
			t.Errorf("%+v", f)
		}
	})
}

func TestOutside(t *testing.T) {
	for address, want := range map[string]bool{"8.8.8.8": true, "2a00:1450::1": true, "127.0.0.1": false, "10.1.2.3": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false,
		"::1": false, "fe80::1": false, "fd00::1": false, "::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false} {
		if outside(netip.MustParseAddr(address)) != want {
			t.Errorf("%s", address)
		}
	}
	if !strings.HasPrefix(hashOf("x"), "2d711642") {
		t.Error("a token is not kept as SHA-256")
	}
}
