package account

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
)

// DemoAccount is a sign-in of a demonstration workspace.
type DemoAccount struct {
	Login string        `json:"login"`
	Org   string        `json:"org"` // code of the organisation
	Roles []access.Role `json:"roles"`
	name  baqylau.Text
}

// DemoAccounts lists the sign-ins that Demo creates: every role at least once, and one reporter for each kind of agency. They are
// invented; names are those of offices, not of people.
var DemoAccounts = []DemoAccount{
	{"officer@demo.baqylau", "monitoring_centre", []access.Role{access.Officer}, baqylau.Text{KK: "Кезекші қызметкер", RU: "Дежурный офицер", EN: "Duty officer"}},
	{"assessor@demo.baqylau", "monitoring_centre", []access.Role{access.Assessor}, baqylau.Text{KK: "Бағалаушы сарапшы", RU: "Эксперт", EN: "Assessor"}},
	{"approver@demo.baqylau", "monitoring_centre", []access.Role{access.Approver}, baqylau.Text{KK: "Орталық басшысы", RU: "Руководитель центра", EN: "Head of centre"}},
	{"liaison@demo.baqylau", "monitoring_centre", []access.Role{access.Liaison}, baqylau.Text{KK: "Байланыс қызметкері", RU: "Офицер связи", EN: "Liaison officer"}},
	{"epidemiologist@demo.baqylau", "monitoring_centre", []access.Role{access.Epidemiology, access.Interviewer}, baqylau.Text{KK: "Эпидемиолог", RU: "Эпидемиолог", EN: "Epidemiologist"}},
	{"author@demo.baqylau", "monitoring_centre", []access.Role{access.Author, access.Programme}, baqylau.Text{KK: "Есеп авторы", RU: "Автор доклада", EN: "Author"}},
	{"authority@demo.baqylau", "legal_statistics", []access.Role{access.Authority, access.Executor}, baqylau.Text{KK: "Уәкілетті орган", RU: "Уполномоченный орган", EN: "Authority"}},
	{"administrator@demo.baqylau", "monitoring_centre", []access.Role{access.Administrator}, baqylau.Text{KK: "Әкімші", RU: "Администратор", EN: "Administrator"}},
	{"protection@demo.baqylau", "monitoring_centre", []access.Role{access.DataProtector}, baqylau.Text{KK: "Деректерді қорғау", RU: "Защита данных", EN: "Data protection"}},
	{"auditor@demo.baqylau", "monitoring_centre", []access.Role{access.Auditor}, baqylau.Text{KK: "Аудитор", RU: "Аудитор", EN: "Auditor"}},
	{"police@demo.baqylau", "police_department", []access.Role{access.Reporter}, baqylau.Text{KK: "Полиция", RU: "Полиция", EN: "Police"}},
	{"customs@demo.baqylau", "customs", []access.Role{access.Reporter}, baqylau.Text{KK: "Кеден", RU: "Таможня", EN: "Customs"}},
	{"hospital@demo.baqylau", "hospital", []access.Role{access.Reporter}, baqylau.Text{KK: "Аурухана", RU: "Больница", EN: "Hospital"}},
	{"poison@demo.baqylau", "toxicology", []access.Role{access.Reporter}, baqylau.Text{KK: "Токсикология", RU: "Токсикология", EN: "Poison centre"}},
	{"ngo@demo.baqylau", "ngo_drug_checking", []access.Role{access.Provider, access.Reporter}, baqylau.Text{KK: "Заттарды тексеру ҮЕҰ", RU: "НПО «Проверка веществ»", EN: "Drug checking NGO"}},
	{"analyst@demo.baqylau", "forensic_centre", []access.Role{access.LabAnalyst}, baqylau.Text{KK: "Зертхана талдаушысы", RU: "Аналитик лаборатории", EN: "Laboratory analyst"}},
	{"reviewer@demo.baqylau", "forensic_centre", []access.Role{access.LabReviewer}, baqylau.Text{KK: "Зертхана тексерушісі", RU: "Проверяющий лаборатории", EN: "Laboratory reviewer"}},
	{"prison@demo.baqylau", "prison_health", []access.Role{access.PrisonHealth}, baqylau.Text{KK: "Түзеу мекемесінің медицинасы", RU: "Медслужба учреждения", EN: "Prison health"}},
}

// Demo creates the accounts of a demonstration workspace that are absent, all with the same password, named in language l, and
// returns every one of them. The organisations must be there. Codes as Add.
func Demo(ctx context.Context, w *change.Writer, l baqylau.Lang, password string) (_ []DemoAccount, err error) {
	defer baqylau.Wrap(&err, "account.Demo")
	for _, d := range DemoAccounts {
		_, err := Add(ctx, w, NewAccount{Login: d.Login, Name: d.name.In(l), Org: d.Org, Roles: d.Roles, Lang: l, Password: password})
		if err != nil && baqylau.CodeOf(err) != baqylau.Conflict {
			return nil, err
		}
	}
	return DemoAccounts, nil
}
