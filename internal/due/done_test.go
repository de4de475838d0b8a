package due

import (
	"context"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// What only asks a person to look is closed by that person; what closes with its own work is not, and nobody else's is there at all.
func TestWhatAsksForALookIsClosedByHand(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		h.open(item("lab_amended", h, time.Hour))
		h.open(item("assess", h, 2*time.Hour))
		list, err := h.List(ctx, o1, 10)
		if err != nil || len(list) != 2 || !list[0].ByHand() || list[1].ByHand() {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := h.Done(ctx, police, list[0].ID); baqylau.CodeOf(err) != baqylau.NotFound {
			t.Errorf("police: %v", err)
		}
		if err := h.Done(ctx, o1, list[1].ID); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Errorf("an assessment closed by hand: %v", err)
		}
		waits := true
		h.Unfinished = func(_ context.Context, _ bun.IDB, kind, objectID string) (bool, error) {
			return waits && kind == "lab_amended" && objectID != "", nil
		}
		if again, err := h.List(ctx, o1, 10); err != nil || again[0].ByHand() {
			t.Errorf("closing is offered although a signal waits: %v", err)
		}
		if err := h.Done(ctx, o1, list[0].ID); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Errorf("closed although a signal waits: %v", err)
		}
		waits = false
		if err := h.Done(ctx, o1, list[0].ID); err != nil {
			t.Fatal(err)
		}
		same(t, "what is left", h.titles(o1), "assess")
		if err := h.Done(ctx, o1, list[0].ID); baqylau.CodeOf(err) != baqylau.NotFound {
			t.Errorf("closed twice: %v", err)
		}
		decided := item("cases_withdrawn", h, time.Hour)
		decided.AccountID = "o1"
		h.open(decided)
		if list, err = h.List(ctx, o1, 10); err != nil || len(list) != 2 || !list[0].ByHand() || h.Done(ctx, o1, list[0].ID) != nil {
			t.Errorf("who decided cannot say that the signal was looked at: %+v, %v", list, err)
		}
	})
}
