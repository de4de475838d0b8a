package intake_test

import (
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A photo that came with a report is seen on its page by whoever may open the file; a document is a link only.
func TestAPhotoIsSeenOnTheReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		sub := h.numbered("PH-1", "таблетки, мефедрон")
		sub.Files = []intake.File{{Name: "file-1.jpg", MIME: "image/jpeg", SHA256: "x", Content: []byte("x")}, {Name: "file-2.pdf", MIME: "application/pdf", SHA256: "y", Content: []byte("y")}}
		id := h.submit(t, h.hospital, sub).ReportID
		files := h.reads(t, h.officer, id).Files
		page := h.visitor(t, h.officer).see("/reports/"+id, `<img src="/reports/`+id+"/files/"+files[0].ID+`" alt="Фотография, присланная с сообщением, file-1.jpg"`, "file-2.pdf")
		if strings.Count(page, "<figure") != 1 {
			t.Error("a document is shown as a picture")
		}
	})
}
