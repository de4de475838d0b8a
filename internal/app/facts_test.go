package app_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/lab"
	"github.com/baqylau/baqylau/internal/signal"
)

// every marker begins with this, so that one search for it finds all that a person may find.
const stem = "zqmark"

// secret is a word that stands for a thing, and the people who may ever read it; "*" is everyone with an account, "public" everyone.
type secret struct {
	word   string
	who    string
	number bool // an identifier or reference, which the journal holds; not a word of the thing itself
}

// facts are what the process holds when the stories begin.
type facts struct {
	secrets  []secret
	reports  map[string]intake.Recorded // by sender
	signal   signal.Signal
	alerts   map[string]string // identifiers: draft, green, public
	batch    intake.Batch
	dropped  string // a file that customs dropped and has not imported
	proposal string
}

const (
	centreReads = " officer epidemiologist " // who may read every report
	signalsRead = " officer epidemiologist assessor approver liaison "
	draftsRead  = " officer assessor approver liaison "
)

func (h *house) keep(word, who string) {
	h.secrets = append(h.secrets, secret{word, " " + who + " ", false})
}

func (h *house) keepNumber(who string, numbers ...string) {
	for _, n := range numbers {
		h.secrets = append(h.secrets, secret{n, " " + who + " ", true})
	}
}

// plant puts one of everything in, each with a marker in its text fields.
func (h *house) plant(t *testing.T) {
	t.Helper()
	h.reports, h.alerts = map[string]intake.Recorded{}, map[string]string{}
	var forensic string
	if err := h.DB.Read.NewRaw("SELECT id FROM organisation WHERE code = 'forensic_centre'").Scan(ctx, &forensic); err != nil {
		t.Fatal(err)
	}
	h.report(t, "hospital", intake.AcuteIntoxication, "", centreReads, func(s *intake.Submission) { s.PersonID = "900101300126" })
	h.report(t, "poison", intake.AcuteIntoxication, "", centreReads, nil)
	h.report(t, "forensic", intake.Death, "", centreReads, func(s *intake.Submission) { s.PersonID = "880202300456" })
	h.report(t, "police", intake.Seizure, "", centreReads, nil)
	h.report(t, "customs", intake.Seizure, "", centreReads, nil)
	h.report(t, "ngo", intake.CollectedSample, forensic, centreReads+"analyst reviewer ", nil)
	h.tip(t)
	h.laboratory(t)
	h.link(t)
	h.importFile(t)
	h.drop(t)
	h.raise(t)
	h.subscribe(t)
	h.communicate(t)
}

// report sends a report with the sender's marker in every text field.
func (h *house) report(t *testing.T, who string, kind intake.Kind, labID, readers string, edit func(*intake.Submission)) {
	t.Helper()
	word := stem + who
	sub := intake.Submission{Level: baqylau.Presumptive, Incoming: intake.Incoming{Kind: kind, Channel: "form", LabOrgID: labID, Region: "KZ-35", PlaceType: "unknown", Text: "metonitazene " + word,
		Occurred: h.today().AddDays(-1), Precision: baqylau.Day, Sex: "female", AgeBand: "25-34",
		Detail: intake.Detail{SoldAs: word + "sold", Colour: word + "colour", Logo: word + "logo", Packaging: word + "pack", Route: word + "route", Origin: word + "origin", Destination: word + "dest",
			OnlineSource: word + "online", SampleRef: word + "ref", Features: word + "features", Antidote: word + "antidote", Contact: word + "contact", Persons: 1}}}
	sub.Files = []intake.File{{Name: word + "-1.pdf", MIME: "application/pdf", SHA256: strings.Repeat("0", 64), Content: []byte("%PDF-1.4 " + word)}}
	if edit != nil {
		edit(&sub)
	}
	rec, err := h.Intake.Submit(ctx, h.people[who].Actor, sub)
	if err != nil {
		t.Fatalf("%s: %v", who, err)
	}
	h.reports[who] = rec
	senders := who
	if who == "hospital" {
		senders += " nurse"
	}
	h.keep(word, senders+readers)
	h.keepNumber(senders+readers, rec.ReportID, rec.Receipt)
	if sub.PersonID != "" {
		h.keep(sub.PersonID, "nobody")
		for _, p := range h.list(t, "SELECT pseudonym FROM personal_link WHERE report_id = ?", rec.ReportID) {
			h.keep(p, senders)
		}
	}
	if err := h.Intake.Step(ctx, h.people["officer"].Actor, rec.ReportID, "ask", "question "+word); err != nil {
		t.Fatal(err)
	}
	if who == "hospital" || who == "police" {
		if err := h.Intake.Step(ctx, h.people[who].Actor, rec.ReportID, "answer", "answer "+word); err != nil {
			t.Fatal(err)
		}
	}
}

// tip comes from somebody without an account; whoever has its receipt sees its state and nothing else.
func (h *house) tip(t *testing.T) {
	t.Helper()
	sub := intake.Submission{Incoming: intake.Incoming{Kind: intake.Tip, Channel: "tip", Text: stem + "tip", Detail: intake.Detail{Contact: stem + "tip contact"}}}
	if _, err := h.Intake.Submit(ctx, h.people["public"].Actor, sub); err != nil {
		t.Fatal(err)
	}
	h.keep(stem+"tip", centreReads)
}

// laboratory analyses and releases the sample of drug checking.
func (h *house) laboratory(t *testing.T) {
	t.Helper()
	word := stem + "lab"
	analyst, reviewer := h.people["analyst"].Actor, h.people["reviewer"].Actor
	id, err := h.Lab.Receive(ctx, analyst, h.reports["ngo"].ReportID, word+"-7")
	if err != nil {
		t.Fatal(err)
	}
	sub, ok := h.Shelf.Book().ByName("metonitazene")
	if !ok {
		t.Fatal("the registry lacks metonitazene")
	}
	r := lab.Result{SubstanceID: sub.ID, Role: "main", Level: baqylau.ConfirmedID, Techniques: []string{"GC_MS"}, Standard: "certified", Library: word + "library", Comment: word + "comment"}
	for name, err := range map[string]error{"enter": h.Lab.Enter(ctx, analyst, id, r, h.today()), "submit": h.Lab.Submit(ctx, analyst, id), "release": h.Lab.Release(ctx, reviewer, id)} {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	h.keep(word, "ngo analyst reviewer"+centreReads)
	h.keepNumber("ngo analyst reviewer"+centreReads, id)
}

// link merges the occurrence of the hospital with that of the police; the matching job proposes it.
func (h *house) link(t *testing.T) {
	t.Helper()
	a, b := h.reports["hospital"].OccurrenceID, h.reports["police"].OccurrenceID
	for range 200 {
		if found := h.list(t, "SELECT id FROM match_proposal WHERE (a_id = ? AND b_id = ?) OR (a_id = ? AND b_id = ?)", a, b, b, a); len(found) == 1 {
			h.proposal = found[0]
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if h.proposal == "" {
		t.Fatal("the reports of one occurrence were not matched")
	}
	if err := h.Intake.Merge(ctx, h.people["officer"].Actor, h.proposal); err != nil {
		t.Fatal(err)
	}
}

// importFile is a table of the hospital: one row is taken, one is refused.
func (h *house) importFile(t *testing.T) {
	t.Helper()
	const mapping = `version: 1
name: zqmarkbatch mapping
fields:
  key: {column: number, required: true}
  kind: acute_intoxication
  occurred: {column: date, formats: [YYYY-MM-DD]}
  known: {after_days: 0}
  region: {column: region}
  notes: {column: words}
substances:
  - {column: substance, as: text, level: presumptive}
`
	day := h.today().AddDays(-3).String()
	file := "number,date,region,words,substance\nzqmarkbatch-1," + day + ",KZ-35,zqmarkbatch words,metonitazene\nzqmarkbatch-2,never,KZ-35,zqmarkbatch bad,metonitazene\n"
	actor := h.people["hospital"].Actor
	b, err := h.Intake.Stage(ctx, actor, intake.Upload{Name: "zqmarkbatch.csv", Content: strings.NewReader(file), Mapping: []byte(mapping)})
	if err != nil {
		t.Fatal(err)
	}
	if b.Good != 1 || b.Bad != 1 {
		t.Fatalf("%d good rows, %d bad: %+v", b.Good, b.Bad, b)
	}
	if err := h.Intake.Start(ctx, actor, b.ID, true); err != nil {
		t.Fatal(err)
	}
	h.until(t, "the import is applied", func() bool {
		return h.count(t, "SELECT count(*) FROM batch WHERE id = ? AND state = 'applied'", b.ID) == 1
	})
	h.batch = b
	h.keep(stem+"batch", "hospital nurse"+centreReads)
	h.keepNumber("hospital nurse"+centreReads, append(h.list(t, "SELECT id FROM report WHERE batch_id = ?", b.ID), b.ID)...)
}

// drop leaves a file of customs waiting for its mapping.
func (h *house) drop(t *testing.T) {
	t.Helper()
	word := stem + "dropped"
	a := h.people["customs"].send(t, "/mappings/new", word+".csv", "номер,дата,"+word+"column\n1,"+h.today().String()+","+word+" words\n")
	m := regexp.MustCompile(`^/mappings/new/([0-9a-f-]{36})\?`).FindStringSubmatch(a.location())
	if m == nil {
		t.Fatalf("the file was not taken: %d %s", a.status, a.location())
	}
	h.dropped = m[1]
	h.keep(word, "customs")
	h.keepNumber("customs", h.dropped)
}

func (h *house) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 400 {
		if ok() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("never happened: %s", what)
}

func (h *house) raise(t *testing.T) {
	t.Helper()
	word := stem + "signal"
	var err error
	if h.signal, err = h.Signals.Create(ctx, h.people["officer"].Actor, signal.Draft{Type: "other", Title: word, Explanation: word + " why", Country: "KZ", Region: "KZ-35", Confidence: baqylau.Suspected, TLP: baqylau.TLPAmber}); err != nil {
		t.Fatal(err)
	}
	h.keep(word, signalsRead)
	h.keepNumber(signalsRead, h.signal.ID, h.signal.Ref)
}

// subscribe lets everybody have letters about warnings, and the reporter of the hospital have a deputy.
func (h *house) subscribe(t *testing.T) {
	t.Helper()
	for _, p := range h.everyone() {
		if p.SignedIn() {
			if a := p.post(t, "/warnings/mail", "lang", "en", "max_tlp", "GREEN", "min_severity", "green"); a.status != http.StatusSeeOther {
				t.Fatalf("%s subscribes: %d", p.name, a.status)
			}
		}
	}
	if err := h.Due.AddDeputy(ctx, h.people["hospital"].Actor, h.people["nurse"].ID, h.today(), h.today().AddDays(3)); err != nil {
		t.Fatal(err)
	}
	if err := h.Due.AddDuty(ctx, h.people["officer"].Actor, h.people["officer"].ID, h.today(), h.today().AddDays(3)); err != nil {
		t.Fatal(err)
	}
}

// communicate drafts an AMBER alert and issues a GREEN and a public one.
func (h *house) communicate(t *testing.T) {
	t.Helper()
	for _, x := range []struct {
		name string
		tlp  baqylau.TLP
		who  string
	}{{"draft", baqylau.TLPAmber, draftsRead}, {"green", baqylau.TLPGreen, "*"}, {"public", baqylau.TLPClear, "public"}} {
		word := stem + x.name
		d := alert.Draft{Type: alert.PublicWarning, TLP: x.tlp, Public: x.tlp == baqylau.TLPClear, Severity: baqylau.Amber, Confidence: baqylau.Suspected, Expires: h.today().AddDays(30),
			Content: alert.Content{}, Figures: []alert.Figure{{Label: baqylau.Same(word + "figure"), Value: 3}}}
		for _, b := range alert.Blocks {
			d.Content[b] = baqylau.Same(word + " " + string(b))
		}
		id, err := h.Alerts.Save(ctx, h.people["officer"].Actor, "", 0, d)
		if err != nil {
			t.Fatal(err)
		}
		h.alerts[x.name] = id
		if err := h.Alerts.AddPhoto(ctx, h.people["officer"].Actor, id, 0, bytes.NewReader(picture(t)), baqylau.Same(word+"photo")); err != nil {
			t.Fatal(err)
		}
		h.keep(word, x.who)
		if x.name == "draft" {
			h.keepNumber(x.who, id)
			continue
		}
		for _, st := range []struct{ by, step string }{{"officer", alert.Submit}, {"assessor", alert.Review}, {"approver", alert.Clear}, {"officer", alert.Issue}} {
			if _, err := h.Alerts.Step(ctx, h.people[st.by].Actor, id, 0, st.step, baqylau.Text{}); err != nil {
				t.Fatalf("%s %s: %v", x.name, st.step, err)
			}
		}
	}
}

func (h *house) today() baqylau.Date { return change.Today(time.Now()) }

// may reports whether a person may ever read a secret at a path.
func (s secret) may(p *person, path string) bool {
	if s.number && strings.HasPrefix(path, "/audit") && access.ScopeOf(p.Actor, access.AuditRead) == access.Everything {
		return true
	}
	return strings.Contains(s.who, " public ") || strings.Contains(s.who, " * ") && !p.Has(access.Public) || strings.Contains(s.who, " "+p.name+" ")
}

// picture is a small photo.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
