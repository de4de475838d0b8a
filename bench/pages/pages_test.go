//go:build soak

package pages

import (
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// atOnce is how many people there are; each opens a page a second after the one before has come.
const (
	atOnce     = 20
	reading    = time.Second
	costRounds = 20 // how often each page is opened to tell what it costs
	settles    = 5 * time.Minute
)

// A kind of page with the addresses that are drawn from, in the languages of the searches. Bound is that of the issue.
type kind struct {
	name  string
	bound time.Duration
	paths []string
}

const asOf = "as_of=2026-06-28" // the records end two days later

var kinds = []kind{
	{"reports: list", 100, []string{"/reports"}},
	{"reports: filter", 100, []string{"/reports?region=KZ-75", "/reports?kind=death", "/reports?kind=seizure&region=KZ-62", "/reports?state=accepted", "/reports?substance={rare}", "/reports?substance={common}", "/reports?kind=collected_sample&state=lab_confirmed"}},
	{"reports: sort", 100, []string{"/reports?sort=occurred", "/reports?sort=-occurred", "/reports?sort=receipt", "/reports?kind=death&sort=-occurred"}},
	{"reports: saved view", 100, []string{"/reports?kind=acute_intoxication&region=KZ-10&sort=-occurred", "/reports?region=KZ-62&sort=occurred"}},
	{"reports: search", 100, []string{"/reports?q=carfentanil", "/reports?q=карфентанил", "/reports?q=фентанил", "/reports?q=героин", "/reports?q=tramadol", "/reports?q=трамадол", "/reports?q=ethylone", "/reports?q=zzz", "/reports?q=N-777", "/reports?q=кетамин&kind=death", "/reports?q=бұл"}},
	{"occurrences: list", 100, []string{"/occurrences", "/occurrences?sort=occurred", "/occurrences?sort=-ref"}},
	{"occurrences: filter", 100, []string{"/occurrences?region=KZ-75", "/occurrences?region=KZ-62", "/occurrences?substance={rare}", "/occurrences?substance={common}", "/occurrences?q=карфентанил", "/occurrences?q=героин"}},
	{"substances: list and search", 100, []string{"/substances", "/substances?q=фентанил", "/substances?q=fent", "/substances?q=метадон", "/substances?sort=-family", "/search?q=героин", "/search?q=опиоид"}},
	{"overview", 150, []string{"/overview?" + asOf, "/overview", "/overview?" + asOf + "&subject={common}", "/overview?" + asOf + "&subject={rare}"}},
	{"substance", 150, []string{"/substances/{common}", "/substances/{rare}"}},
	{"signals", 100, []string{"/signals", "/signals/table", "/signals/table?state=all&sort=-raised", "/signals?q=фентанил", "/signals/table?state=all&region=KZ-75"}},
	{"merge proposals", 1000, []string{"/matches"}},
	{"region", 150, []string{"/regions/KZ-75"}},
}

// staff is who opens pages; a page that somebody may not open is left to the others.
var staff = []string{"officer", "officer", "officer", "officer", "assessor", "assessor", "approver", "liaison", "epidemiologist", "epidemiologist", "author", "authority", "administrator",
	"auditor", "analyst", "reviewer", "police", "customs", "hospital", "poison"}

// TestPages prints how long pages take. BAQYLAU_PAGES_SIZES are the numbers of occurrences, BAQYLAU_PAGES_SECONDS how long people read (0: the workspaces are made and nothing else), BAQYLAU_PAGES_OUT a file to which the figures are added.
func TestPages(t *testing.T) {
	sizes, seconds := os.Getenv("BAQYLAU_PAGES_SIZES"), 30
	if sizes == "" {
		sizes = "10000"
	}
	if v, err := strconv.Atoi(os.Getenv("BAQYLAU_PAGES_SECONDS")); err == nil {
		seconds = v
	}
	bin := build(t)
	for _, size := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range storetest.Engines() {
			t.Run(fmt.Sprintf("%s/%d", e, n), func(t *testing.T) {
				dsn := database(t, bin, e, n)
				if seconds == 0 {
					return // the workspace is made
				}
				tokens := people(t, dsn)
				p := start(t, bin, dsn, notes{t, e, n})
				p.names(t, tokens["officer@demo.baqylau"])
				p.settle(t, dsn)
				p.costs(t, tokens["officer@demo.baqylau"])
				p.walk(t, tokens, time.Duration(seconds)*time.Second)
				p.exports(t, tokens["officer@demo.baqylau"], n)
			})
		}
	}
}

// program is the running process.
type program struct {
	url     string
	child   *exec.Cmd
	client  *http.Client
	replace *strings.Replacer
	notes
}

func start(t *testing.T, bin, dsn string, to notes) *program {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	p := &program{notes: to, url: "http://" + address, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}, Timeout: 10 * time.Minute}}
	p.child = exec.CommandContext(ctx, bin, "serve", "--db", dsn, "--data", t.TempDir(), "--addr", address)
	begin := time.Now()
	if err := p.child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.child.Process.Kill()
		_ = p.child.Wait()
	})
	for {
		if res, err := p.client.Get(p.url + "/healthz"); err == nil {
			_ = res.Body.Close()
			p.note("start", "ms", ms(time.Since(begin)))
			return p
		}
		if time.Since(begin) > time.Minute {
			t.Fatal("the program does not start")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// settle waits until the process does nothing by itself and nothing is asked of its database, the detectors' daily round at its start included, and notes its memory meanwhile and at rest.
func (p *program) settle(t *testing.T, dsn string) {
	t.Helper()
	begin, most := time.Now(), 0.
	asked := asking(t, p.e, dsn)
	for quiet := 0; quiet < 5 && time.Since(begin) < settles; {
		before := p.cpu(t)
		time.Sleep(time.Second)
		most = max(most, p.resident(t))
		if quiet++; p.cpu(t)-before > 3 || asked() {
			quiet = 0
		}
	}
	p.note("settled after", "s", time.Since(begin).Seconds())
	p.note("most resident until then", "MB", most)
	p.note("resident at rest", "MB", p.resident(t))
}

// asking tells whether a server beside the process works for it.
func asking(t *testing.T, e store.Engine, dsn string) func() bool {
	t.Helper()
	if e != store.Postgres {
		return func() bool { return false }
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return func() (yes bool) {
		t.Helper()
		if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND now() - query_start > interval '500 ms')").Scan(&yes); err != nil {
			t.Fatal(err)
		}
		return yes
	}
}

// cpu is the processor time used, in hundredths of a second.
func (p *program) cpu(t *testing.T) (n int) {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.child.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	for _, s := range f[11:13] {
		v, _ := strconv.Atoi(s)
		n += v
	}
	return n
}

// resident is the memory in MB.
func (p *program) resident(t *testing.T) float64 {
	t.Helper()
	mb := status(p.child.Process.Pid, "VmRSS")
	if mb == 0 {
		t.Fatal("the process has no memory")
	}
	return mb
}

// status is one of the sizes that the system tells of a process (man 5 proc_pid_status), in MB; 0 when it is gone.
func status(pid int, name string) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), name+":")
	var kb float64
	_, _ = fmt.Sscan(rest, &kb)
	return kb / 1024
}

func (p *program) get(token, path string) (status int, body string, took time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		return 0, "", 0, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept-Language", []string{"kk", "ru", "en"}[rand.IntN(3)])
	begin := time.Now()
	res, err := p.client.Do(r)
	if err != nil {
		return 0, "", 0, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), time.Since(begin), err
}

// names finds the identifiers of a common and of a rare substance.
func (p *program) names(t *testing.T, token string) {
	t.Helper()
	id := func(name string) string {
		status, body, _, err := p.get(token, "/substances?q="+name)
		if err != nil || status != http.StatusOK {
			t.Fatalf("%d %v %.2000s", status, err, body)
		}
		_, rest, ok := strings.Cut(body, `href="/substances/`)
		for ok && strings.HasPrefix(rest, "new") {
			_, rest, ok = strings.Cut(rest, `href="/substances/`)
		}
		if !ok {
			t.Fatalf("no substance %s in %.2000s", name, body)
		}
		return rest[:strings.IndexAny(rest, `"?`)]
	}
	p.replace = strings.NewReplacer("{common}", id("cocaine"), "{rare}", id("carfentanil"))
}

// costs notes the processor time that a page of each kind takes the program, opened by one officer again and again. On PostgreSQL the engine's own is not in it.
func (p *program) costs(t *testing.T, token string) {
	t.Helper()
	for _, k := range kinds {
		pages, before := 0, 0
		for round := range costRounds + 1 {
			if round == 1 { // the first one warms up
				before = p.cpu(t)
			}
			for _, path := range k.paths {
				if status, body, _, err := p.get(token, p.replace.Replace(path)); err != nil || status != http.StatusOK {
					t.Fatalf("%s: %d %v\n%.2000s", path, status, err, body)
				}
				pages += min(round, 1)
			}
		}
		p.note(k.name+", processor time", "ms", float64(p.cpu(t)-before)*10/float64(pages))
	}
}

// walk lets everybody open pages until the time is over and notes the percentiles of each kind.
func (p *program) walk(t *testing.T, tokens map[string]string, length time.Duration) {
	t.Helper()
	may := map[string][][]string{}
	for _, who := range slices.Compact(slices.Sorted(slices.Values(staff))) { // also warms up
		may[who] = make([][]string, len(kinds))
		for i, k := range kinds {
			for _, path := range k.paths {
				path = p.replace.Replace(path)
				status, body, took, err := p.get(tokens[who+"@demo.baqylau"], path)
				switch {
				case err != nil || status >= 500 || status == http.StatusTooManyRequests:
					t.Fatalf("%s as %s: %d %v\n%.2000s", path, who, status, err, body)
				case status == http.StatusOK:
					may[who][i] = append(may[who][i], path)
				}
				if took > k.bound*time.Millisecond {
					t.Logf("alone  %-14s %-70s %7.1f ms", who, path, ms(took))
				}
			}
		}
	}
	took, slowest := make([][]time.Duration, len(kinds)), map[string]time.Duration{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	end := time.Now().Add(length)
	for i, who := range staff {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(i)))
			time.Sleep(time.Duration(r.Int64N(int64(reading))))
			for time.Now().Before(end) {
				k := r.IntN(len(kinds))
				if len(may[who][k]) == 0 {
					continue
				}
				path := may[who][k][r.IntN(len(may[who][k]))]
				status, _, d, err := p.get(tokens[who+"@demo.baqylau"], path)
				if err != nil || status != http.StatusOK {
					t.Errorf("%s as %s: %d %v", path, who, status, err)
					return
				}
				mu.Lock()
				took[k] = append(took[k], d)
				slowest[path] = max(slowest[path], d)
				mu.Unlock()
				time.Sleep(reading)
			}
		})
	}
	wg.Wait()
	for i, k := range kinds {
		slices.Sort(took[i])
		for _, q := range []int{50, 95, 99} {
			if len(took[i]) > 0 {
				p.note(fmt.Sprintf("%s p%d", k.name, q), "ms", ms(took[i][min(len(took[i])*q/100, len(took[i])-1)]))
			}
		}
		if n := len(took[i]); n > 0 && took[i][min(n*95/100, n-1)] > k.bound*time.Millisecond {
			t.Logf("over its bound of %d ms: %s", k.bound, k.name)
		}
		for _, path := range k.paths {
			if d := slowest[p.replace.Replace(path)]; d > k.bound*time.Millisecond {
				t.Logf("slowest  %-70s %7.1f ms", path, ms(d))
			}
		}
	}
	p.note("resident under load", "MB", p.resident(t))
}

// exports streams the whole list as a file, and watches the memory of the process meanwhile.
func (p *program) exports(t *testing.T, token string, n int) {
	t.Helper()
	for _, x := range []struct{ name, path string }{{"export of reports, CSV", "/reports?format=csv"}, {"export of occurrences, CSV", "/occurrences?format=csv"}, {"export of reports, XLSX", "/reports?format=xlsx"}} {
		if n > 1_048_575 && strings.HasSuffix(x.name, "XLSX") {
			continue // more rows than the format holds
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+x.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		begin := time.Now()
		res, err := p.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		before, most, done := p.resident(t), p.resident(t), make(chan struct{})
		go func() {
			defer close(done)
			_, err = io.Copy(io.Discard, res.Body)
		}()
	watch:
		for {
			select {
			case <-done:
				break watch
			case <-time.After(50 * time.Millisecond):
				most = max(most, p.resident(t))
			}
		}
		_ = res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v", x.path, res.Status, err)
		}
		p.note(x.name, "rows/s", float64(n)/time.Since(begin).Seconds())
		p.note(x.name+", resident before", "MB", before)
		p.note(x.name+", resident", "MB", most)
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// notes are where figures go as they come: the log, and the file of figures if one is named.
type notes struct {
	t *testing.T
	e store.Engine
	n int
}

func (o notes) note(name, unit string, value float64) {
	o.t.Helper()
	o.t.Logf("%-8s %8d  %-45s %10.1f %s", o.e, o.n, name, value, unit)
	out := os.Getenv("BAQYLAU_PAGES_OUT")
	if out == "" {
		return
	}
	f, err := os.OpenFile(filepath.Clean(out), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := errors.Join(csv.NewWriter(f).WriteAll([][]string{{string(o.e), strconv.Itoa(o.n), name, unit, strconv.FormatFloat(value, 'f', 1, 64)}}), f.Close()); err != nil {
		o.t.Error(err)
	}
}
