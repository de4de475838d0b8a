//go:build soak

package crash

import (
	"net/http"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/store"
)

// centre is a house on a cluster of its own.
func centre(t *testing.T, bin string, c *cluster) *house {
	return settle(t, &house{engine: store.Postgres, bin: bin, dsn: c.dsn(), data: t.TempDir(), box: newMailbox(t)})
}

func TestPostgresIsKilledAndStartedAgain(t *testing.T) {
	c := newCluster(t, t.TempDir())
	x := befall(t, centre(t, build(t), c))
	for range 3 {
		c.kill()
		x.until("healthz goes red", func() bool { return x.house.healthy() == http.StatusServiceUnavailable })
		x.clear(http.MethodGet, "error.db")
		x.clear(http.MethodPost, "error.db", "error.db_unsure")
		c.start()
		x.until("healthz goes green", func() bool { return x.house.healthy() == http.StatusOK })
		n := x.acked()
		x.until("reports are taken again", func() bool { return x.acked() > n+20 })
	}
	x.none()
	x.over()
}

// Every connection is ended by the server, again and again, as by an administrator or a failing switch.
func TestConnectionsAreCut(t *testing.T) {
	c := newCluster(t, t.TempDir())
	x := befall(t, centre(t, build(t), c))
	for range 40 {
		c.say("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'centre'")
		time.Sleep(150 * time.Millisecond)
	}
	x.over()
}

func TestPostgresIsReadOnlyForAWhile(t *testing.T) {
	c := newCluster(t, t.TempDir())
	x := befall(t, centre(t, build(t), c))
	c.say("ALTER SYSTEM SET default_transaction_read_only = on")
	c.say("SELECT pg_reload_conf()")
	x.until("healthz goes red", func() bool { return x.house.healthy() == http.StatusServiceUnavailable })
	x.clear(http.MethodPost, "error.disk_read_only")
	if a := x.house.do("officer", http.MethodGet, "/signals", nil); a.status != http.StatusOK {
		t.Errorf("nobody can read meanwhile: %d", a.status)
	}
	c.say("ALTER SYSTEM RESET default_transaction_read_only")
	c.say("SELECT pg_reload_conf()")
	x.none()
	x.over()
}
