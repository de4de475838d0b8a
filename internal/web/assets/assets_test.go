package assets

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

func TestHandler(t *testing.T) {
	h := handler(fstest.MapFS{
		"main-ABC.css":  {Data: []byte("body{}")},
		"inter-1.woff2": {Data: []byte("wOF2")},
		"manifest.json": {Data: []byte("{}")},
		".keep":         {Data: []byte("x")},
	})
	for path, want := range map[string]struct {
		code int
		kind string
	}{
		"/assets/main-ABC.css":     {200, "text/css; charset=utf-8"},
		"/assets/inter-1.woff2":    {200, "font/woff2"},
		"/assets/manifest.json":    {404, ""},
		"/assets/.keep":            {404, ""},
		"/assets/":                 {404, ""},
		"/assets/../assets/.keep":  {404, ""},
		"/assets/main-missing.css": {404, ""},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want.code {
			t.Errorf("%s: status %d, want %d", path, w.Code, want.code)
		}
		cached := w.Header().Get("Cache-Control") == "public, max-age=31536000, immutable"
		if cached != (want.code == 200) {
			t.Errorf("%s: Cache-Control %q with status %d", path, w.Header().Get("Cache-Control"), w.Code)
		}
		if want.kind != "" && w.Header().Get("Content-Type") != want.kind {
			t.Errorf("%s: Content-Type %q, want %q", path, w.Header().Get("Content-Type"), want.kind)
		}
	}
}

func TestManifest(t *testing.T) {
	m := manifest(fstest.MapFS{"manifest.json": {Data: []byte(`{"main.css":"main-ABC.css"}`)}})
	if m["main.css"] != "main-ABC.css" {
		t.Errorf("main.css is %q", m["main.css"])
	}
	if n := len(manifest(fstest.MapFS{})); n != 0 {
		t.Errorf("%d names without a manifest", n)
	}
}
