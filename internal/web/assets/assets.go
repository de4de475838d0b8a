// Package assets serves the built style sheets, scripts and fonts with names that carry a hash of their content, and tells
// pages those names.
package assets

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/baqylau/baqylau/web"
)

// Prefix is the path under which Handler expects to be mounted.
const Prefix = "/assets/"

var (
	dist  = web.Dist()
	names = manifest(dist)
)

// manifest reads the map from plain to hashed names; before the first build there is none and the map is empty.
func manifest(dist fs.FS) map[string]string {
	m := map[string]string{}
	if b, err := fs.ReadFile(dist, "manifest.json"); err == nil {
		_ = json.Unmarshal(b, &m) // a damaged manifest shows as missing styles, and Built reports false
	}
	return m
}

// Built reports whether the assets were built into this binary.
func Built() bool { return len(names) > 0 }

// URL is the address of the asset with the plain name ("main.css"). Before the first build it is an address that answers 404.
func URL(name string) string {
	if h, ok := names[name]; ok {
		return Prefix + h
	}
	return Prefix + name
}

// Handler serves the files under Prefix. Hashed names may be kept by browsers and proxies for a year.
func Handler() http.Handler { return handler(dist) }

func handler(dist fs.FS) http.Handler {
	files := http.StripPrefix(strings.TrimSuffix(Prefix, "/"), http.FileServerFS(dist))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, Prefix)
		if !servable(dist, name) {
			http.NotFound(w, r)
			return
		}
		if strings.HasSuffix(name, ".woff2") { // not in every system's table of types
			w.Header().Set("Content-Type", "font/woff2")
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		files.ServeHTTP(w, r)
	})
}

// servable tells whether name is a plain built file: no folders, no dot files, no manifest.
func servable(dist fs.FS, name string) bool {
	if name != path.Base(name) || strings.HasPrefix(name, ".") || name == "manifest.json" {
		return false
	}
	info, err := fs.Stat(dist, name)
	return err == nil && !info.IsDir()
}
