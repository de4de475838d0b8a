package signal

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// The detectors rest nine times as long as they worked, half a minute at most; who comes meanwhile is told when to come again and waits for nobody.
func TestTheDetectorsRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r runs
		n := 0
		lasting := func(d time.Duration) func() error {
			return func() error { n++; time.Sleep(d); return nil }
		}
		ask := func(country string, d, again time.Duration, ran int) {
			t.Helper()
			got, err := r.run(country, lasting(d))
			if err != nil || got != again || n != ran {
				t.Errorf("come again in %s after %d runs (%v), want %s after %d", got, n, err, again, ran)
			}
		}
		go func() { ask("KZ", 2*time.Second, 0, 1) }()
		synctest.Wait()
		ask("KZ", 0, busy, 1) // while the first is at work
		ask("UZ", 0, busy, 1)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		ask("KZ", 0, 18*time.Second, 1)
		ask("UZ", 0, 0, 2) // another country's run was no work
		time.Sleep(18 * time.Second)
		ask("KZ", time.Minute, 0, 3)
		ask("KZ", 0, pauseMost, 3)
		time.Sleep(pauseMost)
		if _, err := r.run("KZ", func() error { time.Sleep(time.Hour); return errors.New("the database is away") }); err == nil {
			t.Error("the error is lost")
		}
		ask("KZ", 0, 0, 4) // the queue says when a failed run is tried again
	})
}
