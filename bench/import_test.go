package bench

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/baqylau/baqylau"

	"github.com/baqylau/baqylau/bench/national"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// rows of one import: enough that the start does not count.
const rows = 50_000

// BenchmarkImport validates and writes records of a country with recognition, series and audit; rows/s is what an operator sees. Meanwhile a report is
// sent every 200 ms, as by a form: form-ms-… is how long it took. MB-peak is the largest resident memory of the process. Run it with -benchtime 1x.
func BenchmarkImport(b *testing.B) {
	for _, e := range storetest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			file := nationalFile(b, rows)
			for b.Loop() {
				b.StopTimer()
				s := service(b, storetest.Open(b, e))
				stop := forms(b, s)
				forgetPeak(b)
				b.StartTimer()
				run(b, s, "national.csv", file, rows)
				b.StopTimer()
				b.ReportMetric(peak(b), "MB-peak")
				stop()
				b.StartTimer()
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkWorkbook imports a workbook of 10,000 rows into a database that holds 10,000 records of another source, and matches the two: 5 s is the bound.
func BenchmarkWorkbook(b *testing.B) {
	const rows = 10_000
	for _, e := range storetest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			file := nationalFile(b, rows)
			book := workbook(b, file)
			for b.Loop() {
				b.StopTimer()
				s := service(b, storetest.Open(b, e))
				run(b, s, "national.csv", file, rows)
				if _, err := s.W.DB.Write.Exec("INSERT INTO source (id, code, name, country, domain) VALUES ('o', 'other', '{\"en\":\"Other\"}', 'KZ', 'neutral')"); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				batch := run(b, s, "national.xlsx", book, rows)
				if err := s.Match(context.Background(), intake.MatchArgs{BatchID: batch}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/workbook")
		})
	}
}

// nationalFile is a file of n records.
func nationalFile(b *testing.B, n int) (path string) {
	b.Helper()
	path = filepath.Join(b.TempDir(), "national.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(national.Write(f, n, 1), f.Close()); err != nil {
		b.Fatal(err)
	}
	return path
}

// workbook is the same file as a workbook.
func workbook(b *testing.B, file string) (path string) {
	b.Helper()
	in, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	lines := csv.NewReader(in)
	lines.Comma = ';'
	book := excelize.NewFile()
	defer book.Close()
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for n := 1; ; n++ {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		cells := make([]any, len(line))
		for i, v := range line {
			cells[i] = v
		}
		if err := errors.Join(err, sheet.SetRow("A"+strconv.Itoa(n), cells)); err != nil {
			b.Fatal(err)
		}
	}
	path = filepath.Join(b.TempDir(), "national.xlsx")
	if err := errors.Join(sheet.Flush(), book.SaveAs(path)); err != nil {
		b.Fatal(err)
	}
	return path
}

// forms sends a report every 200 ms until stop is called, which tells how long they took.
func forms(b *testing.B, s *intake.Service) (stop func()) {
	b.Helper()
	if _, err := s.W.DB.Write.Exec(`INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES ('p', 'police', '{"en":"Police"}', 'police', 'enforcement', 'KZ', 0)`); err != nil {
		b.Fatal(err)
	}
	police := access.Actor{ID: "officer", OrgID: "p", Domain: baqylau.EnforcementDomain, Roles: []access.Role{access.Reporter}, Lang: baqylau.Russian}
	end, ended := make(chan struct{}), make(chan struct{})
	var took []time.Duration
	go func() {
		defer close(ended)
		each := time.NewTicker(200 * time.Millisecond)
		defer each.Stop()
		for {
			begin := time.Now()
			if _, err := s.Submit(context.Background(), police, intake.Submission{Incoming: intake.Incoming{Kind: intake.Seizure, Channel: "form", Occurred: baqylau.DateOf(national.Last),
				Precision: baqylau.Day, Region: "KZ-75", Text: "изъят мефедрон, 3 г"}}); err != nil {
				b.Error(err)
				return
			}
			took = append(took, time.Since(begin))
			select {
			case <-each.C:
			case <-end:
				return
			}
		}
	}()
	return func() {
		close(end)
		<-ended
		percentiles(b, "form-", took)
	}
}

// forgetPeak makes the largest resident memory of the process so far what it is now.
func forgetPeak(b *testing.B) {
	b.Helper()
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Log("the peak of memory is that of the whole process: ", err)
	}
}

// peak is the largest resident memory in MB since forgetPeak.
func peak(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0 // not Linux
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kb float64
	if _, err := fmt.Sscan(after, &kb); err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}

// service is the intake of a seeded workspace with a source for the records.
func service(b *testing.B, db *store.DB) *intake.Service {
	b.Helper()
	ctx := context.Background()
	w := change.New(db)
	if err := registry.Seed(ctx, db, w, data.FS); err != nil {
		b.Fatal(err)
	}
	if _, err := db.Write.ExecContext(ctx, `INSERT INTO source (id, code, name, country, domain) VALUES ('m', 'measurement', '{"en":"Measurement"}', 'KZ', 'neutral')`); err != nil {
		b.Fatal(err)
	}
	shelf, err := registry.NewShelf(ctx, db)
	if err != nil {
		b.Fatal(err)
	}
	shelf.Book().Recognise("warm")
	w.Now = func() time.Time { return national.Last.AddDate(1, 0, 0) }
	return &intake.Service{W: w, Shelf: shelf, Home: "KZ", ImportDir: b.TempDir()}
}

// run imports a file of n rows and returns the batch. A workbook is of the other source.
func run(b *testing.B, s *intake.Service, name, path string, n int64) (id string) {
	b.Helper()
	ctx, system := context.Background(), access.TheSystem()
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	up := intake.Upload{Name: name, Content: f, Mapping: []byte(national.Mapping), SourceCode: "measurement"}
	if strings.HasSuffix(name, ".xlsx") {
		up.SourceCode = "other"
	}
	batch, err := s.Stage(ctx, system, up)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Start(ctx, system, batch.ID, false); err != nil {
		b.Fatal(err)
	}
	if err := s.Apply(ctx, batch.ID); err != nil {
		b.Fatal(err)
	}
	if batch, err = s.BatchByID(ctx, s.W.DB.Read, system, batch.ID); err != nil || batch.State != "applied" || batch.Good != n {
		b.Fatalf("%+v (%v)", batch, err)
	}
	return batch.ID
}
