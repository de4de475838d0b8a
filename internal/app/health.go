package app

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
)

// health answers GET /healthz: 200 while the database answers and can be written, and so can the data folder; else 503 with the word of what fails. It tells nothing
// about the data. Warnings are what the operator should look at although people can work.
func (a *App) health(w http.ResponseWriter, r *http.Request) {
	status, text := http.StatusOK, a.failing(r.Context())
	if text != "" {
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "5")
	} else {
		text = "ok"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct {
		Status   string    `json:"status"`
		Warnings []Warning `json:"warnings,omitempty"`
	}{text, a.Warnings()})
}

// Words of what fails.
const (
	databaseFails = "database"
	diskFails     = "disk"
)

func (a *App) failing(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := a.DB.Read.PingContext(ctx); err != nil {
		return databaseFails
	}
	return a.probe.ask(func() string { return a.write(ctx) })
}

// probe keeps the answer of the last try to write, so that whoever asks often does not write often.
type probe struct {
	mu     sync.Mutex
	at     time.Time
	answer string
}

const probeEvery = 5 * time.Second

func (p *probe) ask(try func() string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at.IsZero() || time.Since(p.at) >= probeEvery {
		p.answer, p.at = try(), time.Now()
	}
	return p.answer
}

// write tries to write a little, where reports and files go. A writer that only waits its turn behind a long import is not a failing one.
func (a *App) write(ctx context.Context) string {
	_, err := a.DB.Write.NewRaw("INSERT INTO counter (name, value) VALUES ('health', 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1").Exec(ctx)
	var own *baqylau.Error
	if err = store.Outage(err); errors.As(err, &own) && ctx.Err() == nil {
		if own.Key == "error.db" {
			return databaseFails
		}
		return diskFails
	}
	if err := touch(a.cfg.DataDir); err != nil {
		return diskFails
	}
	return ""
}

// touch writes a small file into folder and takes it away again.
func touch(folder string) error {
	f, err := os.CreateTemp(folder, ".health-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 4096))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}
