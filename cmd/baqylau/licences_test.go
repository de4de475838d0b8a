package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// noticed are the works that the notice names, with version and licence.
func noticed() map[string][2]string {
	head, _, _ := strings.Cut(licences, "-----")
	out := map[string][2]string{}
	for _, m := range regexp.MustCompile(`(?m)^(\S+) (\S+) (\S+)$`).FindAllStringSubmatch(head, -1) {
		out[m[1]] = [2]string{m[2], m[3]}
	}
	return out
}

type npmPackage struct {
	Version string
	Dev     bool
}

func bundled(t *testing.T) map[string]npmPackage {
	t.Helper()
	var lock struct{ Packages map[string]npmPackage }
	if err := json.Unmarshal([]byte(read(t, "../../web/package-lock.json")), &lock); err != nil {
		t.Fatal(err)
	}
	out := map[string]npmPackage{}
	for path, p := range lock.Packages {
		if name, ok := strings.CutPrefix(path, "node_modules/"); ok {
			out[name] = p
		}
	}
	return out
}

// The notice inside the program names every module that is linked and every package that is bundled, in its version, with its licence's words.
func TestTheNoticeNamesWhatIsInside(t *testing.T) {
	c := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", ".")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	list, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	inside := map[string]string{}
	for line := range strings.Lines(string(list)) {
		if f := strings.Fields(line); len(f) == 2 {
			inside[f[0]] = f[1]
		}
	}
	for name, p := range bundled(t) {
		if !p.Dev {
			inside["npm:"+name] = p.Version
		}
	}
	notice := noticed()
	for name, version := range inside {
		if notice[name][0] != version {
			t.Errorf("%s %s is inside, and the notice says %q: run  go run ./tools/licences", name, version, notice[name][0])
		}
		if !strings.Contains(licences, "\n"+name+"\n") {
			t.Errorf("the notice lacks the licence of %s", name)
		}
	}
	gomod := read(t, "../../go.mod")
	for name, x := range notice {
		if _, npm := strings.CutPrefix(name, "npm:"); !npm && !strings.Contains(gomod, name+" "+x[0]) || npm && inside[name] == "" {
			t.Errorf("the notice names %s %s, which is not used: run  go run ./tools/licences", name, x[0])
		}
	}
	if len(inside) < 50 || !strings.HasPrefix(licences, read(t, "../../NOTICE")) {
		t.Errorf("%d works inside; the notice must begin with our own", len(inside))
	}
}

// docs/dependencies.md names every dependency, also those of tests and tools, with a reason, and the licence that the notice gives it.
func TestEveryDependencyIsListedWithItsReason(t *testing.T) {
	rows := map[string][]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\|$").FindAllStringSubmatch(read(t, "../../docs/dependencies.md"), -1) {
		rows[m[1]] = m[2:]
	}
	used := map[string]bool{}
	for _, file := range []string{"../../go.mod", "../../tools/go.mod"} {
		for _, m := range regexp.MustCompile(`(?m)^(?:require )?\s*(\S+\.\S+/\S+|\S+\.io/\S+) v\S+`).FindAllStringSubmatch(read(t, file), -1) {
			used[m[1]] = true
		}
	}
	for name := range bundled(t) {
		used["npm:"+name] = true
	}
	notice := noticed()
	for name := range used {
		row := rows[name]
		if len(row) == 0 || len(strings.TrimSpace(row[1])) < 5 {
			t.Errorf("docs/dependencies.md does not say why %s is used", name)
		} else if l := notice[name][1]; l != "" && l != row[0] {
			t.Errorf("docs/dependencies.md gives %s the licence %s; its own text says %s", name, row[0], l)
		}
	}
	for name := range rows {
		if !used[name] {
			t.Errorf("docs/dependencies.md lists %s, which is not used", name)
		}
	}
	if len(used) < 70 {
		t.Errorf("only %d dependencies found", len(used))
	}
}
