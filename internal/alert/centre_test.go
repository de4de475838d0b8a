package alert

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// The centre signs with the name its settings give it, in the language of the reader.
func TestTheCentreSpeaksByItsName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		name := baqylau.Text{KK: "Ұлттық орталық", RU: "Национальный центр", EN: "National Centre"}
		if _, err := db.Write.NewRaw("INSERT INTO setting (key, value) VALUES ('centre', ?)", name.JSON()).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		h.subscribe(t, doctor, baqylau.TLPAmber)
		c := h.issued(t, public3)
		var letter string
		if err := db.Read.NewRaw("SELECT body FROM delivery WHERE communication_id = ?", c.ID).Scan(ctx, &letter); err != nil || !strings.HasSuffix(letter, "\n\n-- \n"+name.KK+"\n") {
			t.Errorf("%v %s", err, letter)
		}
		for i, info := range h.capOf(t, c.Ref).Infos {
			l := baqylau.Langs[i]
			if info.SenderName != name.In(l) {
				t.Errorf("CAP in %s: %s", l, info.SenderName)
			}
			if f := h.feedIn(t, l); f.Authors[0].Name != name.In(l) || !strings.HasSuffix(f.Title.Body, " · "+name.In(l)) {
				t.Errorf("feed in %s: %s, %s", l, f.Title.Body, f.Authors[0].Name)
			}
			if w := ask(t, site(h), "", http.MethodGet, "/public/"+c.Ref+"?lang="+string(l), nil); !strings.Contains(w.Body.String(), name.In(l)) {
				t.Errorf("the page in %s does not name it", l)
			}
		}
	})
}
