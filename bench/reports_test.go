package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// senders is how many programs send at once.
const senders = 32

// BenchmarkReports sends small reports to the whole process over HTTP, each acknowledged when it is durable, while the detectors and the matching run
// as usual: for BAQYLAU_REPORTS_FOR (such as 10m), else for five seconds. Run it with -benchtime 1x. Beside it stands how often the disk alone can make one
// small write durable (fsync/s).
func BenchmarkReports(b *testing.B) {
	for _, e := range storetest.Engines() {
		b.Run(string(e), func(b *testing.B) { reports(b, storetest.DSN(b, e), 1, "police") })
	}
	if slices.Contains(storetest.Engines(), store.Postgres) {
		b.Run("postgres-two-nodes", func(b *testing.B) { reports(b, storetest.DSN(b, store.Postgres), 2, "police") })
		// what the customs send is compared with what the police have sent, and the other way round
		b.Run("postgres-two-organisations", func(b *testing.B) { reports(b, storetest.DSN(b, store.Postgres), 1, "police", "customs") })
	}
}

func reports(b *testing.B, dsn string, nodes int, from ...string) {
	lasting := 5 * time.Second
	if s := os.Getenv("BAQYLAU_REPORTS_FOR"); s != "" {
		var err error
		if lasting, err = time.ParseDuration(s); err != nil {
			b.Fatal(err)
		}
	}
	sites := make([]*app.App, nodes)
	for i := range sites {
		sites[i] = site(b, dsn)
	}
	tokens := make([]string, len(from))
	for i, login := range from {
		tokens[i] = token(b, sites[0], login)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	var n atomic.Int64
	took := make([][]time.Duration, senders)
	var wg sync.WaitGroup
	b.ResetTimer()
	begin := time.Now()
	for i := range took {
		wg.Go(func() {
			for time.Since(begin) < lasting {
				at := time.Now()
				if err := send(client, sites[i%nodes].URL, tokens[i%len(tokens)], n.Add(1)); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(at))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(n.Load())/time.Since(begin).Seconds(), "reports/s")
	percentiles(b, "", slices.Concat(took...))
	b.ReportMetric(fsyncs(b), "fsync/s")
}

// percentiles reports how long single requests took.
func percentiles(b *testing.B, of string, took []time.Duration) {
	b.Helper()
	if len(took) == 0 {
		b.Fatal("nothing was sent")
	}
	slices.Sort(took)
	for name, share := range map[string]float64{"ms-p50": 0.5, "ms-p95": 0.95, "ms-p99": 0.99, "ms-max": 1} {
		b.ReportMetric(float64(took[int(share*float64(len(took)-1))].Microseconds())/1000, of+name)
	}
}

// site starts the process.
func site(b *testing.B, dsn string) *app.App {
	b.Helper()
	ctx := context.Background()
	a, err := app.Start(ctx, app.Config{Addr: "127.0.0.1:0", DataDir: b.TempDir(), DB: dsn, Demo: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Close(ctx) })
	return a
}

// token makes the people of the demonstration and returns a token of one of them, by the login before the @.
func token(b *testing.B, a *app.App, login string) (token string) {
	b.Helper()
	ctx := context.Background()
	if _, err := account.Demo(ctx, a.Writer, baqylau.English, app.DemoPassword); err != nil {
		b.Fatal(err)
	}
	all, err := account.List(ctx, a.DB.Read)
	if err != nil {
		b.Fatal(err)
	}
	for _, x := range all {
		if x.Login == login+"@demo.baqylau" {
			if token, err = a.Accounts.NewToken(ctx, x.Actor(), "measurement", 2); err != nil {
				b.Fatal(err)
			}
		}
	}
	return token
}

// places and words are what the reports differ in, besides their days: those of two years, as when agencies begin to send what they have.
var (
	places = []string{"10", "11", "15", "19", "23", "27", "31", "33", "35", "39", "43", "47", "55", "59", "61", "62", "63", "71", "75", "79"}
	words  = []string{"изъято вещество, похожее на мефедрон", "порошок, по экспресс-тесту альфа-PVP", "гашиш", "марихуана", "героин", "таблетки МДМА", "неизвестный порошок", "амфетамин", "метамфетамин", "кокаин"}
)

func send(client *http.Client, site, token string, n int64) error {
	day := time.Now().AddDate(0, 0, -1-int(n*7%730)).Format(time.DateOnly)
	body := fmt.Sprintf(`{"kind":"seizure","source_ref":"M-%d","occurred_on":"%s","region":"KZ-%s","text":"%s, %d г","quantity":"%d","quantity_unit":"g"}`,
		n, day, places[n%int64(len(places))], words[n*3%int64(len(words))], n%90, 1+n%90)
	r, err := http.NewRequest(http.MethodPost, site+"/api/v1/reports", bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", fmt.Sprintf("m-%d-%d", time.Now().UnixNano(), n))
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusCreated {
		err = fmt.Errorf("report %d: %s %s", n, res.Status, text)
	}
	return err
}

// fsyncs is how many appends of 4 KiB the disk makes durable in a second, one after the other.
func fsyncs(b *testing.B) float64 {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "fsync"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	block, n, begin := make([]byte, 4096), 0, time.Now()
	for ; time.Since(begin) < time.Second; n++ {
		if _, err := f.Write(block); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return float64(n) / time.Since(begin).Seconds()
}
