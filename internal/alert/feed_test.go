package alert

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A feed without warnings dates from the day the centre was set up; then from the last warning that came or went.
func TestTheFeedSaysWhenItChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		setUp := h.now
		h.drafted(t, nil)
		is := func(when string, want time.Time) {
			t.Helper()
			if got := h.feedIn(t, baqylau.English).Updated; !got.Equal(want) {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
		h.now = h.now.Add(24 * time.Hour)
		is("before the first warning", setUp)
		h.issued(t, nil)
		is("an alert for professionals changes nothing", setUp)
		c := h.issued(t, public3)
		is("a warning was issued", h.now)
		h.now = c.ExpiresAt.Add(time.Hour)
		if n, err := h.Expire(context.Background()); err != nil || n == 0 {
			t.Fatal(n, err)
		}
		is("the warning expired and left the feed", c.ExpiresAt)
	})
}

// The JSON feed has the entries of the Atom feed in each language, and nothing that is not public.
func TestJSONFeedIsTheTwin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		s := site(h)
		h.issued(t, nil)
		open, gone := h.issued(t, public3), h.issued(t, public3)
		h.must(t, approver, gone.ID, Retract, "The sample was mixed up")
		for _, l := range baqylau.Langs {
			w := ask(t, s, "", http.MethodGet, "/feed.json?lang="+string(l), nil)
			var f struct {
				Title, Language, Feed_URL string
				Items                     []struct {
					ID, URL, Title, Content_Text string
					Attachments                  []struct{ URL, Mime_Type string }
				}
				Own struct {
					Withdrawn []struct{ ID, Reason string }
				} `json:"_baqylau"`
			}
			if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || w.Header().Get("Content-Type") != "application/feed+json; charset=utf-8" {
				t.Fatal(err, w.Code, w.Header(), w.Body)
			}
			twin := h.feedIn(t, l)
			if f.Title != twin.Title.Body || f.Language != string(l) || len(f.Items) != 1 || len(twin.Entries) != 1 || len(f.Own.Withdrawn) != 1 {
				t.Fatalf("%+v", f)
			}
			i, e := f.Items[0], twin.Entries[0]
			if i.ID != e.ID || i.Title != e.Title.Body || i.Content_Text != e.Summary.Body || i.URL != "https://ews.example/public/"+open.Ref+"?lang="+string(l) {
				t.Errorf("%+v\n%+v", i, e)
			}
			if len(i.Attachments) != 1 || i.Attachments[0].URL != e.CAP() || f.Own.Withdrawn[0].ID != twin.Deleted[0].Ref || f.Own.Withdrawn[0].Reason != "The sample was mixed up" {
				t.Errorf("%+v", f)
			}
		}
	})
}
