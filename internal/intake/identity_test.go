package intake_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A hospital reads the pseudonym of its own patient, and the journal keeps that it did; the officer and the police get nothing and leave no trace of success.
func TestAnIdentityIsReadByItsOwnOrganisationAndRemembered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		h.Pseudonym = func(d baqylau.Domain, n string) string { return string(d) + "-" + strings.Repeat("x", len(n)) }
		rec, err := h.Submit(ctx, h.hospital, intake.Submission{PersonID: "770101300127", Incoming: intake.Incoming{Kind: intake.AcuteIntoxication, Channel: "form",
			Occurred: h.day, Region: "KZ-75", Country: "KZ", Text: "отравление мефедроном"}})
		if err != nil {
			t.Fatal(err)
		}
		id, err := h.ReadIdentity(ctx, h.hospital, rec.ReportID)
		if err != nil || id.Pseudonym != "health-xxxxxxxxxxxx" || !id.EraseOn.After(h.day) {
			t.Fatalf("%+v, %v", id, err)
		}
		reads := func() (n int) {
			if err := db.Read.NewRaw("SELECT count(*) FROM audit_entry WHERE act = 'identity.read' AND object_id = ?", rec.ReportID).Scan(ctx, &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if reads() != 1 {
			t.Errorf("%d entries of the journal", reads())
		}
		for name, a := range map[string]access.Actor{"officer": h.officer, "police": h.police} {
			if _, err := h.ReadIdentity(ctx, a, rec.ReportID); baqylau.CodeOf(err) != baqylau.Forbidden && baqylau.CodeOf(err) != baqylau.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if reads() != 1 {
			t.Errorf("a refused read left an entry")
		}
	})
}

// The sender of a tip who mistypes its number may try again on the very page that says so; a number copied from paper in small letters is found.
func TestAWrongReceiptMayBeTypedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		rec := h.submit(t, access.Anyone(baqylau.Russian), intake.Submission{Incoming: intake.Incoming{Kind: intake.Tip, Channel: "tip", Text: "во дворе что-то продают"}})
		v := h.visitor(t, access.Anyone(baqylau.Russian))
		for lang, words := range map[baqylau.Lang]string{baqylau.Kazakh: "Мұндай нөмірлі хабарлама жоқ", baqylau.Russian: "Сообщения с таким номером нет", baqylau.English: "No message has this number"} {
			v.lang = lang
			w := v.do(httptestGet("/r/" + rec.Receipt + "X"))
			for _, s := range []string{words, `name="receipt"`, `value="` + rec.Receipt + `X"`, `action="/r"`} {
				if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), s) {
					t.Errorf("%s: %d without %q", lang, w.Code, s)
				}
			}
		}
		for typed, want := range map[string]string{strings.ToLower(rec.Receipt): "/r/" + rec.Receipt, "a/b?c": "/r/A%2FB%3FC"} {
			if w := v.do(httptestGet("/r?receipt=" + url.QueryEscape(typed))); w.Header().Get("Location") != want {
				t.Errorf("%q leads to %s", typed, w.Header().Get("Location"))
			}
		}
	})
}
