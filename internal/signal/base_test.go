package signal_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A report may be set aside and taken up again more than once, on one day too: whatever is reported after that, its substance is not the first of the country.
func TestASecondReopeningIsSeen(t *testing.T) {
	for name, days := range map[string]int{"on one day": 0, "on the next days": 1} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				a := keep(t, db)
				first := a.report(intake.Seizure, "KZ-75", "Carfentanil", baqylau.Presumptive)
				a.now = a.now.AddDate(0, 0, 14)
				a.detect()
				for range 3 {
					for _, step := range []string{"duplicate", "reopen"} {
						a.step(first, step)
						a.detect()
						a.now = a.now.AddDate(0, 0, days)
					}
				}
				a.exec("DELETE FROM signal_event")
				a.exec("DELETE FROM signal")
				later := a.report(intake.Seizure, "KZ-71", "Carfentanil", baqylau.Presumptive)
				a.detect()
				if n := a.count("SELECT count(*) FROM signal WHERE rule = 'first_country' AND evidence LIKE ?", "%"+later.OccurrenceID+"%"); n != 0 {
					t.Error("a substance reported before is told to be the first of the country")
				}
				if n := a.count("SELECT count(*) FROM signal WHERE rule = 'first_region' AND region = 'KZ-71'"); n != 1 {
					t.Errorf("%d signals of a substance new in the region", n)
				}
			})
		})
	}
}

// New reports leave the detectors' memory of the past as it is.
func TestANewReportIsNoCorrection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := keep(t, db)
		a.report(intake.Seizure, "KZ-75", "Carfentanil", baqylau.Presumptive)
		a.now = a.now.AddDate(0, 0, 14)
		before := a.mark()
		rec := a.report(intake.Seizure, "KZ-75", "Carfentanil", baqylau.Presumptive)
		if a.mark() != before {
			t.Error("a new report is taken for a correction")
		}
		a.step(rec, "duplicate")
		if a.mark() == before {
			t.Error("setting a report aside is not taken for a correction")
		}
	})
}

// mark is that of the last Sunday.
func (a *archive) mark() int64 {
	n, err := series.Mark(context.Background(), a.db.Read, "KZ", a.today().Week().Sunday().AddDays(-7))
	a.check(err)
	return n
}
