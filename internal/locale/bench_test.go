package locale

import (
	"testing"

	"github.com/baqylau/baqylau"
)

func BenchmarkT(b *testing.B) {
	ctx := in(baqylau.Kazakh)
	for b.Loop() {
		T(ctx, "error.week", "value", "x")
	}
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("Қызылорда облысы, α-PVP")
	}
}
