package app_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/baqylau/baqylau"

// platform is what every room may import.
var platform = []string{"", "internal/store", "internal/locale", "internal/secret", "internal/audit", "internal/access", "internal/jobs", "internal/change",
	"internal/disclosure", "internal/web", "internal/web/ui", "internal/web/assets", "internal/web/list", "internal/web/export", "internal/web/fields"}

// allowed is the table of docs/architecture.md: what the non-test files of a package may import inside the module.
var allowed = map[string][]string{
	"": nil, "aberration": {"dist", "aberration/internal/glm"}, "dist": nil, "aberration/internal/glm": {"dist"},
	"aberration/casefile": {"aberration", "jsoncases"}, "jsoncases": nil, "data": nil, "data/mappings": nil, "web": nil,
	"aberration/scan": {"aberration", "dist"}, "aberration/simulate": nil,
	"epi": {"dist"}, "epi/casefile": {"epi", "jsoncases"},
	"internal/store": {""}, "internal/store/storetest": {"internal/store"}, "internal/locale": {""}, "internal/secret": {""}, "internal/audit": {""}, "internal/access": {""},
	"internal/jobs":        {"", "internal/store"},
	"internal/web/webtest": nil,
	"internal/change":      {"", "internal/access", "internal/audit", "internal/jobs", "internal/store"},
	"internal/disclosure":  {"", "internal/access", "internal/disclosure/suppress"}, "internal/disclosure/suppress": nil, "internal/disclosure/tablefile": {"internal/disclosure/suppress", "jsoncases"},
	"internal/web/assets": {"web"}, "internal/web/ui": {"", "data", "internal/locale", "internal/web/assets"},
	"internal/web": {"", "internal/access", "internal/locale", "internal/store", "internal/web/ui"}, "internal/web/export": {"", "internal/locale"},
	"internal/web/fields": {"", "internal/locale", "internal/web", "internal/web/ui"},
	"internal/web/list":   {"", "internal/access", "internal/change", "internal/locale", "internal/store", "internal/web", "internal/web/export", "internal/web/ui"},
	"internal/backup":     {"", "internal/audit", "internal/store"},
	"internal/due":        with("internal/due/ics"), "internal/due/ics": {"", "internal/locale"},
	"internal/account":  with("internal/due"),
	"internal/admin":    with("internal/account", "internal/due"),
	"internal/registry": with("data", "internal/registry/recognise", "internal/registry/codelist"), "internal/registry/recognise": {"", "data"},
	"internal/registry/codelist": {"", "data"},
	"internal/series":            {"", "internal/store"},
	"internal/intake":            with("data/mappings", "internal/registry", "internal/registry/codelist", "internal/series", "internal/intake/mapping", "internal/intake/media"),
	"internal/interchange":       {""}, "internal/interchange/dhis2": {"", "internal/interchange"}, "internal/interchange/adx": {"", "internal/interchange"},
	"internal/indicator/outgoing":          with("internal/disclosure/suppress", "internal/interchange", "internal/interchange/dhis2", "internal/interchange/adx", "internal/interchange/sdmxcsv", "internal/registry", "internal/indicator", "internal/indicator/death", "internal/indicator/define", "internal/indicator/harm", "internal/indicator/outgoing/template", "internal/indicator/tdi"),
	"internal/indicator/outgoing/template": {"", "data", "internal/indicator/death", "internal/indicator/define", "internal/indicator/tdi"},
	"internal/interchange/sdmxcsv":         {"", "internal/interchange"},
	"internal/indicator/register":          {""}, "internal/indicator/infection": {"", "epi"},
	"internal/intake/mapping": {"", "internal/interchange", "internal/interchange/dhis2", "internal/interchange/adx", "internal/interchange/sdmxcsv"}, "internal/intake/media": {""},
	"internal/indicator/harm": with("internal/disclosure/suppress", "data", "epi", "internal/registry", "internal/registry/codelist", "internal/intake/mapping", "internal/indicator", "internal/indicator/check", "internal/indicator/death", "internal/indicator/register", "internal/indicator/infection", "internal/indicator/tdi", "internal/indicator/held", "internal/indicator/define"),
	"internal/indicator/held": {"", "internal/change", "internal/store"},
	"internal/lab":            with("internal/due", "internal/registry", "internal/registry/codelist", "internal/series", "internal/intake", "internal/intake/mapping"),
	"internal/signal":         with("internal/registry", "internal/registry/codelist", "internal/series", "internal/intake", "internal/signal/rules", "internal/signal/score", "internal/signal/state"),
	"internal/signal/rules":   {"", "aberration"}, "internal/signal/score": {""}, "internal/signal/state": {""},
	"internal/alert":     with("internal/registry", "internal/registry/codelist", "internal/intake/media", "internal/alert/cap", "internal/alert/atom", "internal/alert/mail"),
	"internal/alert/cap": {""}, "internal/alert/atom": {"", "internal/alert/cap"}, "internal/alert/mail": {""},
	"internal/indicator/death": {""}, "internal/indicator/tdi": {"", "data"}, "internal/indicator/tdi/synthetic": {"", "internal/indicator/tdi"},
	"internal/indicator/treatment":  with("internal/disclosure/suppress", "internal/indicator/release", "internal/registry", "internal/intake/mapping", "internal/indicator/check", "internal/indicator/held", "internal/indicator/tdi", "internal/indicator/tdi/synthetic"),
	"internal/indicator/define":     {"", "data"},
	"internal/indicator/facility":   with("epi", "internal/registry", "internal/registry/codelist", "internal/intake/mapping", "internal/indicator", "internal/indicator/define", "internal/indicator/held"),
	"internal/indicator/wastewater": with("data", "epi", "internal/registry", "internal/intake/mapping", "internal/indicator", "internal/indicator/define", "internal/indicator/held"),
	"internal/indicator/returns":    with("data", "internal/due", "internal/registry", "internal/indicator", "internal/indicator/check", "internal/indicator/define"),
	"internal/indicator/estimate":   with("data", "epi", "internal/registry", "internal/indicator", "internal/indicator/define", "internal/indicator/estimate/compute"), "internal/indicator/estimate/compute": {"", "epi", "jsoncases"},
	"internal/overview":          with("internal/registry", "internal/series", "internal/intake", "internal/signal", "internal/alert"),
	"internal/indicator":         with("internal/disclosure/suppress", "data", "epi", "internal/registry", "internal/registry/codelist", "internal/intake/mapping", "internal/indicator/check", "internal/indicator/define", "internal/indicator/death", "internal/indicator/tdi"),
	"internal/indicator/check":   {"", "internal/change", "internal/indicator/define", "internal/locale", "internal/store"},
	"internal/indicator/release": with("internal/disclosure/suppress"),
}

func with(more ...string) []string { return append(slices.Clone(platform), more...) }

// everything is for the packages on top, which join the rooms.
var everything = []string{"internal/app", "internal/api", "cmd/baqylau"}

func TestImportsRunOneWay(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(name, root), string(filepath.Separator)))
		if d.IsDir() {
			if base := d.Name(); rel != "" && (base == "node_modules" || base == "tools" || base == "testdata" || strings.HasPrefix(base, ".") || base == "bench") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(rel))
		if pkg == "." {
			pkg = ""
		}
		if slices.Contains(everything, pkg) {
			return nil
		}
		list, known := allowed[pkg]
		if !known {
			t.Errorf("package %q is not in the table of docs/architecture.md", pkg)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range f.Imports {
			p, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return err
			}
			if p != module && !strings.HasPrefix(p, module+"/") {
				continue
			}
			seen++
			if to := strings.TrimPrefix(strings.TrimPrefix(p, module), "/"); !slices.Contains(list, to) {
				t.Errorf("%s imports %s: not allowed by docs/architecture.md", rel, to)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Errorf("only %d imports read; the walk is broken", seen)
	}
	if doc, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md")); err != nil {
		t.Error(err)
	} else {
		for pkg := range allowed {
			if strings.HasPrefix(pkg, "internal/") && strings.Count(pkg, "/") == 1 && !strings.Contains(string(doc), "`"+pkg+"`") {
				t.Errorf("docs/architecture.md does not name %s", pkg)
			}
		}
	}
}
