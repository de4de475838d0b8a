package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	asvsRow   = regexp.MustCompile(`(?m)^\| (\d+)\.(\d+)\.(\d+) \| ([12]) \| ([^|]+) \| (met|not applicable|\*\*not met\*\*) \| ([^|]+) \|$`)
	ours      = regexp.MustCompile(`^(internal|cmd|docs|web|scripts|tools|data)/|^Makefile$`) // paths of the repository
	ticked    = regexp.MustCompile("`([^`]+)`")
	testName  = regexp.MustCompile(`(?m)^func (?:\(h \*house\) )?((?:Test|Fuzz)?[A-Za-z0-9]+)\([a-z]+ \*testing\.`)
	asvsCount = [18]int{0, 27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7} // controls of levels 1 and 2 in each chapter of 5.0.0
)

// The table of the ASVS answers every control of levels 1 and 2, and every test and file that it names exists.
func TestTheStandardIsAnsweredByWhatExists(t *testing.T) {
	root := "../.."
	tests := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		b, err := os.ReadFile(path)
		for _, m := range testName.FindAllStringSubmatch(string(b), -1) {
			tests[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(root + "/docs/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	var count [18]int
	seen := map[string]bool{}
	for _, m := range asvsRow.FindAllStringSubmatch(string(b), -1) {
		id, state, how := m[1]+"."+m[2]+"."+m[3], m[6], m[7]
		if seen[id] {
			t.Errorf("%s stands twice", id)
		}
		seen[id] = true
		n, err := strconv.Atoi(m[1])
		if err != nil || n >= len(count) {
			t.Fatalf("chapter %s", m[1])
		}
		count[n]++
		for _, x := range ticked.FindAllStringSubmatch(how, -1) {
			name := x[1]
			if h, ok := strings.CutPrefix(name, "house."); ok {
				name = h
			} else if ours.MatchString(name) {
				if _, err := os.Stat(filepath.Join(root, name)); err != nil {
					t.Errorf("%s names %s: %v", id, name, err)
				}
				continue
			} else if !strings.HasPrefix(name, "Test") && !strings.HasPrefix(name, "Fuzz") {
				continue
			}
			if !tests[name] {
				t.Errorf("%s names %s, which is not there", id, name)
			}
		}
		if state == "met" && len(how) < 8 || state == "**not met**" && len(how) < 8 {
			t.Errorf("%s says nothing about how", id)
		}
	}
	if count != asvsCount {
		t.Errorf("controls of the chapters: %v, want %v", count, asvsCount)
	}
}
