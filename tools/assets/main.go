// Command assets builds the product's style sheets and scripts from web/ into web/dist, where package web embeds them.
//
//	go run ./tools/assets          build once
//	go run ./tools/assets -watch   build again whenever a source changes
//
// Names carry a hash of their content, so browsers may keep them for ever; manifest.json maps plain names to hashed ones.
// npm packages are installed from web/package-lock.json when they are missing or older than that file.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the files pages may name; everything else is reached from them by import, the heavy modules only when needed.
var entries = []string{"styles/main.css", "styles/map.css", "scripts/main.ts", "images/icon.svg"}

// budget bounds what every page loads before its content: main.css and main.js together, in bytes before compression.
const budget = 120_000

func main() {
	watch := flag.Bool("watch", false, "build again whenever a source changes")
	dir := flag.String("dir", "web", "folder with package.json, styles and scripts")
	flag.Parse()
	if err := run(*dir, *watch); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run(dir string, watch bool) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := install(dir); err != nil {
		return err
	}
	ctx, failed := api.Context(options(dir))
	if failed != nil {
		return failed
	}
	defer ctx.Dispose()
	if watch {
		if err := ctx.Watch(api.WatchOptions{}); err != nil {
			return err
		}
		select {} // until interrupted
	}
	if len(ctx.Rebuild().Errors) > 0 {
		return errors.New("the build failed; esbuild's messages are above")
	}
	return nil
}

func options(dir string) api.BuildOptions {
	paths := make([]string, len(entries))
	for i, e := range entries {
		paths[i] = filepath.Join(dir, e)
	}
	return api.BuildOptions{
		EntryPoints: paths, AbsWorkingDir: dir, Outdir: filepath.Join(dir, "dist"),
		Bundle: true, Splitting: true, Write: true, Metafile: true, Format: api.FormatESModule, Target: api.ES2022,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsLinked,
		EntryNames: "[name]-[hash]", ChunkNames: "[name]-[hash]", AssetNames: "[name]-[hash]",
		Loader:   map[string]api.Loader{".woff2": api.LoaderFile, ".png": api.LoaderFile, ".svg": api.LoaderCopy},
		LogLevel: api.LogLevelWarning,
		Plugins:  []api.Plugin{{Name: "manifest", Setup: func(b api.PluginBuild) { setup(b, dir) }}},
	}
}

// setup empties the output folder before each build and writes the manifest after it.
func setup(b api.PluginBuild, dir string) {
	dist := filepath.Join(dir, "dist")
	b.OnStart(func() (api.OnStartResult, error) { return api.OnStartResult{}, clean(dist) })
	b.OnEnd(func(r *api.BuildResult) (api.OnEndResult, error) {
		if len(r.Errors) > 0 {
			return api.OnEndResult{}, nil
		}
		return api.OnEndResult{}, writeManifest(dir, r.Metafile)
	})
}

// clean removes what earlier builds wrote; dot files stay, since one of them keeps the folder in version control.
func clean(dist string) error {
	old, err := os.ReadDir(dist)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, f := range old {
		if !strings.HasPrefix(f.Name(), ".") {
			if err := os.RemoveAll(filepath.Join(dist, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeManifest maps each entry's plain name ("main.css", "main.js") and each font's name to the hashed file.
func writeManifest(dir, metafile string) error {
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string         `json:"entryPoint"`
			Bytes      int            `json:"bytes"`
			Inputs     map[string]any `json:"inputs"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return err
	}
	manifest, first := map[string]string{}, 0
	for out, o := range meta.Outputs {
		hashed, ext := filepath.Base(out), filepath.Ext(out)
		switch {
		case o.EntryPoint != "" && (ext == ".css" || ext == ".js"):
			plain := filepath.Base(o.EntryPoint)
			if strings.HasPrefix(o.EntryPoint, "styles/") || o.EntryPoint == "scripts/main.ts" {
				manifest[strings.TrimSuffix(plain, filepath.Ext(plain))+ext] = hashed
			}
			if strings.HasPrefix(plain, "main.") {
				first += o.Bytes
			}
		case ext == ".woff2" || ext == ".svg":
			for in := range o.Inputs {
				manifest[filepath.Base(in)] = hashed
			}
		}
	}
	if first > budget {
		return fmt.Errorf("main.css and main.js have %d bytes together, the budget is %d: load what is heavy by import()", first, budget)
	}
	b, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "dist", "manifest.json"), append(b, '\n'), 0o644)
}

// install runs "npm ci" when node_modules is missing or older than the lock file.
func install(dir string) error {
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return err
	}
	done, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err == nil && !done.ModTime().Before(lock.ModTime()) {
		return nil
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir, npm.Stdout, npm.Stderr = dir, os.Stderr, os.Stderr
	if err := npm.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w (Node.js 20 or newer with npm is needed)", dir, err)
	}
	return nil
}
