package intake_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
)

func TestCorrections(t *testing.T) {
	engines(t, clarifiedStory, ownWordStory, reaskedStory, deadEndStory, seriousStory)
}

func substances(r intake.Report) (out []string) {
	for _, f := range r.Findings {
		out = append(out, f.SubstanceID)
	}
	return out
}

// The officer asks back, customs answer that a rapid test for mephedrone was positive: the officer writes mephedrone into the report, and it counts from that day.
// The report sent again keeps it; a laboratory's word cannot be claimed by it.
func clarifiedStory(t *testing.T, h *house) {
	today := h.day
	sub := h.numbered("CL-1", "изъят белый порошок")
	sub.Kind, sub.Occurred = intake.Seizure, h.day
	rec := h.submit(t, h.customs, sub)
	h.setDay(today.AddDays(1).String())
	for _, st := range []struct {
		a          access.Actor
		name, text string
	}{{h.officer, "ask", "что показал тест?"}, {h.customs, "answer", "экспресс-тест на мефедрон положительный"}} {
		if err := h.Step(ctx, st.a, rec.ReportID, st.name, st.text); err != nil {
			t.Fatal(err)
		}
		if st.name == "ask" { // customs are told, and find the form open
			customs := h.visitor(t, h.customs)
			customs.see("/reports", "ждёт вашего ответа", "/reports?state=clarification")
			customs.see("/reports/"+rec.ReportID, `open><summary>Ответить`)
		}
	}
	mephedrone := h.substance(t, "Mephedrone")
	officer := h.visitor(t, h.officer)
	officer.see("/reports/"+rec.ReportID, "Исправить вещества", `hx-get="/reports/substances"`)
	officer.press("/corrections/"+rec.ReportID, url.Values{"substance": {mephedrone}, "level": {"confirmed"}, "role": {"main"}, "text": {"по ответу отправителя"}})
	officer.see("/reports/"+rec.ReportID, "подтверждено отправителем, лаборатория сети не проверяла") // beside "probable": it is the sender's word
	h.visitor(t, h.customs).see("/reports/"+rec.ReportID, "отзовите его и отправьте заново")          // how to mend what the form of the substances does not
	h.mustBalance(t)
	counted := 0
	for k, n := range h.series(t, today) {
		if k.ID == mephedrone && n != 0 {
			counted++
		}
	}
	for k, n := range h.series(t, h.day) {
		if k.ID == mephedrone && n != 0 {
			counted--
		}
	}
	if counted >= 0 {
		t.Errorf("mephedrone counts no more today than it did yesterday: %d", counted)
	}
	r := h.reads(t, h.customs, rec.ReportID)
	if len(r.Findings) != 1 || r.Findings[0].SubstanceID != mephedrone || r.Findings[0].Confidence == baqylau.Confirmed || r.Events[0].Text != "по ответу отправителя" {
		t.Fatalf("%+v", r)
	}
	sub.Text = "изъят белый порошок, 3 г, и метадон"
	h.submit(t, h.customs, sub)
	if got := substances(h.reads(t, h.customs, rec.ReportID)); !slices.Contains(got, mephedrone) || !slices.Contains(got, h.substance(t, "Methadone")) || len(got) != 2 {
		t.Errorf("sent again: %v", got)
	}
	h.mustBalance(t)
}

// A sender takes the wrong substance out of the own report; another organisation cannot, and nothing is changed without a reason.
func ownWordStory(t *testing.T, h *house) {
	rec := h.submit(t, h.hospital, h.numbered("OW-1", "отравление мефедроном"))
	wrong := h.reads(t, h.hospital, rec.ReportID).Findings[0].ID
	fix := intake.Correction{SubstanceID: h.substance(t, "Methadone"), Instead: wrong, Reason: "опечатка"}
	if err := h.Correct(ctx, h.customs, rec.ReportID, fix); baqylau.CodeOf(err) != baqylau.NotFound && baqylau.CodeOf(err) != baqylau.Forbidden {
		t.Errorf("another's report: %v", err)
	}
	w := h.visitor(t, h.hospital).do(httptestPost("/corrections/"+rec.ReportID, url.Values{"instead": {wrong}}))
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "#f-text-correct") {
		t.Errorf("without a reason: %d %s", w.Code, w.Body)
	}
	if err := h.Correct(ctx, h.hospital, rec.ReportID, fix); err != nil {
		t.Fatal(err)
	}
	if got := substances(h.reads(t, h.officer, rec.ReportID)); len(got) != 1 || got[0] != fix.SubstanceID {
		t.Errorf("%v", got)
	}
	h.mustBalance(t)
	if err := h.Correct(ctx, h.hospital, rec.ReportID, fix); baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("the same finding twice: %v", err)
	}
}

// «Соль» was taken for the wrong substance: the question is opened again, its finding gives way, and another answer holds.
func reaskedStory(t *testing.T, h *house) {
	rec := h.submit(t, h.hospital, h.numbered("RA-1", "отравление солью"))
	q := h.reads(t, h.officer, rec.ReportID).Questions[0]
	page := h.visitor(t, h.officer).see("/reports/"+rec.ReportID, "Что здесь означает «солью»?")
	if strings.Contains(page, "checked") {
		t.Error("an answer stands chosen before anyone chose")
	}
	if w := h.visitor(t, h.officer).do(httptestPost("/questions/"+q.ID, url.Values{"report": {rec.ReportID}})); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no answer: %d", w.Code)
	}
	if err := h.Settle(ctx, h.officer, q.ID, q.Candidates[0]); err != nil {
		t.Fatal(err)
	}
	officer := h.visitor(t, h.officer)
	officer.see("/reports/"+rec.ReportID, "Открыть вопрос снова")
	officer.press("/questions/"+q.ID+"/reopen", url.Values{"text": {"пришёл паспорт пакета"}})
	if r := h.reads(t, h.officer, rec.ReportID); len(r.Questions) != 1 || len(r.Findings) != 0 {
		t.Fatalf("%+v", r)
	}
	h.mustBalance(t)
	if err := h.Settle(ctx, h.officer, q.ID, q.Candidates[1]); err != nil {
		t.Fatal(err)
	}
	r := h.reads(t, h.officer, rec.ReportID)
	if len(r.Findings) != 1 || r.Findings[0].SubstanceID != q.Candidates[1] && r.Findings[0].Family != q.Candidates[1] {
		t.Errorf("%+v", r.Findings)
	}
	h.mustBalance(t)
}

// A tip without a substance does not point to a question that is not there.
func deadEndStory(t *testing.T, h *house) {
	rec := h.submit(t, access.Anyone(baqylau.Russian), intake.Submission{Incoming: intake.Incoming{Kind: intake.Tip, Channel: "tip", Text: "во дворе что-то продают"}})
	if page := h.visitor(t, h.officer).see("/reports/"+rec.ReportID, "не входит в счёт"); strings.Contains(page, "вопрос выше") || strings.Contains(page, "Исправить вещества") {
		t.Error("a tip promises what cannot be")
	}
}

// What a hospital ticked as serious stands on its receipt and in the officer's view.
func seriousStory(t *testing.T, h *house) {
	sub := h.numbered("SE-1", "отравление мефедроном")
	sub.Detail.Seriousness = []string{"life_threatening"}
	rec := h.submit(t, h.hospital, sub)
	h.visitor(t, h.hospital).see("/reports/"+rec.ReportID+"?sent=1", "Угроза жизни", "Почему случай тяжёлый")
	h.visitor(t, h.officer).see("/reports/"+rec.ReportID, "Угроза жизни")
}
