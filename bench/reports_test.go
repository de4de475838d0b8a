package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// senders is how many programs send at once.
const senders = 32

// BenchmarkReports sends small reports to the whole process over HTTP, each acknowledged when it is durable, while the detectors and the matching run
// as usual. Beside it stands how often the disk alone can make one small write durable (fsync/s).
func BenchmarkReports(b *testing.B) {
	for _, e := range storetest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			site, token := site(b, storetest.DSN(b, e))
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
			var n atomic.Int64
			b.SetParallelism(senders / 2) // of two cores
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := send(client, site, token, n.Add(1)); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
			b.ReportMetric(fsyncs(b), "fsync/s")
		})
	}
}

// site starts the process and returns its address and the token of a police officer.
func site(b *testing.B, dsn string) (address, token string) {
	b.Helper()
	ctx := context.Background()
	a, err := app.Start(ctx, app.Config{Addr: "127.0.0.1:0", DataDir: b.TempDir(), DB: dsn, Demo: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Close(ctx) })
	if _, err := account.Demo(ctx, a.Writer, baqylau.English, app.DemoPassword); err != nil {
		b.Fatal(err)
	}
	all, err := account.List(ctx, a.DB.Read)
	if err != nil {
		b.Fatal(err)
	}
	for _, x := range all {
		if x.Login == "police@demo.baqylau" {
			if token, err = a.Accounts.NewToken(ctx, x.Actor(), "measurement", 2); err != nil {
				b.Fatal(err)
			}
		}
	}
	return a.URL, token
}

func send(client *http.Client, site, token string, n int64) error {
	body := fmt.Sprintf(`{"kind":"seizure","source_ref":"M-%d","occurred_on":"2026-06-%02d","region":"KZ-%d","text":"изъято вещество, похожее на мефедрон, %d г","quantity":"%d","quantity_unit":"g"}`,
		n, 1+n%28, 10+n%2, n%90, 1+n%90)
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
