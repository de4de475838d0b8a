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
	name  string
}

// DemoAccounts lists the sign-ins that Demo creates: every role at least once, and one reporter for each kind of agency. The
// people are invented.
var DemoAccounts = []DemoAccount{
	{"officer@demo.baqylau", "monitoring_centre", []access.Role{access.Officer}, "Айгерім Сейітқали"},
	{"assessor@demo.baqylau", "monitoring_centre", []access.Role{access.Assessor}, "Марат Әбенов"},
	{"approver@demo.baqylau", "monitoring_centre", []access.Role{access.Approver}, "Гүлнәр Оспанова"},
	{"liaison@demo.baqylau", "monitoring_centre", []access.Role{access.Liaison}, "Тимур Жұмабеков"},
	{"epidemiologist@demo.baqylau", "monitoring_centre", []access.Role{access.Epidemiology, access.Interviewer}, "Ольга Ким"},
	{"author@demo.baqylau", "monitoring_centre", []access.Role{access.Author, access.Programme}, "Динара Қасымова"},
	{"authority@demo.baqylau", "legal_statistics", []access.Role{access.Authority, access.Executor}, "Сергей Литвинов"},
	{"administrator@demo.baqylau", "monitoring_centre", []access.Role{access.Administrator}, "Бауыржан Нұрланов"},
	{"protection@demo.baqylau", "monitoring_centre", []access.Role{access.DataProtector}, "Елена Воронцова"},
	{"auditor@demo.baqylau", "monitoring_centre", []access.Role{access.Auditor}, "Ерлан Тұрсынбек"},
	{"police@demo.baqylau", "police_department", []access.Role{access.Reporter}, "Дәурен Ахметов"},
	{"customs@demo.baqylau", "customs", []access.Role{access.Reporter}, "Алексей Петренко"},
	{"hospital@demo.baqylau", "hospital", []access.Role{access.Reporter}, "Жанар Сұлтанова"},
	{"poison@demo.baqylau", "toxicology", []access.Role{access.Reporter}, "Наталья Чернова"},
	{"ngo@demo.baqylau", "ngo_drug_checking", []access.Role{access.Provider, access.Reporter}, "Асхат Беков"},
	{"analyst@demo.baqylau", "forensic_centre", []access.Role{access.LabAnalyst}, "Мадина Рахимова"},
	{"reviewer@demo.baqylau", "forensic_centre", []access.Role{access.LabReviewer}, "Виктор Шмидт"},
	{"prison@demo.baqylau", "prison_health", []access.Role{access.PrisonHealth}, "Салтанат Ибраева"},
}

// Demo creates the accounts of a demonstration workspace that are absent, all with the same password and language l, and
// returns every one of them. The organisations must be there. Codes as Add.
func Demo(ctx context.Context, w *change.Writer, l baqylau.Lang, password string) (_ []DemoAccount, err error) {
	defer baqylau.Wrap(&err, "account.Demo")
	for _, d := range DemoAccounts {
		_, err := Add(ctx, w, NewAccount{Login: d.Login, Name: d.name, Org: d.Org, Roles: d.Roles, Lang: l, Password: password, Demo: true})
		if err != nil && baqylau.CodeOf(err) != baqylau.Conflict {
			return nil, err
		}
	}
	return DemoAccounts, nil
}
