package outgoing_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/xuri/excelize/v2"
)

// The pages in all languages: templates, a sheet whose cells lead to the facts, what is missing.
func TestPages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.record(figure("seizures_number", 41, drug("1.1")), figure("seizures_number", 9, drug("opium"), period("2025-01-01", "2025-06-30")))
		for l, words := range map[baqylau.Lang][]string{baqylau.English: {"Outgoing tables", "missing"}, baqylau.Russian: {"Исходящие таблицы", "нет данных"}, baqylau.Kazakh: {"Жіберілетін кестелер", "дерек жоқ"}} {
			list := h.visit(epidemiology, l, "/outgoing")
			if list.Code != http.StatusOK || !strings.Contains(list.Body.String(), words[0]) || !strings.Contains(list.Body.String(), "/outgoing/tdi/2025") {
				t.Errorf("%s: %d %.500s", l, list.Code, list.Body)
			}
			sheet := h.visit(epidemiology, l, "/outgoing/unodc-arq/2025?sheet=A06").Body.String()
			for _, w := range []string{words[1], "/indicators/seizures_number/figure?cell=", ">41<", "<sup>1</sup>"} {
				if !strings.Contains(sheet, w) {
					t.Errorf("%s: the sheet lacks %q", l, w)
				}
			}
			if gaps := h.visit(epidemiology, l, "/outgoing/unodc-arq/2025/gaps"); gaps.Code != http.StatusOK || !strings.Contains(gaps.Body.String(), "A06!C6") {
				t.Errorf("%s: gaps %d %.2000s", l, gaps.Code, gaps.Body)
			}
		}
		for path, want := range map[string]int{"/outgoing/nothing/2025": 404, "/outgoing/tdi/2099": 404, "/outgoing/tdi/x": 404, "/outgoing/tdi/2025?sheet=no": 404, "/outgoing/tdi/2025/pdf": 404, "/outgoing/tdi/2025?as_of=yesterday": 400} {
			if got := h.visit(epidemiology, baqylau.English, path).Code; got != want && (want != 400 || got != http.StatusUnprocessableEntity) {
				t.Errorf("%s: %d", path, got)
			}
		}
	})
}

// The workbook: a sheet for each of the template and one of gaps; no cell is blank, every figure stands where its address says, and what was made up is told on each sheet and in the name.
func TestWorkbookOfTheTreatmentTemplate(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		res := h.visit(epidemiology, baqylau.English, "/outgoing/tdi/2025/xlsx")
		if res.Code != http.StatusOK || !strings.Contains(res.Header().Get("Content-Disposition"), "tdi-KZ-2025-2026-03-02-synthetic.xlsx") {
			t.Fatal(res.Code, res.Header())
		}
		book, err := excelize.OpenReader(bytes.NewReader(res.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		sheets := book.GetSheetList()
		if len(sheets) != 12 || sheets[len(sheets)-1] != "gaps" {
			t.Errorf("%v", sheets)
		}
		for _, s := range sheets {
			if about, err := book.GetCellValue(s, "A2"); err != nil || !strings.Contains(about, "synthetic") {
				t.Errorf("%s does not say that data were made up: %q", s, about)
			}
		}
		o := h.fill("tdi")
		tables := map[string]bool{}
		for p := range o.Each {
			if p.Table.Text {
				continue
			}
			tables[p.Table.ID] = true
			got, err := book.GetCellValue(p.Sheet.Name, p.Table.Address(p.Row, p.Col))
			want := map[bool]string{true: "7", false: "31.50"}[p.Number == nil || *p.Number == 7]
			if p.Gap != "" {
				want = map[string]string{"suppressed": "suppressed", "not_applicable": "not applicable"}[string(p.Gap)]
			}
			if err != nil || got != want {
				t.Fatalf("%s %s!%s: %q, want %q %v", p.Table.ID, p.Sheet.Name, p.Table.Address(p.Row, p.Col), got, want, err)
			}
		}
		if len(tables) != 70 {
			t.Errorf("%d tables", len(tables))
		}
	})
}

// The long table says five different things of cells without a figure, and never mixes them with zero.
func TestLongTable(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.record(figure("seizures_number", 0, drug("1.1")), figure("seizures_number", 0, drug("opium"), absent("not_collected")))
		res := h.visit(epidemiology, baqylau.English, "/outgoing/unodc-arq/2025/csv")
		if strings.Contains(res.Header().Get("Content-Disposition"), "synthetic") {
			t.Error("nothing was made up")
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(res.Body.String(), "\uFEFF"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := func(name string) int { return slices.Index(rows[0], name) }
		seen := map[string][2]string{}
		for _, r := range rows[1:] {
			if r[at("table")] == "A06" && r[at("column")] == "number" {
				seen[r[at("row")]] = [2]string{r[at("value")], r[at("absence")]}
			}
		}
		for row, want := range map[string][2]string{"1.1": {"0", ""}, "opium": {"", "not_collected"}, "morphine": {"", "missing"}} {
			if seen[row] != want {
				t.Errorf("%s: %v", row, seen[row])
			}
		}
	})
}

// Whoever may not export gets no file; an organisation of the other side sees aggregates alone and no way to case records.
func TestWhoMayTakeFiles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := police
		if page := h.visit(a, baqylau.English, "/outgoing/tdi/2025?view=inside"); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "suppressed") {
			t.Errorf("%d", page.Code)
		}
		a.Roles = nil
		for _, path := range []string{"/outgoing", "/outgoing/tdi/2025", "/outgoing/tdi/2025/gaps", "/outgoing/tdi/2025/xlsx"} {
			if got := h.visit(a, baqylau.English, path).Code; got != http.StatusForbidden {
				t.Errorf("%s: %d", path, got)
			}
		}
	})
}
