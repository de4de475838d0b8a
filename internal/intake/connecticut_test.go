package intake_test

import (
	"bytes"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// connecticut is the number of records in the extract that ships with the product.
const connecticut = 11_981

func (h *house) connecticut(t testing.TB) intake.Batch {
	t.Helper()
	b, err := h.Stage(ctx, access.TheSystem(), intake.Upload{Name: "connecticut-drug-deaths.csv.gz", Content: bytes.NewReader(read(t, "../../data/demo/connecticut-drug-deaths.csv.gz")),
		Mapping: read(t, "../../data/mappings/connecticut-extract.yaml"), SourceCode: "connecticut"})
	if err != nil {
		t.Fatal(err)
	}
	return h.take(t, access.TheSystem(), b, false)
}

// The whole extract is taken without a fault, counted once, and taken back to nothing.
func TestConnecticut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		empty := h.series(t, h.day)
		b := h.connecticut(t)
		if b.State != "applied" || b.Total != connecticut || b.Bad != 0 || b.SameRows != 0 {
			t.Fatalf("got %+v", b)
		}
		h.mustBalance(t)
		again := h.connecticutAgain(t)
		if again.ID != b.ID {
			t.Errorf("the same file became batch %s beside %s", again.Ref, b.Ref)
		}
		if err := h.Undo(ctx, access.TheSystem(), b.ID); err != nil {
			t.Fatal(err)
		}
		if got := h.series(t, h.day); len(got) != len(empty) {
			t.Errorf("%d cells are left after the undo", len(got))
		}
	})
}

func (h *house) connecticutAgain(t testing.TB) intake.Batch {
	t.Helper()
	b, err := h.Stage(ctx, access.TheSystem(), intake.Upload{Name: "other-name.csv.gz", Content: bytes.NewReader(read(t, "../../data/demo/connecticut-drug-deaths.csv.gz")),
		Mapping: read(t, "../../data/mappings/connecticut-extract.yaml"), SourceCode: "connecticut"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// BenchmarkImport validates and writes the extract; rows/s is what an operator sees.
func BenchmarkImport(b *testing.B) {
	for _, e := range storetest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			h := open(b, storetest.Open(b, e))
			h.Shelf.Book().Recognise("warm")
			b.ReportAllocs()
			for b.Loop() {
				done := h.connecticut(b)
				b.StopTimer()
				if err := h.Undo(ctx, access.TheSystem(), done.ID); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(b.N)*connecticut/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
