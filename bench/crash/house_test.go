//go:build soak

package crash

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

var ctx = context.Background()

// within is how soon a killed process has to have mended what its death left open.
const within = 30 * time.Second

// build makes the program under test, unless BAQYLAU_CRASH_BIN names one.
func build(t *testing.T) string {
	t.Helper()
	if bin := os.Getenv("BAQYLAU_CRASH_BIN"); bin != "" {
		return bin
	}
	bin := filepath.Join(t.TempDir(), "baqylau")
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", bin, "../../cmd/baqylau").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// house is one workspace: its database, its people, and the process that is killed.
type house struct {
	engine    store.Engine
	bin       string
	dsn, data string
	via       string // address by which the program reaches the database; dsn when empty
	box       *mailbox
	port      int
	mapping   string            // identifier of the mapping that imports are read with
	tokens    map[string]string // by login before the @
	client    *http.Client
	child     *exec.Cmd
	started   time.Time
	errors    bytes.Buffer // what the process wrote to its log
}

// open prepares a workspace in this process; the child then finds it as a node that was stopped.
func open(t *testing.T, e store.Engine, bin string, box *mailbox) *house {
	t.Helper()
	return settle(t, &house{engine: e, bin: bin, dsn: storetest.DSN(t, e), data: t.TempDir(), box: box})
}

// settle fills the database of h with people and what they need.
func settle(t *testing.T, h *house) *house {
	t.Helper()
	h.port, h.tokens = freePort(t), map[string]string{}
	a, err := app.Open(ctx, app.Config{DB: h.dsn, DataDir: h.data})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	if _, err := account.Demo(ctx, a.Writer, baqylau.English, "a long password 2026"); err != nil {
		t.Fatal(err)
	}
	all, err := account.List(ctx, a.DB.Read)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		name, _, _ := strings.Cut(x.Login, "@")
		if h.tokens[name], err = a.Accounts.NewToken(ctx, x.Actor(), "crash", 2); err != nil {
			t.Fatal(err)
		}
		if err := a.Alerts.Subscribe(ctx, x.Actor(), alert.Subscription{Lang: baqylau.English, MaxTLP: baqylau.TLPGreen, MinSeverity: baqylau.Green}); err != nil {
			t.Fatal(err)
		}
		if name == "customs" {
			if h.mapping, err = a.Intake.SaveMapping(ctx, x.Actor(), []byte(seizures)); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Cleanup(func() {
		if h.child != nil {
			h.kill()
		}
	})
	return h
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// start runs the program and waits until it answers.
func (h *house) start(t *testing.T) {
	t.Helper()
	via := h.via
	if via == "" {
		via = h.dsn
	}
	c := exec.CommandContext(ctx, h.bin, "serve", "--db", via, "--data", h.data, "--addr", "127.0.0.1:"+strconv.Itoa(h.port), "--smtp-host", "127.0.0.1",
		"--smtp-port", strconv.Itoa(h.box.port), "--smtp-tls", h.box.tls(), "--smtp-from", "ews@ews.example")
	c.Env = append(os.Environ(), "BAQYLAU_LANG=en")
	if h.box.trust != "" {
		c.Env = append(c.Env, "SSL_CERT_FILE="+h.box.trust) // the program knows the authorities of its machine
	}
	h.errors.Reset()
	h.started = time.Now()
	c.Stderr = &h.errors
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	h.child = c
	h.client = &http.Client{Transport: &http.Transport{}, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if res, err := h.client.Get(h.url("/healthz")); err == nil {
			_ = res.Body.Close()
			return
		}
	}
	t.Fatalf("the program did not start again: %s", &h.errors)
}

// kill ends the process as a power cut of the program would: at once, with no word.
func (h *house) kill() {
	_ = h.child.Process.Kill()
	_ = h.child.Wait()
	h.client.CloseIdleConnections()
	h.child = nil
}

func (h *house) url(path string) string { return "http://127.0.0.1:" + strconv.Itoa(h.port) + path }

// answer is what came back: a status, or an error when the process died first.
type answer struct {
	status         int
	body, location string
	err            error
}

// done tells whether the act was acknowledged.
func (a answer) done() bool { return a.err == nil && a.status >= 200 && a.status < 400 }

func (h *house) do(who, method, path string, body io.Reader, headers ...string) answer {
	r, err := http.NewRequestWithContext(ctx, method, h.url(path), body)
	if err != nil {
		return answer{err: err}
	}
	r.Header.Set("Authorization", "Bearer "+h.tokens[who])
	r.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := h.client.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, string(b), res.Header.Get("Location"), err}
}

func (h *house) post(who, path string, f url.Values) answer {
	return h.do(who, http.MethodPost, path, strings.NewReader(f.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

// look opens the database beside the process, runs fn and closes it again, so that a killed process leaves nobody else on the file.
func (h *house) look(fn func(db *store.DB) error) (err error) {
	db, err := store.Open(ctx, h.dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(db)
}

// table runs a query and returns its rows as texts, by the first column.
func table(db *store.DB, query string, args ...any) (map[string][]string, error) {
	rows, err := db.Read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for rows.Next() {
		cells, to := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			to[i] = &cells[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		texts := make([]string, len(cells))
		for i, c := range cells {
			texts[i] = c.String
		}
		if _, twice := out[texts[0]]; twice {
			return nil, fmt.Errorf("%s: %s stands twice", query, texts[0])
		}
		out[texts[0]] = texts[1:]
	}
	return out, rows.Err()
}
