package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[A-Za-z0-9_+-]+)+$`)

// prefixShape is a literal that a value is appended to: "code.severity.".
var prefixShape = regexp.MustCompile(`^([a-z][a-z0-9_]*\.)([A-Za-z0-9_+-]+\.)*$`)

// dynamicPrefixes begin the keys that the code makes from data, so that no literal names them, each with the reason.
var dynamicPrefixes = map[string]string{
	"code.": "names of code values: Code(ctx, list, value); values come from the database and from code lists",
}

// categories have a general sentence each, whose key Err makes from the code of the error.
var categories = []baqylau.Code{baqylau.Invalid, baqylau.Forbidden, baqylau.NotFound, baqylau.Conflict,
	baqylau.Unauthentic, baqylau.TooMany, baqylau.Unavailable, baqylau.Internal}

// asks are the functions whose second argument is a message key.
var asks = []string{"T", "TIn", "N", "NIn", "E"}

// uses is what the sources of the module say about keys.
type uses struct {
	asked    map[string]string // key or prefix ending in "." → where a message is asked for by it
	counted  map[string]string // key → where it is asked for in a plural form, which a plain message lacks
	plain    map[string]string // key → where it is asked for without a count, which a plural message needs
	literals map[string]bool   // every string literal
	prefixes []string          // every literal shaped as a prefix
}

var templCall = regexp.MustCompile(`\b(T|TIn|N|NIn|E)\(\s*[\w.]+(?:\([^()]*\))?\s*,\s*"([^"\\]+)"`)
var templCode = regexp.MustCompile(`\bCode\(\s*[\w.]+(?:\([^()]*\))?\s*,\s*"([a-z_]+)"`)
var anyLiteral = regexp.MustCompile(`["'` + "`" + `]([a-z][A-Za-z0-9_.+-]*\.[A-Za-z0-9_.+-]*)["'` + "`" + `]`)

// scan reads every Go, templ and TypeScript source below root that belongs to the program: no tests, no generated Go of
// templ (its source is read), nothing under testdata or installed packages.
func scan(t *testing.T, root string) uses {
	t.Helper()
	u := uses{asked: map[string]string{}, counted: map[string]string{}, plain: map[string]string{}, literals: map[string]bool{}}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // a file that another process just removed
		}
		base := d.Name()
		if d.IsDir() {
			if name != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || base == "tools") {
				return filepath.SkipDir
			}
			return nil
		}
		switch {
		case strings.HasSuffix(base, "_test.go"), strings.HasSuffix(base, "_templ.go"):
		case strings.HasSuffix(base, ".go"):
			return u.readGo(name)
		case strings.HasSuffix(base, ".templ"), strings.HasSuffix(base, ".ts"):
			return u.readText(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (u *uses) readText(name string) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	for _, m := range anyLiteral.FindAllStringSubmatch(string(b), -1) {
		u.literal(m[1])
	}
	for _, m := range templCall.FindAllStringSubmatch(string(b), -1) {
		u.ask(m[1], m[2], name)
	}
	for _, m := range templCode.FindAllStringSubmatch(string(b), -1) {
		u.ask("Code", "code."+m[1]+".", name)
	}
	return nil
}

func (u *uses) readGo(name string) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil //nolint:nilerr // the compiler reports it better
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				u.literal(s)
			}
		case *ast.CallExpr:
			if len(n.Args) >= 2 && slices.Contains(asks, callee(n)) {
				u.ask(callee(n), leftmost(n.Args[1]), set.Position(n.Pos()).String())
			}
			if len(n.Args) == 3 && callee(n) == "Code" { // an unknown list asks for nothing: its prefix would be "code.."
				u.ask("Code", "code."+leftmost(n.Args[1])+".", set.Position(n.Pos()).String())
			}
		}
		return true
	})
	return nil
}

func (u *uses) literal(s string) {
	u.literals[s] = true
	if prefixShape.MatchString(s) {
		u.prefixes = append(u.prefixes, s)
	}
}

func (u *uses) ask(by, key, where string) {
	exact := keyShape.MatchString(key)
	if exact || prefixShape.MatchString(key) {
		u.asked[key] = where
	}
	if plural := by == "N" || by == "NIn"; exact && plural {
		u.counted[key] = where
	} else if exact {
		u.plain[key] = where
	}
}

func callee(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// leftmost is the literal that an expression is or begins with, "" when it begins with something else.
func leftmost(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value)
		return s
	case *ast.BinaryExpr:
		if s := leftmost(e.X); strings.HasSuffix(s, ".") {
			return s
		}
	}
	return ""
}

func TestUsedKeysExist(t *testing.T) {
	u := scan(t, "../..")
	if len(u.asked) < 10 {
		t.Fatalf("the scan found only %d uses of keys", len(u.asked))
	}
	keys := keysOf(baqylau.English)
	for _, key := range slices.Sorted(maps.Keys(u.asked)) {
		where := u.asked[key]
		prefix := strings.HasSuffix(key, ".")
		if !prefix && !Has(key) {
			t.Errorf("%s: no message %q", where, key)
		}
		if prefix && !slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, key) }) {
			t.Errorf("%s: no message begins with %q", where, key)
		}
	}
}

func TestCountsMeetPluralForms(t *testing.T) {
	u := scan(t, "../..")
	for key, where := range u.counted {
		if messages.plain[baqylau.English][key] != nil {
			t.Errorf("%s: %q is asked for with a count and has no plural forms", where, key)
		}
	}
	for key, where := range u.plain {
		if messages.plurals[baqylau.English][key] != nil {
			t.Errorf("%s: %q has plural forms and is asked for without a count", where, key)
		}
	}
}

func TestNoKeyIsUnused(t *testing.T) {
	u := scan(t, "../..")
	for _, key := range keysOf(baqylau.English) {
		used := u.literals[key] || slices.ContainsFunc(u.prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
		used = used || slices.Contains(categories, baqylau.Code(strings.TrimPrefix(key, "error.")))
		for p := range dynamicPrefixes {
			used = used || strings.HasPrefix(key, p)
		}
		if !used {
			t.Errorf("message %q is used nowhere", key)
		}
	}
}

func TestScanFindsUses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.go", `package a
		// locale.T(ctx, "in.comment")
		var _ = locale.T(ctx, "go.one", "X", 1) + locale.T(ctx, "go.two."+kind) + locale.N(ctx, "go.three", 2)
		var _ = baqylau.E(baqylau.Invalid, "error.four") + locale.Code(ctx, "six", v) + locale.Code(ctx, list, v)
		var table = []string{"go.five"}`)
	write("b.templ", `templ B() { <p title={ locale.T(ctx, "templ.one") }>{ locale.N(ctx, "templ.two", n) }{ locale.Code(ctx.C(), "seven", v) }</p> }`)
	write("c_test.go", `package a; var _ = T(ctx, "test.only")`)
	u := scan(t, dir)
	for _, key := range []string{"go.one", "go.two.", "go.three", "error.four", "templ.one", "templ.two", "code.six.", "code.seven."} {
		if u.asked[key] == "" {
			t.Errorf("%q was not found", key)
		}
	}
	if len(u.asked) != 8 {
		t.Errorf("found %v", u.asked)
	}
	if u.counted["go.three"] == "" || u.counted["templ.two"] == "" || len(u.counted) != 2 || u.plain["go.one"] == "" {
		t.Errorf("counted %v, plain %v", u.counted, u.plain)
	}
	if !u.literals["go.five"] {
		t.Error("a literal in a table was not found")
	}
}
