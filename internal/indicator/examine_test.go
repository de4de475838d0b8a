package indicator_test

import (
	"testing"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// What the rules ask is kept with its state, and is gone when the figures no longer give rise to it.
func TestQuestionsComeAndGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		s := h.service()
		system := access.TheSystem()
		if _, err := s.Enter(t.Context(), system, []indicator.Observation{count("treatment_all_clients", 2024, 30), count("treatment_first_time_clients", 2024, 50)}, nil); err != nil {
			t.Fatal(err)
		}
		state := func() (out string) {
			t.Helper()
			if err := s.Examine(t.Context(), indicator.ExamineArgs{}); err != nil {
				t.Fatal(err)
			}
			if err := db.Read.QueryRowContext(t.Context(), "SELECT rule || ' ' || state || ' ' || first_value || ' ' || second_value FROM check_finding").Scan(&out); err != nil {
				t.Fatal(err)
			}
			return out
		}
		if got := state(); got != "part open 50 30" {
			t.Errorf("asked: %s", got)
		}
		if got := state(); got != "part open 50 30" {
			t.Errorf("asked again: %s", got)
		}
		if _, err := s.Enter(t.Context(), system, []indicator.Observation{count("treatment_first_time_clients", 2024, 20)}, nil); err != nil {
			t.Fatal(err)
		}
		if got := state(); got != "part gone 50 30" {
			t.Errorf("mended: %s", got)
		}
	})
}
