package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/admin"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/due"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/estimate"
	"github.com/baqylau/baqylau/internal/indicator/facility"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/outgoing"
	"github.com/baqylau/baqylau/internal/indicator/release"
	"github.com/baqylau/baqylau/internal/indicator/returns"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/indicator/treatment"
	"github.com/baqylau/baqylau/internal/indicator/wastewater"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/jobs"
	"github.com/baqylau/baqylau/internal/lab"
	"github.com/baqylau/baqylau/internal/overview"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/riverqueue/river"
)

// App is the running process.
type App struct {
	URL    string // where it listens
	DB     *store.DB
	Writer *change.Writer
	Shelf  *registry.Shelf
	Router *web.Router

	Registry  *registry.Service
	Intake    *intake.Service
	Lab       *lab.Service
	Harm      *harm.Service
	Figures   *indicator.Service
	Outgoing  *outgoing.Service
	Treatment *treatment.Service
	Estimates *estimate.Service
	Releases  *release.Service
	Signals   *signal.Service
	Alerts    *alert.Service
	Accounts  *account.Service
	Due       *due.Service
	Admin     *admin.Service

	Returns    *returns.Service
	Facilities *facility.Service
	Wastewater *wastewater.Service
	overview   *overview.Service

	cfg    Config
	home   string // the centre's own country
	server *http.Server
	queue  *jobs.Queue
	probe  probe
	guard  guard
	pair   *pair        // the certificate files, where there are any
	plain  *http.Server // answers the challenges of ACME
	ended  chan error
}

// Open opens and migrates the database, loads what ships with the product and builds every room, without serving anything: the
// command line and Start both begin here. Close it.
func Open(ctx context.Context, cfg Config) (a *App, err error) {
	cfg = cfg.filled()
	a = &App{cfg: cfg, ended: make(chan error, 1)}
	if a.DB, err = store.Open(ctx, cfg.DB); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = a.DB.Close()
		}
	}()
	if err := a.DB.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := codelist.Override(filepath.Join(cfg.DataDir, "codelists")); err != nil {
		return nil, err
	}
	if err := define.Override(filepath.Join(cfg.DataDir, "indicators")); err != nil {
		return nil, err
	}
	if err := tdi.Override(filepath.Join(cfg.DataDir, "indicators")); err != nil {
		return nil, err
	}
	if err := a.settings(ctx); err != nil {
		return nil, err
	}
	a.Writer = change.New(a.DB)
	a.Writer.Now = cfg.Now
	if err := registry.Seed(ctx, a.DB, a.Writer, data.FS); err != nil {
		return nil, err
	}
	if a.Shelf, err = registry.NewShelf(ctx, a.DB); err != nil {
		return nil, err
	}
	return a, a.rooms(ctx)
}

// Start opens the process and serves it.
func Start(ctx context.Context, cfg Config) (*App, error) {
	a, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := a.Serve(ctx); err != nil {
		_ = a.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return a, nil
}

// Serve listens first, so that a taken address is found before any job runs.
func (a *App) Serve(ctx context.Context) error {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", a.cfg.Addr)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", a.cfg.Addr, err)
	}
	scheme := "http"
	secure, err := a.tls(ctx)
	if err != nil {
		_ = ln.Close()
		return err
	}
	if secure != nil {
		scheme = "https"
	}
	a.URL = scheme + "://" + ln.Addr().String()
	if a.cfg.BaseURL == "" {
		a.cfg.BaseURL = a.URL
	}
	a.Signals.BaseURL, a.Alerts.BaseURL = a.cfg.BaseURL, a.cfg.BaseURL // the port is known only now
	if err := a.work(ctx); err != nil {
		_ = ln.Close()
		return err
	}
	a.server = &http.Server{Handler: a.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 10 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, TLSConfig: secure}
	a.watch(ctx)
	go func() {
		var err error
		if secure != nil {
			err = a.server.ServeTLS(ln, "", "")
		} else {
			err = a.server.Serve(ln)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			a.ended <- err
		}
		close(a.ended)
	}()
	return nil
}

// Wait blocks until the server ends by itself; nil after Close.
func (a *App) Wait() error { return <-a.ended }

// Close stops serving, lets running requests end, stops the jobs and closes the database.
func (a *App) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	var err error
	if a.server != nil {
		err = a.server.Shutdown(ctx)
	}
	if a.queue != nil {
		err = errors.Join(err, a.queue.Stop(ctx))
	}
	if a.plain != nil {
		err = errors.Join(err, a.plain.Shutdown(ctx))
	}
	a.rest(ctx)
	return errors.Join(err, a.DB.Close())
}

// work starts the job queue with the workers of every room.
func (a *App) work(ctx context.Context) (err error) {
	workers := river.NewWorkers()
	periodic := a.workers(workers)
	if a.queue, err = jobs.New(a.DB, jobs.Options{Node: node(a.cfg.Addr), Workers: workers, Periodic: periodic, Work: a.cfg.Role != "web", Log: a.cfg.Log}); err != nil {
		return err
	}
	a.Writer.Queue = a.queue
	return a.queue.Start(context.WithoutCancel(ctx))
}

// node names this process among those that share a database: its machine and the address it was told to listen on, which no two have in common. A process that
// takes any free port has no name that would last.
func node(addr string) string {
	host, err := os.Hostname()
	_, port, err2 := net.SplitHostPort(addr)
	if err != nil || err2 != nil || port == "0" {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(host+"|"+addr)))
}
