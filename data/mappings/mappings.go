// Package mappings holds the mappings that come with the software, one YAML file per source (format: docs/mapping.md).
package mappings

import "embed"

// FS has the files under their own names, for example "connecticut.yaml".
//
//go:embed *.yaml
var FS embed.FS
