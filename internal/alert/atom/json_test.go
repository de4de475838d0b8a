package atom

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The JSON form says what the Atom form says, under the names of JSON Feed 1.1.
func TestJSONFeed(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, sample(), "https://example.org/feed.json"); err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	type m = map[string]any
	want := m{
		"version": "https://jsonfeed.org/version/1.1", "title": "Предупреждения", "feed_url": "https://example.org/feed.json", "language": "ru",
		"authors": []any{m{"name": "Центр"}},
		"items": []any{m{"id": "urn:uuid:0190a0a0-0000-7000-8000-000000000001", "url": "https://example.org/w/1", "title": "Карфентанил < & >", "content_text": "Выявлен в Алматы.",
			"date_published": "2026-11-25T12:30:00+05:00", "date_modified": "2026-11-25T12:30:00+05:00", "language": "ru", "tags": []any{"Красный"}, "_baqylau": m{"severity": "red"},
			"attachments": []any{m{"url": "https://example.org/w/1.cap", "mime_type": "application/cap+xml", "size_in_bytes": 2048.0}}}},
		"_baqylau": m{"withdrawn": []any{m{"id": "urn:uuid:0190a0a0-0000-7000-8000-000000000002", "date": "2026-11-26T07:00:00Z", "reason": "Результат отозван"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	faulty := sample()
	faulty.ID = ""
	if err := WriteJSON(&b, faulty, "x"); err == nil {
		t.Error("a faulty feed was written")
	}
}
