package admin

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/locale"
)

// What the journal says of a sign-in, the most frequent entry, is in the reader's words in every language.
func TestASignInIsSaidInWords(t *testing.T) {
	for _, l := range baqylau.Langs {
		for _, factor := range []string{"password", "code", "link", "enrolled"} {
			said, codes := line{Entry: audit.Entry{Detail: map[string]any{"factor": factor, "outcome": "accepted"}}}.detail(locale.With(context.Background(), l))
			if said == "" || codes != "" {
				t.Errorf("%s, %s: %q, and %q as a code", l, factor, said, codes)
			}
		}
	}
}

// What was loaded at the first start and what an administrator sets has a name of its own in every language, not the word of the code.
func TestPartsOfTheRegistryHaveNames(t *testing.T) {
	for _, l := range baqylau.Langs {
		for _, e := range []audit.Entry{{Type: "registry", ObjectID: "law"}, {Type: "setting", ObjectID: "centre"}} {
			ctx := locale.With(context.Background(), l)
			if got := (line{Entry: e}).called(ctx); got == e.ObjectID {
				t.Errorf("%s: %q", l, got)
			}
		}
	}
}

// An export and a sample that has come are said in words, whatever the reader's language; so are the settings that were changed.
func TestWhatWasDoneIsSaidInWords(t *testing.T) {
	for _, l := range baqylau.Langs {
		for _, detail := range []map[string]any{{"format": "xlsx", "query": true}, {"format": "json"}, {"report": "019ab-1", "state": "sample_received"}, {"samples": float64(3), "submit": true},
			{"changed": "alert.contact,base_url,signal.rise_budget"}, {"step": "emergency", "from": "science_review", "to": "issued"}, {"act": "refute", "from": "validating", "to": "refuted"}} {
			said, codes := line{Entry: audit.Entry{Detail: detail}}.detail(locale.With(context.Background(), l))
			if said == "" || codes != "" || strings.Contains(said, "xlsx") || strings.Contains(said, "_") {
				t.Errorf("%s, %v: %q, and %q as a code", l, detail, said, codes)
			}
		}
	}
}

// Every name under which a room writes a detail, every word it writes there, every state of a thing and every kind of due item has words in the journal: the sources are read, so that
// a new one cannot be forgotten.
func TestEveryDetailHasWords(t *testing.T) {
	states, kinds := 0, 0
	read := func(path string) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Subject" && len(n.Args) == 4 {
					if detail, ok := n.Args[3].(*ast.CompositeLit); ok {
						wordsFor(t, detail)
					}
				}
			case *ast.CompositeLit:
				if typ, ok := n.Type.(*ast.SelectorExpr); ok && typ.Sel.Name == "Item" { // of package due: whoever closes one by hand writes its kind
					for _, e := range n.Elts {
						if pair := e.(*ast.KeyValueExpr); pair.Key.(*ast.Ident).Name == "Kind" {
							kinds++
							worded(t, "kind", pair.Value)
						}
					}
				}
			case *ast.ValueSpec:
				if typ, ok := n.Type.(*ast.Ident); ok && typ.Name == "State" && len(n.Values) == 1 {
					states++
					worded(t, "state", n.Values[0])
				}
			}
			return true
		})
	}
	if err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			read(path)
		}
		return err
	}); err != nil || states < 20 || kinds < 4 {
		t.Errorf("%d states and %d kinds of due items were read, %v", states, kinds, err)
	}
}

// wordsFor demands a word for each name of a detail, and for what is written there as it stands.
func wordsFor(t *testing.T, detail *ast.CompositeLit) {
	for _, e := range detail.Elts {
		pair := e.(*ast.KeyValueExpr)
		if name, err := strconv.Unquote(pair.Key.(*ast.BasicLit).Value); err != nil || !locale.Has("code.audit_detail."+name) {
			t.Errorf("the journal has no word for %s", name)
		} else {
			worded(t, name, pair.Value)
		}
	}
}

func worded(t *testing.T, name string, value ast.Expr) {
	lit, ok := value.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	v, err := strconv.Unquote(lit.Value)
	if _, ok := saidOf(context.Background(), name, v); err != nil || !ok {
		t.Errorf("the journal has no word for %s under %s", v, name)
	}
}
