package app_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
)

// inWords reads pages in three languages as their readers do: what is typed with other letters is found, and days, numbers and counted things are written as the language writes them.
func (h *house) inWords(t *testing.T) {
	read := func(lang, path string) string {
		t.Helper()
		a := h.people["officer"].do(t, http.MethodGet, path, nil, "Cookie", locale.Cookie+"="+lang)
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d", path, a.status)
		}
		return strings.Join(strings.Fields(html.UnescapeString(anyTag.ReplaceAllString(a.body, " "))), " ") // Fields takes hard and thin spaces for spaces too
	}
	day := baqylau.MustDate("2026-03-07")
	send := func(text, amount string) string {
		t.Helper()
		rec, err := h.Intake.Submit(ctx, h.people["police"].Actor, intake.Submission{Level: baqylau.Presumptive, Incoming: intake.Incoming{Kind: intake.Seizure, Channel: "form", Region: "KZ-35",
			PlaceType: "unknown", Text: text, Occurred: day, Precision: baqylau.Day, Detail: intake.Detail{Quantity: intake.Amount{Value: amount, Unit: "g"}}}})
		if err != nil {
			t.Fatal(err)
		}
		return "/reports/" + rec.ReportID
	}
	page := send("Қаңтарда үйде тәркіленді: Їжак, һауа, көк ұнтақ; ёлочный рынок", "12345.5")
	for _, typed := range []string{"кантарда", "ҚАҢТАРДА", "уйде", "таркиленди", "тәркіленді", "іжак", "їжак", "ижак", "хауа", "көк ұнтақ", "кок унтак", "елочный", "ёлочный", "ЕЛОЧНЫЙ"} {
		if !strings.Contains(read("ru", "/reports?q="+url.QueryEscape(typed)), "ёлочный рынок") {
			t.Errorf("%q does not find the report", typed)
		}
	}
	for _, typed := range []string{"метонитазен", "МЕТОНИТАЗЕН", "metonitazene", "Metonitazen"} {
		if !strings.Contains(read("ru", "/substances?q="+url.QueryEscape(typed)), "етонитазен") {
			t.Errorf("%q does not find the substance", typed)
		}
	}
	for lang, want := range map[string][]string{"kk": {"12 345,5 г", "2026 ж. 7 наурыз"}, "ru": {"12 345,5 г", "7 марта 2026 г."}, "en": {"12,345.5 g", "7 March 2026"}} {
		text := read(lang, page)
		for i, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("the page in %s does not say %q: …%s…", lang, w, around(text, []string{"345", "2026"}[i]))
			}
		}
		if strings.Contains(text, day.String()) {
			t.Errorf("the page in %s says %s", lang, day)
		}
		if !strings.Contains(read(lang, "/reports?q="+url.QueryEscape("ёлочный")), want[1]) {
			t.Errorf("the list in %s does not say %q", lang, want[1])
		}
	}
	h.countedThings(t, send, read)
}

// countedThings finds 1, 2, 5 and 21 reports: Russian has a form of the noun for each, Kazakh one for all.
func (h *house) countedThings(t *testing.T, send func(text, amount string) string, read func(lang, path string) string) {
	t.Helper()
	words := map[int]string{1: "санбіреу", 2: "санекеу", 5: "санбесеу", 21: "санжиырмабір"}
	for i := 1; i <= 21; i++ {
		text := "саналған"
		for n, w := range words {
			if i <= n {
				text += " " + w
			}
		}
		send(text, "")
	}
	for _, x := range []struct {
		n          int
		kk, ru, en string
	}{{1, "1 жол", "1 строка", "1 row"}, {2, "2 жол", "2 строки", "2 rows"}, {5, "5 жол", "5 строк", "5 rows"}, {21, "21 жол", "21 строка", "21 rows"}} {
		for lang, want := range map[string]string{"kk": x.kk, "ru": x.ru, "en": x.en} {
			text := read(lang, "/reports?q="+url.QueryEscape(words[x.n]))
			if !regexp.MustCompile(`(?:^|[^\d])` + regexp.QuoteMeta(want) + `(?:[^\pL]|$)`).MatchString(text) {
				t.Errorf("%d in %s is not counted as %q: …%s…", x.n, lang, want, around(text, fmt.Sprint(x.n)+" "))
			}
		}
	}
}

// around is what stands about a word.
func around(text, word string) string {
	i := strings.Index(text, word)
	if i < 0 {
		return ""
	}
	return strings.ToValidUTF8(text[max(0, i-60):min(len(text), i+60)], "")
}
