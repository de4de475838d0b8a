package signal_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// Of a seizure nobody knows the day, or only the year. What a laboratory finds in it years later is as old as the report, so that no rule takes it for a case of this week.
func TestALateFindingOfAnUndatedOccurrenceIsAsOldAsItsReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		reported := c.today().AddDays(-700)
		for _, occurred := range []any{nil, "2024-01-01"} {
			rec := c.report(intake.Seizure, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
			c.exec("UPDATE occurrence SET occurred_on = ?, occurred_precision = 'year', known_on = ? WHERE id = ?", occurred, reported.String(), rec.OccurrenceID)
			events, err := signal.Events(context.Background(), db.Read, c.book, "KZ", c.today(), c.today().AddDays(-7))
			c.check(err)
			if len(events) != 1 || events[0].OccurredOn != reported || events[0].KnownOn != c.today() {
				t.Errorf("day %v: %+v", occurred, events)
			}
			c.exec("UPDATE finding SET superseded_on = ? WHERE report_id = ?", c.today().String(), rec.ReportID)
		}
	})
}
