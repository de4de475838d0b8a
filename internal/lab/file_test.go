package lab_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/lab"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

func TestAFileOfResultsIsTakenWholeOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), context.Background()
		var ids []string
		for _, number := range []string{"K-1", "K-2"} {
			rec := h.report(police, intake.Seizure, "forensic", "Heroin")
			id, err := h.s.Receive(ctx, analyst, rec.ReportID, number)
			h.check(err)
			ids = append(ids, id)
		}
		stored := func() (out []lab.Analysis) {
			for _, id := range ids {
				var report string
				h.check(db.Read.NewRaw("SELECT report_id FROM lab_result WHERE id = ?", id).Scan(ctx, &report))
				list, err := lab.AnalysesOf(ctx, db.Read, report)
				h.check(err)
				out = append(out, list...)
			}
			return out
		}

		bad := "Номер образца;Вещество;Уровень;Метод;Стандарт;Чистота\r\nK-1;Metonitazene;подтверждено;ГХ-МС;certified;12,5\r\n\r\nK-9;Metonitazene;confirmed;GC_MS;certified;\r\nK-2;Nothingol;confirmed;GC_MS;certified;\r\nK-2;Heroin;confirmed;colour_test;certified;\r\nK-2;Heroin;sure;GC_MS;certified;101\r\n"
		_, err := h.s.EnterFile(ctx, analyst, "results.csv", strings.NewReader(bad), true)
		var es baqylau.Errors
		if !errors.As(err, &es) || len(es) != 4 {
			t.Fatalf("faults: %v", err)
		}
		for i, row := range []int{4, 5, 6, 7} {
			if es[i].Key != "lab.file.row" || es[i].Args["Row"] != row {
				t.Errorf("fault %d: %s %v, want row %d", i, es[i].Key, es[i].Args, row)
			}
		}
		for _, a := range stored() {
			if len(a.Results) > 0 || a.State != lab.Received {
				t.Errorf("a refused file left %+v", a)
			}
		}

		good := "үлгі,зат,деңгей,әдіс,стандартты үлгі,тазалығы,талдау күні\nk-1,Metonitazene,расталған,ГХ-МС; LC-HRMS,certified,12.5,20.11.2026\nK-1,Caffeine,presumptive,FTIR,,,\nK-2,pink powder,not_identified,GC_MS,,,2026-11-21\n"
		n, err := h.s.EnterFile(ctx, analyst, "results.csv", strings.NewReader(good), true)
		if err != nil || n != 2 {
			t.Fatalf("%d samples, %v", n, err)
		}
		a := stored()
		if a[0].State != lab.InReview || len(a[0].Results) != 2 || a[0].Results[0].Level != baqylau.ConfirmedID || len(a[0].Results[0].Techniques) != 2 || a[0].AnalysedOn != baqylau.MustDate("2026-11-23") {
			t.Errorf("first sample %+v", a[0])
		}
		if len(a[1].Results) != 1 || a[1].Results[0].Unidentified != "pink powder" || a[1].AnalysedOn != baqylau.MustDate("2026-11-21") {
			t.Errorf("second sample %+v", a[1])
		}
		_, err = h.s.EnterFile(ctx, stranger, "results.csv", strings.NewReader(good), true) // another laboratory's numbers
		h.refused(err, baqylau.Invalid, "lab.file.row")
		_, err = h.s.EnterFile(ctx, analyst, "results.csv", strings.NewReader("sample,level,technique\nK-1,confirmed,GC_MS\n"), true)
		h.refused(err, baqylau.Invalid, "lab.file.column")
	})
}

func TestASampleThatCameWithoutReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), context.Background()
		sub := intake.Submission{Incoming: intake.Incoming{Kind: intake.CollectedSample, Region: "KZ-75", Country: "KZ", Occurred: baqylau.MustDate("2026-11-20"),
			Precision: baqylau.Day, Text: "white powder", Detail: intake.Detail{SampleRef: "K-5"}}}
		id, err := h.s.Register(ctx, analyst, sub)
		h.check(err)
		list, err := lab.AnalysesOf(ctx, db.Read, id)
		if err != nil || len(list) != 1 || list[0].State != lab.Received || list[0].SampleRef != "K-5" {
			t.Errorf("%+v, %v", list, err)
		}
		_, err = h.s.Register(ctx, analyst, sub)
		h.refused(err, baqylau.Invalid, "lab.error.number_taken")
		var reports int
		h.check(db.Read.NewRaw("SELECT count(*) FROM report").Scan(ctx, &reports))
		if reports != 1 {
			t.Errorf("a refused sample left a report behind: %d", reports)
		}
		_, err = h.s.Register(ctx, police, sub)
		h.refused(err, baqylau.Forbidden, "lab.error.not_a_laboratory")
		sub.Kind = intake.Death
		_, err = h.s.Register(ctx, analyst, sub)
		h.refused(err, baqylau.Invalid, "error.choice")
	})
}
