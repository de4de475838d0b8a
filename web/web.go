// Package web holds the built style sheets, scripts and fonts. The folder dist is filled by "go run ./tools/assets" and not kept
// in version control; only its dot file is, so that this package compiles on a fresh clone before anything was built.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

// Dist is the folder with the built files and manifest.json; without a build it holds the dot file alone.
func Dist() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // the path is a constant and valid
	}
	return dist
}
