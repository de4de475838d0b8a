package bench

import (
	"bytes"
	"context"
	"testing"
	"time"

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

// BenchmarkImport validates and writes records of a country with recognition, series and audit; rows/s is what an operator sees.
func BenchmarkImport(b *testing.B) {
	var file bytes.Buffer
	if err := national.Write(&file, rows, 1); err != nil {
		b.Fatal(err)
	}
	for _, e := range storetest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := service(b, storetest.Open(b, e))
				b.StartTimer()
				run(b, s, file.Bytes())
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
		})
	}
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

func run(b *testing.B, s *intake.Service, file []byte) {
	b.Helper()
	ctx, system := context.Background(), access.TheSystem()
	batch, err := s.Stage(ctx, system, intake.Upload{Name: "national.csv", Content: bytes.NewReader(file), Mapping: []byte(national.Mapping), SourceCode: "measurement"})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Start(ctx, system, batch.ID, false); err != nil {
		b.Fatal(err)
	}
	if err := s.Apply(ctx, batch.ID); err != nil {
		b.Fatal(err)
	}
	if batch, err = s.BatchByID(ctx, s.W.DB.Read, system, batch.ID); err != nil || batch.State != "applied" || batch.Good != rows {
		b.Fatalf("%+v (%v)", batch, err)
	}
}
