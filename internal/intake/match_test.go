package intake_test

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/uptrace/bun"
	"pgregory.net/rapid"
)

func TestOccurrences(t *testing.T) {
	engines(t, proposalsStory, matchStory, nearStory, balanceStory)
}

// asked counts what is asked of the database.
type asked struct{ n int }

func (a *asked) BeforeQuery(c context.Context, _ *bun.QueryEvent) context.Context { a.n++; return c }
func (a *asked) AfterQuery(context.Context, *bun.QueryEvent)                      {}

// A page of many proposals asks the database as often as a page of one.
func proposalsStory(t *testing.T, h *house) {
	count := &asked{}
	h.W.DB.Read = h.W.DB.Read.WithQueryHook(count)
	v := h.visitor(t, h.officer)
	var each []int
	for _, region := range []string{"KZ-39", "KZ-55", "KZ-59"} {
		h.report(t, h.police, intake.Seizure, "2026-11-02", region, "порошок, мефедрон, "+region)
		h.report(t, h.hospital, intake.AcuteIntoxication, "2026-11-02", region, "молодой человек, мефедрон")
		before := count.n
		v.see("/matches", "порошок, мефедрон, "+region, "молодой человек")
		each = append(each, count.n-before)
	}
	if each[0] == 0 || each[2] != each[0] {
		t.Errorf("pages of one, two and three pairs take %v statements", each)
	}
	for _, id := range h.proposals(t, "proposed") {
		v.press("/matches/"+id+"/refuse", nil)
	}
}

// report sends a form.
func (h *house) report(t testing.TB, a access.Actor, kind intake.Kind, day, region, text string) intake.Recorded {
	t.Helper()
	sub := intake.Submission{Incoming: intake.Incoming{Kind: kind, Channel: "form", Region: region, Occurred: baqylau.MustDate(day), Precision: baqylau.Day, Text: text, PlaceType: "nightlife"}}
	rec, err := h.Submit(ctx, a, sub)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Match(ctx, intake.MatchArgs{OccurrenceID: rec.OccurrenceID}); err != nil {
		t.Fatal(err)
	}
	return rec
}

// unmatched sends a report and leaves its comparison to the caller.
func (h *house) unmatched(t testing.TB, a access.Actor, day, region string) (occurrenceID string) {
	t.Helper()
	rec, err := h.Submit(ctx, a, intake.Submission{Incoming: intake.Incoming{Kind: intake.Seizure, Channel: "form", Region: region, Occurred: baqylau.MustDate(day), Precision: baqylau.Day, Text: "порошок, мефедрон"}})
	if err != nil {
		t.Fatal(err)
	}
	return rec.OccurrenceID
}

func (h *house) proposals(t testing.TB, state string) (ids []string) {
	t.Helper()
	if err := h.W.DB.Read.NewRaw("SELECT id FROM match_proposal WHERE state = ? ORDER BY id", state).Scan(ctx, &ids); err != nil {
		t.Fatal(err)
	}
	return ids
}

// total is the count of a region in all weeks, each occurrence once.
func (h *house) total(t testing.TB, region string, asOf baqylau.Date) (n int) {
	t.Helper()
	points, err := series.Weekly(ctx, h.W.DB.Read, series.Query{Country: "KZ", Region: region, Subject: series.Subject{Dim: series.Total}, AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		n += p.N
	}
	return n
}

// A seizure and an intoxication of one night are proposed, compared, merged and taken apart; each side goes on seeing only its own.
func matchStory(t *testing.T, h *house) {
	const region = "KZ-43"
	seized := h.report(t, h.police, intake.Seizure, "2026-11-02", region, "порошок, мефедрон, клуб на набережной")
	treated := h.report(t, h.hospital, intake.AcuteIntoxication, "2026-11-02", region, "молодой человек, мефедрон")
	open := h.proposals(t, "proposed")
	if len(open) != 1 {
		t.Fatalf("%d proposals", len(open))
	}
	if _, err := h.W.DB.Write.NewRaw(`UPDATE report SET detail = '{"quantity":{"value":"0.5","unit":"g"},"sold_as":"соль","sample_ref":"K-77"}' WHERE id = ?`, seized.ReportID).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	v := h.visitor(t, h.officer)
	v.see("/matches", "0,5 г", "соль", "K-77", "Не указано", "баллов из 100", "тот же день", "клуб на набережной", "молодой человек", `class="btn quiet" type="submit" formaction="/matches/`+open[0]+`/merge"`)
	if got := h.visitor(t, h.police).status("/matches"); got != http.StatusForbidden {
		t.Errorf("police opens the proposals: %d", got)
	}
	before, day := h.series(t, h.day), h.day
	if n := h.total(t, region, h.day); n != 2 {
		t.Errorf("%d occurrences before the merge", n)
	}
	h.setDay("2026-11-27")
	v.press("/matches/"+open[0]+"/merge", nil)
	if n := h.total(t, region, h.day); n != 1 {
		t.Errorf("%d occurrences after the merge", n)
	}
	if !maps.Equal(before, h.series(t, day)) {
		t.Error("a later merge changed what had been known before")
	}
	h.mustBalance(t)
	v.see("/matches?state=merged", "Объединён", "клуб на набережной")
	a, b := min(seized.OccurrenceID, treated.OccurrenceID), max(seized.OccurrenceID, treated.OccurrenceID)
	v.see("/occurrences/"+a, "изъятие", "Отменить объединение", seized.Receipt, treated.Receipt)
	if w := v.do(httptestGet("/occurrences/" + b)); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/occurrences/"+a {
		t.Errorf("the merged one leads to %q", w.Header().Get("Location"))
	}
	for _, side := range []struct {
		who         access.Actor
		own, others string
		word        string
	}{{h.police, seized.Receipt, treated.Receipt, "молодой человек"}, {h.hospital, treated.Receipt, seized.Receipt, "набережной"}} {
		page := h.visitor(t, side.who)
		body := page.see("/occurrences/"+a, side.own) + page.see("/occurrences") + page.see("/occurrences?region="+region)
		if strings.Contains(body, side.others) || strings.Contains(body, side.word) || strings.Contains(body, "Присоединён") {
			t.Errorf("%s sees the other side", side.who.Name)
		}
	}
	if got := h.visitor(t, h.customs).status("/occurrences/" + a); got != http.StatusNotFound {
		t.Errorf("customs opens it: %d", got)
	}
	v.press("/matches/"+open[0]+"/unmerge", nil)
	if !maps.Equal(before, h.series(t, h.day)) {
		t.Error("taking the merge back did not restore the counts")
	}
	h.mustBalance(t)
	v.press("/matches/"+open[0]+"/refuse", nil)
	if err := h.Match(ctx, intake.MatchArgs{OccurrenceID: treated.OccurrenceID}); err != nil {
		t.Fatal(err)
	}
	if n := len(h.proposals(t, "proposed")); n != 0 {
		t.Errorf("a refused pair is proposed again")
	}
	v.see("/matches?state=refused", "Разные")
	v.press("/matches/"+open[0]+"/reconsider", nil)
	if got := h.proposals(t, "proposed"); len(got) != 1 || got[0] != open[0] {
		t.Errorf("a refusal that is taken back proposes %v", got)
	}
	if !maps.Equal(before, h.series(t, h.day)) {
		t.Error("refusing and reconsidering changed the counts")
	}
}

// A report is compared with what others have reported near it: not with its sender's own, but with an own one that a merger has joined to another's, and with one that is taken apart again.
func nearStory(t *testing.T, h *house) {
	const day, region = "2026-11-03", "KZ-47"
	pair := func(a, b string) (id string) {
		if err := h.W.DB.Read.NewRaw("SELECT COALESCE(MAX(id), '') FROM match_proposal WHERE a_id = ? AND b_id = ?", min(a, b), max(a, b)).Scan(ctx, &id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	seized := h.report(t, h.police, intake.Seizure, day, region, "порошок, мефедрон")
	again := h.report(t, h.police, intake.Seizure, day, region, "порошок, мефедрон, вечером")
	treated := h.report(t, h.hospital, intake.AcuteIntoxication, day, region, "мефедрон")
	var alone int
	if err := h.W.DB.Read.NewRaw("SELECT count(*) FROM occurrence WHERE only_source IS NOT NULL AND id IN (?, ?, ?)", seized.OccurrenceID, again.OccurrenceID, treated.OccurrenceID).Scan(ctx, &alone); err != nil || alone != 3 {
		t.Errorf("%d of 3 occurrences know their only source (%v)", alone, err)
	}
	if pair(seized.OccurrenceID, again.OccurrenceID) != "" || pair(seized.OccurrenceID, treated.OccurrenceID) == "" || pair(again.OccurrenceID, treated.OccurrenceID) == "" {
		t.Fatal("the police's are compared with each other, or not with the hospital's")
	}
	joined := pair(seized.OccurrenceID, treated.OccurrenceID)
	if err := h.Merge(ctx, h.officer, joined); err != nil {
		t.Fatal(err)
	}
	h.mustBalance(t)
	third := h.report(t, h.police, intake.Seizure, day, region, "порошок, мефедрон, утром")
	if pair(third.OccurrenceID, min(seized.OccurrenceID, treated.OccurrenceID)) == "" || pair(third.OccurrenceID, again.OccurrenceID) != "" {
		t.Error("a new report is not compared with what another's has been joined to, or is with the sender's own")
	}
	if err := h.Unmerge(ctx, h.officer, joined); err != nil {
		t.Fatal(err)
	}
	h.mustBalance(t)
	fourth := h.report(t, h.police, intake.Seizure, day, region, "порошок, мефедрон, ночью")
	if pair(fourth.OccurrenceID, treated.OccurrenceID) == "" || pair(fourth.OccurrenceID, seized.OccurrenceID) != "" {
		t.Error("taken apart, the hospital's is not compared with a new report, or the police's is")
	}
	// Whoever came first, and in one job with the other's.
	healed := h.report(t, h.hospital, intake.AcuteIntoxication, day, "KZ-33", "мефедрон")
	caught := h.report(t, h.police, intake.Seizure, day, "KZ-33", "порошок, мефедрон")
	if pair(healed.OccurrenceID, caught.OccurrenceID) == "" {
		t.Error("the police's is not compared with what the hospital's had been before it")
	}
	two := []string{h.unmatched(t, h.police, day, "KZ-35"), h.unmatched(t, h.hospital, day, "KZ-35")}
	if err := h.Match(ctx, intake.MatchArgs{Occurrences: two}); err != nil {
		t.Fatal(err)
	}
	if pair(two[0], two[1]) == "" {
		t.Error("two reports in one job are not compared with each other")
	}
	for _, id := range h.proposals(t, "proposed") { // for the stories that follow
		if err := h.Refuse(ctx, h.officer, id); err != nil {
			t.Fatal(err)
		}
	}
}

// Whatever people do in whatever order, the series of today are what the facts say, and the past stays as it was known.
func balanceStory(t *testing.T, h *house) {
	h.setDay("2026-12-01")
	var batches []string
	var reports []string
	n := 0
	t.Run("balance", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			h.setDay(h.day.AddDays(1).String())
			yesterday := h.day.AddDays(-1)
			past := h.series(t, yesterday)
			for range 6 {
				frozen := true // does the act leave the past alone?
				switch rapid.SampledFrom([]string{"submit", "import", "correct", "step", "merge", "unmerge", "undo"}).Draw(rt, "act") {
				case "submit":
					a := rapid.SampledFrom([]access.Actor{h.police, h.hospital, h.customs}).Draw(rt, "who")
					kind := intake.Seizure
					if a.ID == h.hospital.ID {
						kind = intake.AcuteIntoxication
					}
					reports = append(reports, h.report(t, a, kind, "2026-11-30", rapid.SampledFrom([]string{"KZ-75", "KZ-71"}).Draw(rt, "region"), rapid.SampledFrom([]string{"мефедрон", "альфа-ПВП и мефедрон", "неизвестный порошок"}).Draw(rt, "text")).ReportID)
				case "import", "correct":
					n++
					frozen = false // the rows say themselves when they were known
					text := rapid.SampledFrom([]string{"метадон", "мефедрон", "героин"}).Draw(rt, "row")
					size := rapid.IntRange(1, 6).Draw(rt, "size")
					b := h.stage(t, h.customs, "r.csv", seizures, append(table(t, "R", size, func(_ int, c []string) { c[1], c[4] = "30.11.2026", text }), []byte(strings.Repeat("\r\n", n))...))
					if b.State == "staged" {
						batches = append(batches, h.take(t, h.customs, b, false).ID)
					}
					if err := h.Match(ctx, intake.MatchArgs{BatchID: b.ID}); err != nil {
						t.Fatal(err)
					}
				case "step":
					if len(reports) > 0 {
						_ = h.Step(ctx, h.officer, rapid.SampledFrom(reports).Draw(rt, "report"), rapid.SampledFrom([]string{"duplicate", "reopen", "out_of_scope", "accept"}).Draw(rt, "step"), "so") // not every state allows every step
					}
				case "merge":
					if ids := h.proposals(t, "proposed"); len(ids) > 0 {
						_ = h.Merge(ctx, h.officer, rapid.SampledFrom(ids).Draw(rt, "proposal")) // one of the two may be merged elsewhere
					}
				case "unmerge":
					if ids := h.proposals(t, "merged"); len(ids) > 0 {
						_ = h.Unmerge(ctx, h.officer, rapid.SampledFrom(ids).Draw(rt, "proposal"))
					}
				case "undo":
					frozen = false
					if len(batches) > 0 {
						i := rapid.IntRange(0, len(batches)-1).Draw(rt, "batch")
						if err := h.Undo(ctx, h.customs, batches[i]); err != nil {
							t.Fatal(err)
						}
						batches = append(batches[:i], batches[i+1:]...)
					}
				}
				h.mustBalance(t)
				if now := h.series(t, yesterday); frozen && !maps.Equal(past, now) {
					rt.Fatal("the past changed")
				} else {
					past = now
				}
			}
		})
	})
}
