package intake_test

import (
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
)

func TestAReportKeepsItsReaders(t *testing.T) { engines(t, otherKindStory, otherKindFileStory) }

// neutral is an organisation on neither side of the wall: what it sends stands on the side of its kind.
func (h *house) neutral(t testing.TB, code string) access.Actor {
	t.Helper()
	if _, err := h.W.DB.Write.NewRaw("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, '{}', 'ngo', 'neutral', 'KZ', 0)", "o-"+code, "test_"+code).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	return access.Actor{ID: "a-" + code, Name: code, OrgID: "o-" + code, Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Reporter}, Lang: baqylau.Russian, MaxTLP: baqylau.TLPAmber}
}

// A neutral organisation sends a patient's report, and later a seizure under the same number: the patient's file and thread stay where police do not read.
func otherKindStory(t *testing.T, h *house) {
	h.Pseudonym = func(_ baqylau.Domain, n string) string { return "p" + n }
	ngo := h.neutral(t, "ngo")
	cop := h.police
	cop.Roles = []access.Role{access.Officer}
	sub := h.numbered("N-1", "отравление мефедроном")
	sub.PersonID, sub.Files = "870101300128", []intake.File{{Name: "file-1.pdf", MIME: "application/pdf", SHA256: "x", Content: []byte("%PDF")}}
	first := h.submit(t, ngo, sub)
	if err := h.Step(ctx, h.officer, first.ReportID, "ask", "палата 5?"); err != nil {
		t.Fatal(err)
	}
	again := h.numbered("N-1", "изъят мефедрон")
	again.Kind = intake.Seizure
	if _, err := h.Submit(ctx, ngo, again); baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("a number crosses the wall: %v", err)
	}
	if _, err := h.Read(ctx, h.W.DB.Read, cop, first.ReportID); baqylau.CodeOf(err) != baqylau.NotFound {
		t.Errorf("police read a patient's report: %v", err)
	}
	if r := h.reads(t, ngo, first.ReportID); r.Domain != baqylau.HealthDomain || r.Kind != intake.AcuteIntoxication || len(r.Files) != 1 || r.State != "clarification" {
		t.Errorf("%+v", r)
	}
	again.SourceRef = "N-1/2"
	second := h.submit(t, ngo, again)
	if r := h.reads(t, cop, second.ReportID); len(r.Files) != 0 || strings.Join(acts(r), " ") != "submitted" {
		t.Errorf("under a number of its own: %+v", r)
	}
	death := h.numbered("N-1", "умер, мефедрон") // the same side
	death.Kind = intake.Death
	if rec := h.submit(t, ngo, death); rec.ReportID != first.ReportID || rec.Outcome != intake.Changed {
		t.Errorf("%+v", rec)
	}
	h.mustBalance(t)
}

const ofBothSides = `version: 1
name: Both sides
fields:
  key: {column: key, required: true}
  kind: {column: kind, codes: {s: seizure, d: death}}
  occurred: {column: day, formats: [YYYY-MM-DD]}
substances:
  - {column: what, as: text}
`

// In a file such a row is a fault that is told, whether it was one when the file was validated or became one since; the other rows are taken.
func otherKindFileStory(t *testing.T, h *house) {
	ngo := h.neutral(t, "lab")
	file := func(name string, rows ...string) intake.Batch {
		return h.stage(t, ngo, name, ofBothSides, []byte("key,kind,day,what\n"+strings.Join(rows, "\n")+"\n"))
	}
	late := file("late.csv", "F-1,d,2026-11-02,метадон", "F-2,s,2026-11-02,метадон", "F-3,s,2026-11-02,метадон")
	h.take(t, ngo, file("first.csv", "F-1,d,2026-11-02,мефедрон", "F-2,d,2026-11-02,мефедрон"), false)
	told := func(b intake.Batch) {
		t.Helper()
		bad, err := intake.Problems(ctx, h.W.DB.Read, b.ID, 0)
		if err != nil || b.Total != 3 || b.Good != 2 || b.Bad != 1 || len(bad) != 1 || bad[0].Row != 3 || bad[0].Cells[0] != "F-2" || bad[0].Faults[0].Key != "import.row.other_readers" {
			t.Errorf("%+v, %+v, %v", b, bad, err)
		}
	}
	soon := file("soon.csv", "F-1,d,2026-11-02,кокаин", "F-2,s,2026-11-02,кокаин", "F-4,s,2026-11-02,кокаин")
	told(soon)
	if err := h.Start(ctx, ngo, soon.ID, false); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("started with a fault: %v", err)
	}
	told(h.take(t, ngo, soon, true))
	if late.Bad != 0 {
		t.Fatalf("%+v", late)
	}
	late = h.take(t, ngo, late, false)
	told(late)
	h.visitor(t, ngo).see("/imports/"+late.ID, "F-2")
	var texts []string
	if err := h.W.DB.Read.NewRaw("SELECT kind || ' ' || text FROM report WHERE org_id = ? AND superseded_on IS NULL ORDER BY source_ref", ngo.OrgID).Scan(ctx, &texts); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(texts, "; "), "death метадон; death мефедрон; seizure метадон; seizure кокаин"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	h.mustBalance(t)
}
