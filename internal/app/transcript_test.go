package app_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

var writeTranscripts = flag.Bool("transcripts", false, "write what a screen reader says into testdata/transcript")

// TestScreenReader writes down what a screen reader says of the inbox with an open signal and of the form for a report, from Chromium's accessibility tree, and compares it
// with what a person has read and found to make sense (testdata/transcript). Days, times and reference numbers are left out.
func TestScreenReader(t *testing.T) {
	t.Parallel()
	h := start(t, storetest.DSN(t, storetest.Engines()[0]))
	h.reports = map[string]intake.Recorded{}
	for _, x := range []struct {
		who, substance string
		kind           intake.Kind
	}{{"hospital", "metonitazene", intake.AcuteIntoxication}, {"forensic", "protonitazene", intake.Death}, {"police", "carfentanil", intake.Seizure}} {
		h.report(t, x.who, x.kind, "", "", func(s *intake.Submission) { s.Text, s.Files, s.Detail = x.substance, nil, intake.Detail{Persons: 1} })
		h.raisedBy(t, x.substance)
	}
	open := h.raisedBy(t, "carfentanil")
	b := newTab(t)
	b.become(h.people["officer"])
	for _, page := range []struct{ name, path string }{{"inbox", "/signals/" + open}, {"report", "/reports/new/seizure"}} {
		for _, l := range baqylau.Langs {
			b.open(h.URL + page.path + "?lang=" + string(l))
			got := b.read()
			file := filepath.Join("testdata", "transcript", page.name+"."+string(l)+".txt")
			if *writeTranscripts {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s in %s is read otherwise (-transcripts writes it anew; read it before you keep it):\n%s", page.name, l, diff)
			}
			for i, line := range strings.Split(got, "\n") {
				if why := senseless(line); why != "" {
					t.Errorf("%s:%d: %s: %q", file, i+1, why, line)
				}
			}
		}
	}
}

// read is what a screen reader says of the page from its beginning to its end, a line for each stop: what it is, its name, its state.
func (b *tab) read() string {
	b.Helper()
	tree, err := chromedp.Run(b.ctx, func(c context.Context, t *chromedp.Target) (accessibility.GetFullAXTreeResult, error) {
		if _, err := cdp.Call(c, t, accessibility.Enable, cdp.Empty{}); err != nil {
			return accessibility.GetFullAXTreeResult{}, err
		}
		return cdp.Call(c, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	})
	if err != nil {
		b.Fatal(err)
	}
	r := reading{nodes: map[accessibility.NodeID]*accessibility.Node{}}
	for _, n := range tree.Nodes {
		r.nodes[n.NodeID] = n
	}
	r.say(tree.Nodes[0], 0)
	return r.b.String()
}

type reading struct {
	nodes map[accessibility.NodeID]*accessibility.Node
	b     strings.Builder
}

// whole are the roles that are read as one, by their name; grouping ones are announced when they are entered.
var (
	whole    = words("link button heading textbox searchbox combobox checkbox radio spinbutton option menuitem switch slider image img StaticText DisclosureTriangle date")
	grouping = words("banner navigation main complementary contentinfo search region form list table grid row group radiogroup dialog alert status article")
)

func (r *reading) say(n *accessibility.Node, depth int) {
	role, name := spokenValue(n.Role), strings.Join(strings.Fields(spokenValue(n.Name)), " ")
	if !n.Ignored {
		line := ""
		low := strings.ToLower(role)
		switch {
		case role == "StaticText":
			line = name
		case whole[low] || grouping[low] && (name != "" || low != "group" && low != "row" && low != "article"):
			line = role
			if low == "list" {
				line += fmt.Sprintf(" of %d", len(n.ChildIDs))
			}
			if name != "" {
				line += ": " + name
			}
			for _, p := range n.Properties {
				line += state(p)
			}
			if v := spokenValue(n.Value); v != "" && v != name {
				line += " = " + v
			}
			if d := strings.Join(strings.Fields(spokenValue(n.Description)), " "); d != "" && d != name {
				line += " (" + d + ")"
			}
		case low == "listitem":
			line = "•"
		}
		if line != "" {
			r.b.WriteString(strings.Repeat("  ", depth) + undated(line) + "\n")
			depth++
		}
		if whole[low] && low != "heading" || low == "heading" && !r.holds(n, "link") {
			return
		}
	}
	for _, id := range n.ChildIDs {
		if c := r.nodes[id]; c != nil {
			r.say(c, depth)
		}
	}
}

// holds reports whether something of a role stands below a node.
func (r *reading) holds(n *accessibility.Node, role string) bool {
	for _, id := range n.ChildIDs {
		if c := r.nodes[id]; c != nil && (spokenValue(c.Role) == role || r.holds(c, role)) {
			return true
		}
	}
	return false
}

func spokenValue(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var out any
	if err := json.Unmarshal(v.Value, &out); err != nil || out == nil {
		return ""
	}
	return fmt.Sprint(out)
}

// state is what is said of a control besides its name.
func state(p *accessibility.Property) string {
	v := spokenValue(p.Value)
	switch p.Name {
	case "level":
		return " " + v
	case "required", "disabled", "invalid", "checked", "selected", "pressed", "expanded":
		if v == "true" {
			return ", " + string(p.Name)
		}
		if p.Name == "expanded" {
			return ", collapsed"
		}
	}
	return ""
}

// passing are the days, times, weeks, durations and years that another day makes other.
var passing = []struct {
	shape *regexp.Regexp
	mark  string
}{
	{regexp.MustCompile(`\d{1,2}\.\d{2}\.\d{4}`), "‹day›"},
	{regexp.MustCompile(`\d{4} ж\. \d{1,2} \p{L}+|\d{1,2} \p{L}+ \d{4} г\.|\d{1,2} [A-Z]\p{L}+ \d{4}`), "‹long day›"},
	{regexp.MustCompile(`\d{1,2}:\d{2}`), "‹time›"},
	{regexp.MustCompile(`\d{4} ж\. \d{1,2}-апта|нед\. \d{1,2}, \d{4} г\.|week \d{1,2}, \d{4}`), "‹week›"},
	{regexp.MustCompile(`\d+ (күн|сағат|минут|дней|дня|день|часов|часа|час|минуты|минута|days?|hours?|minutes?)( \d+ (сағат|минут|часов|часа|час|минуты|минута|hours?|minutes?))?`), "‹how long›"},
	{regexp.MustCompile(`\b([SC])-\d{4}-0*`), "$1-‹year›-"},
}

// undated leaves them out.
func undated(s string) string {
	for _, p := range passing {
		s = p.shape.ReplaceAllString(s, p.mark)
	}
	return s
}

var (
	onlyDigits = regexp.MustCompile(`^\d+$`)
	shortUnit  = regexp.MustCompile(`\d (дн\.|ч|мин|сағ|d|h|min)( |$)`)
)

// senseless says what no listener should hear.
func senseless(line string) string {
	line = strings.TrimSpace(line)
	name := strings.ToLower(line[strings.Index(line, ":")+1:])
	switch {
	case slices.Contains([]string{"button", "link", "image", "img", "textbox", "combobox", "table", "navigation", "complementary"}, line):
		return "it has no name"
	case line == "·" || line == "/" || line == "×" || line == "–":
		return "a mark of the layout is read aloud"
	case onlyDigits.MatchString(line):
		return "a number of nothing"
	case shortUnit.MatchString(name):
		return "an abbreviation is read aloud"
	}
	return ""
}
