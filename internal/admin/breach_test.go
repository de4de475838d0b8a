package admin

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/store"
)

func TestABreachHasOneWorkingDay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(dpo)
		if a := as("GET", breachPath); a.status != 200 || !strings.Contains(a.body, "No breach is registered") {
			t.Errorf("empty register: %d", a.status)
		}
		if a := as("POST", breachPath+"/new", "found", "2026-11-27", "happened", "2026-11-28", "what", "", "classes", ""); a.status != 422 {
			t.Errorf("a faulty entry: %d", a.status)
		}
		a := as("POST", breachPath+"/new", "found", "2026-11-27", "what", "A mailing list was sent openly", "classes", "e-mail addresses", "persons", "12")
		if !strings.HasPrefix(a.location, breachPath+"/") {
			t.Fatalf("%+v", a)
		}
		var until int64
		if err := o.W.DB.Read.NewRaw("SELECT due_at FROM due_item WHERE object_type = 'breach' AND state = 'open'").Scan(context.Background(), &until); err != nil {
			t.Fatal(err)
		}
		if want := time.Date(2026, 11, 30, 18, 59, 59, 0, time.UTC); !store.Time(until).Equal(want) { // found on a Friday: the end of Monday in Almaty
			t.Errorf("due %s, want %s", store.Time(until), want)
		}
		if b := as("GET", a.location); b.status != 200 || !strings.Contains(b.body, "30.11.2026 23:59") || !strings.Contains(b.body, "B-2026-001") {
			t.Errorf("page %d", b.status)
		}
		if b := as("POST", a.location, "step", "close"); b.status != 409 {
			t.Errorf("closed without telling the authority: %d", b.status)
		}
		for _, pairs := range [][]string{{"step", "measures", "measures", "List closed"}, {"step", "authority"}, {"step", "persons"}, {"step", "close"}} {
			if b := as("POST", a.location, pairs...); b.location != a.location {
				t.Fatalf("%v: %+v", pairs, b)
			}
		}
		if n := o.count("SELECT count(*) FROM due_item WHERE state = 'open'"); n != 0 {
			t.Error("the clock runs on")
		}
		if b := as("POST", a.location, "step", "measures", "measures", "x"); b.status != 409 {
			t.Errorf("changed after closing: %d", b.status)
		}
		if b := as("GET", breachPath); !strings.Contains(b.body, "closed") {
			t.Error("register")
		}
	})
}
