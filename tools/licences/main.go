// Command licences writes what `baqylau licences` prints: the notice of the product, a table of everything that is linked or bundled into the program
// with its version and licence, and the text of each licence once. Run it from the root of the repository after a dependency has changed; it reads the
// module cache and web/node_modules. It fails on a licence that it does not know, so that a person looks at it.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// target is what the program embeds; another file may be named to compare.
var target = "cmd/baqylau/licences.txt"

// part is one module or package that is inside the program.
type part struct{ name, version, dir string }

func main() {
	if len(os.Args) > 1 {
		target = os.Args[1]
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run() error {
	parts, err := linked()
	if err != nil {
		return err
	}
	bundled, err := bundled()
	if err != nil {
		return err
	}
	notice, err := os.ReadFile("NOTICE")
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.Write(notice)
	fmt.Fprint(&out, "\nThe program contains these works of others; their licences follow.\n\n")
	texts, holders := []string{}, map[string][]string{}
	for _, p := range append(parts, bundled...) {
		text, err := p.texts()
		if err != nil {
			return err
		}
		kind := kindOf(text)
		if kind == "" {
			return fmt.Errorf("%s: a licence that this program does not know", p.name)
		}
		fmt.Fprintf(&out, "%s %s %s\n", p.name, p.version, kind)
		if holders[text] == nil {
			texts = append(texts, text)
		}
		holders[text] = append(holders[text], p.name)
	}
	for _, t := range texts {
		fmt.Fprintf(&out, "\n%s\n%s\n\n%s\n", strings.Repeat("-", 100), strings.Join(holders[t], "\n"), t)
	}
	return os.WriteFile(target, out.Bytes(), 0o644)
}

// linked lists the modules behind the program's packages on every system it is built for, the standard library first.
func linked() ([]part, error) {
	env, err := output(nil, "go", "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, err
	}
	root, _, _ := strings.Cut(env, "\n")
	list := []part{{"Go standard library", "-", root}}
	seen := map[string]bool{}
	for _, system := range []string{"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"} {
		goos, arch, _ := strings.Cut(system, "/")
		all, err := output([]string{"GOOS=" + goos, "GOARCH=" + arch, "CGO_ENABLED=0"}, "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}", "./cmd/baqylau")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(all) {
			f := strings.Fields(line)
			if len(f) != 3 || seen[f[0]] {
				continue
			}
			seen[f[0]] = true
			list = append(list, part{f[0], f[1], f[2]})
		}
	}
	slices.SortFunc(list[1:], func(a, b part) int { return cmp.Compare(a.name, b.name) })
	return list, nil
}

func output(env []string, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Env, c.Stderr = append(os.Environ(), env...), os.Stderr
	b, err := c.Output()
	return string(b), err
}

// bundled lists the packages of the browser's part, without those that only building needs.
func bundled() (list []part, err error) {
	b, err := os.ReadFile("web/package-lock.json")
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version string
			Dev     bool
		}
	}
	if err := json.Unmarshal(b, &lock); err != nil {
		return nil, err
	}
	for path, p := range lock.Packages {
		if name, ok := strings.CutPrefix(path, "node_modules/"); ok && !p.Dev {
			list = append(list, part{"npm:" + name, p.Version, filepath.Join("web", path)})
		}
	}
	slices.SortFunc(list, func(a, b part) int { return cmp.Compare(a.name, b.name) })
	return list, nil
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|patents)([-_.].*)?$`)

// texts is every licence and notice of a part, one after the other.
func (p part) texts() (string, error) {
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return "", err
	}
	var all []string
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(p.dir, e.Name()))
		if err != nil {
			return "", err
		}
		all = append(all, strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n")))
	}
	if len(all) == 0 {
		return "", errors.New(p.name + " has no licence file")
	}
	return strings.Join(all, "\n\n"), nil
}

// kindOf names a licence by the words that only it has.
func kindOf(text string) string {
	words := strings.Join(strings.Fields(text), " ")
	has := func(s string) bool { return strings.Contains(words, s) }
	var kinds []string
	for _, k := range []struct {
		name string
		ok   bool
	}{
		{"MPL-2.0", has("Mozilla Public License Version 2.0")},
		{"Apache-2.0", has("Apache License Version 2.0") || has("Apache License, Version 2.0")},
		{"MIT", has("Permission is hereby granted, free of charge")},
		{"BSD-3-Clause", has("Redistribution and use in source and binary forms") && has("endorse or promote products")},
		{"BSD-2-Clause", has("Redistribution and use in source and binary forms") && !has("endorse or promote products")},
		{"OFL-1.1", has("SIL OPEN FONT LICENSE Version 1.1")},
		{"0BSD", has("Permission to use, copy, modify, and/or distribute this software")},
	} {
		if k.ok {
			kinds = append(kinds, k.name)
		}
	}
	return strings.Join(kinds, "+")
}
