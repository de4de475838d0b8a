package ui

import (
	"context"
	"math"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// Gallery answers GET /gallery on a demonstration workspace: every component with invented content, in the reader's language.
func Gallery(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	ctx := r.Context()
	page := gallery(samplePage(ctx, r))
	if r.URL.Query().Get("page") == "inbox" {
		page = galleryInbox(samplePage(ctx, r), r.URL.Query().Has("open"))
	}
	if err := page.Render(ctx, w); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// say picks the invented text in the reader's language. Samples are data, not messages: no other page may use them.
func say(ctx context.Context, kk, ru, en string) string {
	return baqylau.Text{KK: kk, RU: ru, EN: en}.In(locale.Lang(ctx))
}

func samplePage(ctx context.Context, r *http.Request) Page {
	inbox := r.URL.Query().Get("page") == "inbox"
	return Page{
		Title: say(ctx, "Құраушылар", "Компоненты", "Components"), Path: r.URL.RequestURI(), Prefs: PreferencesOf(r), Search: "/search", Wall: r.URL.Query().Has("wall"),
		Demo: say(ctx, "Үлгі: барлық дерек ойдан алынған", "Образец: все данные вымышлены", "Sample: all data are invented"),
		AsOf: sampleAsOf(ctx),
		Nav: []NavItem{
			{Label: say(ctx, "Шолу", "Обзор", "Overview"), Href: "/gallery", Current: !inbox},
			{Label: say(ctx, "Сигналдар", "Сигналы", "Signals"), Href: "/gallery?page=inbox", Current: inbox, Count: 5},
			{Label: say(ctx, "Хабарламалар", "Сообщения", "Reports"), Href: "#"},
			{Label: say(ctx, "Заттар", "Вещества", "Substances"), Href: "#"},
			{Label: say(ctx, "Ескертулер", "Предупреждения", "Alerts"), Href: "#"},
			{Label: say(ctx, "Көрсеткіштер", "Показатели", "Indicators"), Href: "#"},
			{Label: say(ctx, "Есептер", "Отчёты", "Publications"), Href: "#"},
		},
		User: &User{
			Name: say(ctx, "А. Сейітова", "А. Сеитова", "A. Seitova"), Role: say(ctx, "ЕЕЖ қызметкері", "сотрудник СРП", "EWS officer"),
			Org: say(ctx, "Мониторинг орталығы", "Центр мониторинга", "Monitoring centre"), SignOut: "#",
			Menu: []NavItem{{Label: say(ctx, "Менің әрекеттерім", "Мои действия", "My activity"), Href: "#"}, {Label: say(ctx, "Кім нені көре алады", "Кто что видит", "Who may see what"), Href: "#"}},
		},
	}
}

func sampleAsOf(ctx context.Context) string {
	return say(ctx, "дерек 2026 ж. 25 қараша, 23:40 жағдайы бойынша", "данные на 25 ноября 2026 г., 23:40", "data as of 25 November 2026, 23:40")
}

func sampleSignals(ctx context.Context) Table {
	row := func(id string, s baqylau.Severity, title, note string, c baqylau.Confidence, due string, states ...RowState) Row {
		return Row{ID: id, Label: title, States: states, Cells: []templ.Component{Severity(s), Link("/gallery?page=inbox&open", title, note), Confidence(c), Text(due)}}
	}
	return Table{
		ID: "signals", Caption: say(ctx, "Шешім күтетін сигналдар", "Сигналы, которые ждут решения", "Signals that wait for a decision"),
		Bulk: &Bulk{Action: "#", Acts: []Button{
			{Label: say(ctx, "Жауапты тағайындау", "Назначить ответственного", "Assign"), Look: Quiet, Name: "act", Value: "assign", Key: "a"},
			{Label: say(ctx, "Журналға жазу", "Записать в журнал", "Move to the log"), Look: Quiet, Name: "act", Value: "log"},
		}},
		Columns: []Column{
			{Label: say(ctx, "Деңгейі", "Уровень", "Level"), Sort: "#", Sorted: Descending, Bare: true, NoWrap: true},
			{Label: say(ctx, "Сигнал", "Сигнал", "Signal"), Main: true},
			{Label: say(ctx, "Сенімділігі", "Достоверность", "Confidence"), Bare: true, NoWrap: true},
			{Label: say(ctx, "Мерзімі", "Срок", "Due"), Sort: "#", Number: true},
		},
		Rows: []Row{
			row("1", baqylau.Red, say(ctx, "Улану кластері, 5 жағдай", "Кластер отравлений, 5 случаев", "Cluster of poisonings, 5 cases"), say(ctx, "Қарағанды · протонитазепин", "Караганда · протонитазепин", "Karaganda · protonitazepyne"), baqylau.Confirmed, say(ctx, "2 сағ 30 мин", "2 ч 30 мин", "2 h 30 min"), Unread),
			row("2", baqylau.Amber, say(ctx, "Альфа-ПВП тәркілеу өсті", "Рост изъятий альфа-ПВП", "Seizures of alpha-PVP rise"), say(ctx, "Алматы · күтілгені 11, болғаны 24", "Алматы · 24 против ожидаемых 11", "Almaty · 24 against 11 expected"), baqylau.Confirmed, say(ctx, "18 сағ", "18 ч", "18 h")),
			row("3", baqylau.Yellow, say(ctx, "Құрамы сәйкес емес таблеткалар", "Таблетки с чужим составом", "Tablets that hold something else"), say(ctx, "Шымкент · «алпразолам» → бромазолам", "Шымкент · «алпразолам» → бромазолам", "Shymkent · “alprazolam” → bromazolam"), baqylau.Probable, say(ctx, "4 күн", "4 дня", "4 days")),
			row("4", baqylau.Green, say(ctx, "Желідегі жаңа ұсыныс", "Новое предложение в сети", "New offer online"), say(ctx, "Өңірі белгісіз · 2-ММС", "Без региона · 2-ММС", "No region · 2-MMC"), baqylau.Suspected, say(ctx, "Журнал", "Журнал", "Log")),
			row("5", baqylau.Green, say(ctx, "Қайталанған хабарлама", "Повторное сообщение", "Report sent twice"), say(ctx, "Ақтау · қайтарып алынды", "Актау · отозвано", "Aktau · withdrawn"), baqylau.Suspected, "–", Removed),
		},
		Pager: &Pager{Older: "#", Summary: say(ctx, "1 234 сигналдың 1–5", "1–5 из 1 234 сигналов", "1–5 of 1,234 signals")},
	}
}

func sampleFilters(ctx context.Context) Filters {
	return Filters{
		Action: "/gallery", Label: say(ctx, "Сигналдан іздеу", "Поиск по сигналам", "Search the signals"), Save: "#",
		Views: []NavItem{{Label: say(ctx, "Шешім күтеді", "Ждут решения", "Waiting"), Href: "#", Current: true, Count: 5}, {Label: say(ctx, "Менікі", "Мои", "Mine"), Href: "#", Count: 2}, {Label: say(ctx, "Бәрі", "Все", "All"), Href: "#"}},
		Chips: []Chip{{say(ctx, "Өңір", "Регион", "Region"), say(ctx, "Қарағанды облысы", "Карагандинская область", "Karaganda region"), "#"}, {say(ctx, "Кезең", "Период", "Period"), say(ctx, "4 апта", "4 недели", "4 weeks"), "#"}},
		Count: say(ctx, "5 сигнал", "5 сигналов", "5 signals"),
	}
}

func sampleBars(ctx context.Context) Chart {
	values := []float64{4, 6, 5, 4, 7, 5, 6, 8, 5, 6, 7, 6, 9, 8, 7, 10, 9, 12, 14, 19, 24, 22, 16}
	c := Chart{
		ID: "weeks", Axis: say(ctx, "Апта", "Неделя", "Week"), Recent: 3, Explore: true, Unit: say(ctx, "жағдай", "обращений", "visits"),
		Summary: say(ctx, "Апталар бойынша жүгінулер: 42-аптадан бастап 12-ден 24-ке дейін өсті", "Обращения по неделям: рост с 12 до 24 с недели 42", "Visits by week: a rise from 12 to 24 since week 42"),
		Series:  []Series{{Name: say(ctx, "Жүгінулер", "Обращения", "Visits"), Values: values}},
		Limit:   &Limit{11, say(ctx, "шегі 11", "порог 11", "threshold 11")},
		Caption: Caption{Source: say(ctx, "14 аурухана", "14 больниц", "14 hospitals"), Period: say(ctx, "25–47-апталар", "недели 25–47", "weeks 25–47"), AsOf: "25.11.2026", N: 219},
	}
	for i := range values {
		w := baqylau.MustDate("2026-06-15").Week() + baqylau.Week(i)
		_, n := w.ISO()
		c.Labels = append(c.Labels, say(ctx, locale.Int(ctx, n)+"-ап", "н "+locale.Int(ctx, n), "w "+locale.Int(ctx, n)))
		c.Names = append(c.Names, locale.WeekYear(ctx, w))
	}
	return c
}

func sampleLines(ctx context.Context) Chart {
	nan := math.NaN()
	return Chart{
		ID: "years", Axis: say(ctx, "Жыл", "Год", "Year"), Decimals: 1, Recent: 1,
		Summary: say(ctx, "2016–2026 жылдары тәркілеудегі үлес", "Доля в изъятиях, 2016–2026", "Share of seizures, 2016–2026"),
		Labels:  strings.Fields("2016 2017 2018 2019 2020 2021 2022 2023 2024 2025 2026"),
		Series: []Series{
			{Name: say(ctx, "Катинондар", "Катиноны", "Cathinones"), Values: []float64{4, 6.5, 9, 14, 19, 26, 31, 33, 36, 38.5, 37}, Low: []float64{3, 5, 7.5, 12, 17, 23, 28, 30, 33, 35, 32}, High: []float64{5.5, 8.5, 11, 16, 22, 29, 34, 36, 39, 42, 43}},
			{Name: say(ctx, "Каннабиноидтар", "Каннабиноиды", "Cannabinoids"), Values: []float64{28, 27, 25, 22, 18, 15, 13, 12, 10, 9.2, 9}},
			{Name: say(ctx, "Нитазендер", "Нитазены", "Nitazenes"), Values: []float64{nan, nan, nan, nan, 0.4, nan, 0.2, 0.6, 1.4, 2.8, 5.1},
				Loose: []bool{4: true}, Note: []string{4: say(ctx, "қаңтар–тамыз", "январь–август", "January–August")}, Sign: []string{2: "?", 3: "×"}},
		},
		Breaks:  []Break{{Before: 6, Reason: say(ctx, "өңірлер бөлінді", "регионы разделены", "regions were divided")}},
		Signs:   []Sign{{"?", say(ctx, "белгісіз", "неизвестно", "not known")}, {"×", say(ctx, "жасырылған", "скрыто", "hidden")}, {"◌", say(ctx, "жылдың бір бөлігі", "часть года", "part of the year")}},
		Caption: Caption{Source: say(ctx, "ұлттық зертхана", "национальная лаборатория", "national laboratory"), Period: "2016–2026", AsOf: "25.11.2026", N: 18452},
	}
}

func samplePyramid(ctx context.Context) Pyramid {
	return Pyramid{Summary: say(ctx, "Жасы мен жынысы", "Возраст и пол", "Age and sex"), Axis: say(ctx, "Жас", "Возраст", "Age"), Left: say(ctx, "ерлер", "мужчины", "men"), Right: say(ctx, "әйелдер", "женщины", "women"),
		Bands:   []PyramidBand{{Name: "15–19", Left: 12, Right: 9}, {Name: "20–29", Left: 148, Right: 31}, {Name: "30–39", Left: 211, Right: 40}, {Name: "40–49", Left: 96, Right: math.NaN(), RightWords: "< 5"}},
		Caption: Caption{Period: "2026", N: -1}}
}

func sampleScores(ctx context.Context) []Score {
	return []Score{
		{say(ctx, "Ауырлығы", "Тяжесть", "Severity"), 3, 3, say(ctx, "2 адам жансақтауда", "2 человека в реанимации", "2 people in intensive care")},
		{say(ctx, "Экспозиция анықтығы", "Достоверность экспозиции", "Certainty of exposure"), 3, 3, say(ctx, "Қан сынамасында расталған", "Подтверждено в крови", "Confirmed in blood")},
		{say(ctx, "Таралу ықтималдығы", "Вероятность распространения", "Likelihood of spread"), 2, 3, say(ctx, "Екі аудан", "Два района", "Two districts")},
		{say(ctx, "Жаңалығы, күші", "Новизна, сила", "Novelty, potency"), 3, 3, say(ctx, "Елде алғаш рет", "Впервые в стране", "First in the country")},
		{say(ctx, "Осалдық", "Уязвимость", "Vulnerability"), 2, 3, say(ctx, "18–24 жас", "18–24 года", "18–24 years")},
		{say(ctx, "Дайындықтағы олқылық", "Пробел в готовности", "Gap in readiness"), 2, 3, say(ctx, "Налоксон қоры аз", "Мало налоксона", "Little naloxone")},
	}
}

func sampleEvents(ctx context.Context) []Event {
	officer := say(ctx, "кезекші қызметкер", "дежурный сотрудник", "duty officer")
	return []Event{
		{ISO: "2026-11-25T23:10", When: "25.11.2026, 23:10", Act: say(ctx, "Тексеру аяқталды: расталды", "Проверка закончена: подтверждено", "Validation ended: confirmed"),
			Reason: say(ctx, "Үш сынамада сертификатталған үлгімен салыстырылды.", "В трёх пробах сверено с сертифицированным образцом.", "Three samples were compared with a certified reference."), By: officer},
		{ISO: "2026-11-25T22:10", When: "25.11.2026, 22:10", Act: say(ctx, "Қызыл деңгей берілді", "Присвоен красный уровень", "Raised to red"),
			Reason: say(ctx, "Мерзім 4 сағат", "Срок 4 часа", "Due in 4 hours"), By: officer},
		{ISO: "2026-11-22T19:40", When: "22.11.2026, 19:40", Act: say(ctx, "Сигнал көтерілді", "Сигнал поднят", "Signal raised"),
			Reason: say(ctx, "Ереже: жағдайлар кластері", "Правило: кластер случаев", "Rule: cluster of cases"), By: say(ctx, "жүйе", "система", "system")},
	}
}

func sampleFacts(ctx context.Context) []Fact {
	return []Fact{
		{"Қазақша", Text("Протонитазепин")},
		{"Русский", Text("Протонитазепин")},
		{say(ctx, "Тобы", "Семейство", "Family"), Link("#", say(ctx, "Нитазендер", "Нитазены", "Nitazenes"), "")},
		{say(ctx, "Сенімділігі", "Достоверность", "Confidence"), Confidence(baqylau.Probable)},
		{say(ctx, "Зертханада", "В лаборатории", "In the laboratory"), State(Busy, say(ctx, "талдау жүріп жатыр", "идёт анализ", "analysis under way"))},
		{say(ctx, "Күйі", "Состояние", "State"), State(Failed, say(ctx, "қайтарып алынды", "отозвано", "retracted"))},
	}
}

func sampleItems(ctx context.Context) []Item {
	list := sampleSignals(ctx)
	items := make([]Item, 0, len(list.Rows))
	notes := []string{say(ctx, "Қарағанды · протонитазепин", "Караганда · протонитазепин", "Karaganda · protonitazepyne"), say(ctx, "Алматы · күтілгені 11, болғаны 24", "Алматы · 24 против ожидаемых 11", "Almaty · 24 against 11 expected"), say(ctx, "Шымкент · бромазолам", "Шымкент · бромазолам", "Shymkent · bromazolam"), "2-ММС", say(ctx, "Ақтау", "Актау", "Aktau")}
	due := []string{say(ctx, "2 сағ 30 мин", "2 ч 30 мин", "2 h 30 min"), say(ctx, "18 сағ", "18 ч", "18 h"), say(ctx, "4 күн", "4 дня", "4 days"), say(ctx, "Журнал", "Журнал", "Log"), "–"}
	severities := []baqylau.Severity{baqylau.Red, baqylau.Amber, baqylau.Yellow, baqylau.Green, baqylau.Green}
	for i, r := range list.Rows {
		items = append(items, Item{Href: "/gallery?page=inbox&open", Title: r.Label, Note: notes[i], When: due[i], Badge: Severity(severities[i]), Current: i == 0, Unread: i == 1})
	}
	return items
}
