package locale

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
)

func in(l baqylau.Lang) context.Context { return With(context.Background(), l) }

// three compares what a function says in kk, ru and en.
func three(t *testing.T, say func(context.Context) string, kk, ru, en string) {
	t.Helper()
	var got []string
	for _, l := range baqylau.Langs {
		got = append(got, strings.ReplaceAll(say(in(l)), nbsp, "_"))
	}
	if diff := cmp.Diff([]string{kk, ru, en}, got); diff != "" {
		t.Error(diff)
	}
}

func TestT(t *testing.T) {
	if got := TIn(baqylau.English, "error.week", "value", "2026-60"); !strings.Contains(got, "“2026-60”") {
		t.Error(got)
	}
	if got := TIn(baqylau.Russian, "format.left"); got != "осталось ⟦format.left {{.Duration}}⟧" {
		t.Error(got)
	}
	if got := TIn(baqylau.Kazakh, "no.such_key"); got != "⟦no.such_key⟧" {
		t.Error(got)
	}
	if m := Missing(); !slices.Contains(m, "no.such_key") || !slices.Contains(m, "format.left {{.Duration}}") {
		t.Error("not recorded:", m)
	}
	if got := Lang(context.Background()); got != baqylau.Kazakh {
		t.Error("default language is", got)
	}
}

func TestArgumentsSpeakTheLanguage(t *testing.T) {
	v := func(x any) func(context.Context) string {
		return func(ctx context.Context) string { return T(ctx, "format.left", "Duration", x) }
	}
	three(t, v(baqylau.Text{KK: "а", RU: "б", EN: "c"}), "а қалды", "осталось б", "c left")
	three(t, v(baqylau.MustDate("2026-03-07")), "07.03.2026 қалды", "осталось 07.03.2026", "07.03.2026 left")
	three(t, v(0.5), "0,5 қалды", "осталось 0,5", "0.5 left")
	three(t, v(2026), "2026 қалды", "осталось 2026", "2026 left")
	three(t, v(baqylau.MustDate("2026-11-25").Week()), "48-апта қалды", "осталось нед. 48", "week 48 left")
}

// The plural rules are those of CLDR; the message stands in this test alone.
func TestN(t *testing.T) {
	defer func(m *catalogue) { messages = m }(messages)
	messages = testCatalogue(t, map[string]string{
		"kk": "[\"x.rows\"]\none = \"{{.Count}} жол\"\nother = \"{{.Count}} жол\"",
		"ru": "[\"x.rows\"]\none = \"{{.Count}} строка\"\nfew = \"{{.Count}} строки\"\nmany = \"{{.Count}} строк\"\nother = \"{{.Count}} строки\"",
		"en": "[\"x.rows\"]\none = \"one row\"\nother = \"{{.Count}} rows\"",
	})
	for n, want := range map[int][3]string{
		1: {"1 жол", "1 строка", "one row"}, 3: {"3 жол", "3 строки", "3 rows"}, 11: {"11 жол", "11 строк", "11 rows"},
		21: {"21 жол", "21 строка", "21 rows"}, 1005: {"1_005 жол", "1_005 строк", "1,005 rows"},
	} {
		three(t, func(ctx context.Context) string { return N(ctx, "x.rows", n) }, want[0], want[1], want[2])
	}
	if got := N(in(baqylau.English), "x.none", 2); got != "⟦x.none⟧" {
		t.Error(got)
	}
}

func TestNumbers(t *testing.T) {
	three(t, func(c context.Context) string { return Number(c, 12345.6, 2) }, "12_345,60", "12_345,60", "12,345.60")
	three(t, func(c context.Context) string { return Number(c, -0.001, 1) }, "0,0", "0,0", "0.0")
	three(t, func(c context.Context) string { return Number(c, -1234567.5, 1) }, "-1_234_567,5", "-1_234_567,5", "-1,234,567.5")
	three(t, func(c context.Context) string { return Int(c, -12345) }, "-12_345", "-12_345", "-12,345")
	three(t, func(c context.Context) string { return Int(c, int64(999)) }, "999", "999", "999")
}

func TestDates(t *testing.T) {
	d := baqylau.MustDate("2026-03-07")
	three(t, func(c context.Context) string { return Date(c, d) }, "07.03.2026", "07.03.2026", "07.03.2026")
	three(t, func(c context.Context) string { return DateLong(c, d) }, "2026 ж. 7 наурыз", "7 марта 2026 г.", "7 March 2026")
	three(t, func(c context.Context) string { return DateP(c, d, baqylau.Month) }, "2026 ж. наурыз", "март 2026 г.", "March 2026")
	three(t, func(c context.Context) string { return DateP(c, d, baqylau.Year) }, "2026 ж.", "2026 г.", "2026")
	three(t, func(c context.Context) string { return DateLong(c, baqylau.Date{}) }, "–", "–", "–")
	three(t, func(c context.Context) string { return WeekYear(c, d.Week()) }, "2026 ж. 10-апта", "нед. 10, 2026 г.", "week 10, 2026")
	at := time.Date(2026, 3, 6, 22, 5, 0, 0, time.UTC)
	three(t, func(c context.Context) string { return DateTime(c, at) }, "07.03.2026 03:05", "07.03.2026 03:05", "07.03.2026 03:05")
	three(t, func(c context.Context) string { return Stamp(c, at) + Stamp(c, time.Time{}) }, "2026-03-07 03:05:00", "2026-03-07 03:05:00", "2026-03-07 03:05:00")
	utc := WithZone(in(baqylau.English), time.UTC)
	if got := DateTime(utc, at) + " " + Clock(utc, at); got != "06.03.2026 22:05 22:05" {
		t.Error(got)
	}
}

func TestDurations(t *testing.T) {
	now := time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)
	three(t, func(c context.Context) string { return Left(c, now.Add(150*time.Minute), now) },
		"2 сағ 30 мин қалды", "осталось 2 ч 30 мин", "2 h 30 min left")
	three(t, func(c context.Context) string { return Left(c, now.Add(-26*time.Hour), now) },
		"мерзімі 1 күн 2 сағ бұрын өтті", "просрочено на 1 дн. 2 ч", "1 d 2 h overdue")
}

func TestErr(t *testing.T) {
	ctx := in(baqylau.English)
	_, _, bad := baqylau.ParseDate("31.31")
	if got := Err(ctx, fmt.Errorf("reading: %w", bad)); !strings.HasPrefix(got, "The date “31.31” is not understood") {
		t.Error(got)
	}
	both := baqylau.Errors{baqylau.E(baqylau.Invalid, "error.week", "value", "x"), baqylau.E(baqylau.NotFound, "error.not_found")}
	if got := Err(ctx, both); !strings.Contains(got, "“x”") || !strings.HasSuffix(got, "Check the address or the number.") {
		t.Error(got)
	}
	secret := errors.New("dial tcp 10.0.0.1: password=hunter2")
	for _, err := range []error{secret, baqylau.E(baqylau.Internal, "error.week", "value", "hunter2")} {
		if got := Err(WithReference(ctx, "R-77"), err); !strings.Contains(got, "R-77") || strings.Contains(got, "hunter2") {
			t.Error(got)
		}
	}
	if got := Err(ctx, baqylau.E(baqylau.Conflict, "no.such_error")); got != T(ctx, "error.conflict") {
		t.Error(got)
	}
	if Err(ctx, nil) != "" {
		t.Error("nil must say nothing")
	}
}

func TestNegotiate(t *testing.T) {
	for _, c := range []struct {
		query, cookie, accept string
		want                  baqylau.Lang
	}{
		{"", "", "", baqylau.Kazakh},
		{"", "", "ru-RU,ru;q=0.9,en;q=0.8", baqylau.Russian},
		{"", "", "de,en;q=0.5", baqylau.English},
		{"", "", "zh", baqylau.Kazakh},
		{"", "", "ky", baqylau.Russian},
		{"", "en", "ru", baqylau.English},
		{"", "xx", "ru", baqylau.Russian},
		{"?lang=ru", "en", "kk", baqylau.Russian},
		{"?lang=<script>", "", "", baqylau.Kazakh},
	} {
		r := httptest.NewRequest("GET", "/"+c.query, nil)
		if c.cookie != "" {
			r.Header.Set("Cookie", Cookie+"="+c.cookie)
		}
		r.Header.Set("Accept-Language", c.accept)
		if got := Negotiate(r); got != c.want {
			t.Errorf("%+v: got %s", c, got)
		}
	}
}

// What is counted agrees with its number in messages of the program: 1, 2, 5, 11, 21 and what ends like them. Kazakh leaves the noun as it is after a number.
func TestPluralsOfTheProgram(t *testing.T) {
	for n, want := range map[int][3]string{
		0: {"0 сигнал", "0 сигналов", "0 signals"}, 1: {"1 сигнал", "1 сигнал", "1 signal"}, 2: {"2 сигнал", "2 сигнала", "2 signals"}, 5: {"5 сигнал", "5 сигналов", "5 signals"},
		11: {"11 сигнал", "11 сигналов", "11 signals"}, 12: {"12 сигнал", "12 сигналов", "12 signals"}, 21: {"21 сигнал", "21 сигнал", "21 signals"}, 22: {"22 сигнал", "22 сигнала", "22 signals"},
		25: {"25 сигнал", "25 сигналов", "25 signals"}, 111: {"111 сигнал", "111 сигналов", "111 signals"}, 1001: {"1_001 сигнал", "1_001 сигнал", "1,001 signals"},
	} {
		three(t, func(ctx context.Context) string { return N(ctx, "signal.count", n) }, want[0], want[1], want[2])
	}
}

// After a number Kazakh has no plural: «5 сигнал», never «5 сигналдар».
func TestKazakhHasNoPluralAfterANumber(t *testing.T) {
	bad := regexp.MustCompile(`\{\{\.Count\}\} \p{Ll}+(лар|лер|дар|дер|тар|тер)\b`)
	found := 0
	for key, m := range messages.plurals[baqylau.Kazakh] {
		for _, f := range forms(m) {
			found++
			if w := bad.FindString(f.text + " "); w != "" {
				t.Errorf("%q: %q", key, w)
			}
		}
	}
	if found < 80 {
		t.Errorf("only %d forms", found)
	}
}

func TestDurationsAreSaidInWords(t *testing.T) {
	now := time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)
	three(t, func(c context.Context) string { return LeftSaid(c, now.Add(21*24*time.Hour+2*time.Hour), now) }, "21 күн 2 сағат қалды", "осталось: 21 день 2 часа", "21 days 2 hours left")
	three(t, func(c context.Context) string { return LeftSaid(c, now.Add(5*time.Hour+time.Minute), now) }, "5 сағат 1 минут қалды", "осталось: 5 часов 1 минута", "5 hours 1 minute left")
	three(t, func(c context.Context) string { return LeftSaid(c, now.Add(-2*24*time.Hour), now) }, "мерзімі 2 күн бұрын өтті", "просрочка: 2 дня", "2 days overdue")
}

func TestSort(t *testing.T) {
	name := func(s string) string { return s }
	for l, want := range map[baqylau.Lang]string{
		baqylau.Kazakh:  "Абай Әбіш Гүлнар Ғалым Игорь Кенже Қанат Нұрлан Оспан Өмір Тұрар Ұлан Үміт Хасен Һауа Ыдырыс Ілияс Яна",
		baqylau.Russian: "Азат Егор Ёлкин Еремин Жанна Иван Йод Яна",
		baqylau.English: "Adam Émile Zoe",
	} {
		got := strings.Fields(want)
		slices.Reverse(got)
		Sort(l, got, name)
		if diff := cmp.Diff(strings.Fields(want), got); diff != "" {
			t.Error(l, diff)
		}
	}
}

// No list of names is put in order by the database, whose bytes put Ә after Я.
func TestNamesAreNotSortedByTheDatabase(t *testing.T) {
	byName := regexp.MustCompile(`ORDER BY (?:\w+\.)?(?:name|label|title)\b`)
	read := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		read++
		if m := byName.Find(b); m != nil {
			t.Errorf("%s: %s; use locale.Sort", path, m)
		}
		return err
	})
	if err != nil || read < 200 {
		t.Error(read, err)
	}
}

// The Kazakh alphabet in Cyrillic letters, as every school-book and CLDR have it.
func TestKazakhOrder(t *testing.T) {
	const alphabet = "а ә б в г ғ д е ё ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы і ь э ю я"
	want := strings.Fields(alphabet)
	got := slices.Clone(want)
	slices.Reverse(got)
	Collator(baqylau.Kazakh).SortStrings(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	rows := []string{"район 10", "район 9"}
	Collator(baqylau.Russian).SortStrings(rows)
	if rows[0] != "район 9" {
		t.Error(rows)
	}
}
