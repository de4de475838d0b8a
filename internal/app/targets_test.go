package app_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/data/mappings"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/facility"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/indicator/treatment"
	"github.com/baqylau/baqylau/internal/indicator/wastewater"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// importer is the one importer with the targets of rooms, an AIDS centre and the police.
type importer struct {
	*intake.Service
	rooms        rooms
	aids, police access.Actor
	files        int
}

type rooms struct {
	harm       *harm.Service
	facilities *facility.Service
	water      *wastewater.Service
	treatment  *treatment.Service
}

func newImporter(t *testing.T, db *store.DB) *importer {
	t.Helper()
	w := change.New(db)
	w.Now = func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
	if err := registry.Seed(ctx, db, w, data.FS); err != nil {
		t.Fatal(err)
	}
	shelf, err := registry.NewShelf(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	h := &importer{Service: &intake.Service{W: w, Shelf: shelf, Home: "KZ", ImportDir: t.TempDir()}, rooms: rooms{facilities: &facility.Service{W: w, Shelf: shelf, Home: "KZ"}, water: &wastewater.Service{W: w, Shelf: shelf},
		treatment: &treatment.Service{W: w, Shelf: shelf, Home: "KZ", Pseudonym: func(_ baqylau.Domain, number string) string { return "keyed/" + number[6:] }}}}
	if h.rooms.harm, err = harm.NewService(w, shelf, "KZ", t.TempDir()); err != nil {
		t.Fatal(err)
	}
	h.Targets = map[string]intake.Target{facility.TargetName: facility.Target{S: h.rooms.facilities}, wastewater.TargetName: wastewater.Target{S: h.rooms.water}, treatment.TargetName: h.rooms.treatment.Target()}
	for name, target := range h.rooms.harm.Targets() {
		h.Targets[name] = target
	}
	person := func(code string, d baqylau.Domain) access.Actor {
		if _, err := db.Write.NewRaw("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, '{}', 'police', ?, 'KZ', 0)", "o-"+code, "test_"+code, string(d)).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		return access.Actor{ID: "a-" + code, OrgID: "o-" + code, Domain: d, Roles: []access.Role{access.Reporter}, Lang: baqylau.Russian}
	}
	h.aids, h.police = person("aids", baqylau.HealthDomain), person("police", baqylau.EnforcementDomain)
	return h
}

// stage validates a file under a shipped mapping.
func (h *importer) stage(t *testing.T, mapping string, lines ...string) intake.Batch {
	t.Helper()
	b, err := h.stageAs(h.aids, mapping, lines...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (h *importer) stageAs(a access.Actor, mapping string, lines ...string) (intake.Batch, error) {
	m, err := mappings.FS.ReadFile(mapping + ".yaml")
	if err != nil {
		return intake.Batch{}, err
	}
	h.files++
	return h.Stage(ctx, a, intake.Upload{Name: fmt.Sprintf("%d.csv", h.files), Content: strings.NewReader(strings.Join(lines, "\n") + "\n"), Mapping: m})
}

// take applies a batch that is without faults.
func (h *importer) take(t *testing.T, b intake.Batch) intake.Batch {
	t.Helper()
	if b.Bad != 0 {
		t.Fatalf("%d bad rows: %v", b.Bad, h.told(t, b))
	}
	if err := h.Start(ctx, h.aids, b.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := h.Apply(ctx, b.ID); err != nil {
		t.Fatal(err)
	}
	b, err := h.BatchByID(ctx, h.W.DB.Read, access.TheSystem(), b.ID)
	if err != nil || b.State != "applied" {
		t.Fatalf("%s %v", b.State, err)
	}
	return b
}

// told are the faults of a batch: row, column and message.
func (h *importer) told(t *testing.T, b intake.Batch) (out []string) {
	t.Helper()
	rows, err := intake.Problems(ctx, h.W.DB.Read, b.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		for _, f := range r.Faults {
			out = append(out, fmt.Sprintf("%d %s %s", f.Row, f.Column, f.Key))
		}
	}
	return out
}

// holds is what a room holds, a line a record.
func (h *importer) holds(t *testing.T, mapping string) string {
	t.Helper()
	day := change.Today(h.W.Now())
	var out []string
	switch mapping {
	case "infection-studies":
		all, err := harm.Studies(ctx, h.W.DB.Read, "KZ", day)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			line := fmt.Sprint(x.Title, " ", x.Place, " ", x.Start, " ", x.End, " ", x.Recruitment)
			for _, c := range x.Counts {
				line += fmt.Sprint("; ", c.Measure, " ", c.Breakdown, " ", c.Positive, "/", c.Tested)
			}
			out = append(out, line)
		}
	case "icd10-deaths":
		all, err := harm.Deaths(ctx, h.W.DB.Read, "KZ", day)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range all {
			age := d.Band
			if d.Age >= 0 {
				age = fmt.Sprint(d.Age)
			}
			out = append(out, fmt.Sprint(d.Died, " ", d.Sex, " ", age, " ", d.Residence, " ", d.Underlying, " ", d.Causes, " ", d.Autopsy, " ", d.Toxicology))
		}
	case "facility-register":
		all, err := facility.All(ctx, h.W.DB.Read, "KZ", day)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			beds := "–"
			if f.Beds != nil {
				beds = fmt.Sprint(*f.Beds)
			}
			out = append(out, fmt.Sprint(f.Code, " ", f.Name.RU, " ", f.Region, " ", f.Kind, " ", f.Services, " ", beds))
		}
	case "tdi-cases", "odk":
		centre := access.Actor{ID: "a-centre", OrgID: "o-centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Epidemiology}}
		tables, err := h.rooms.treatment.TablesOf(ctx, centre, treatment.Set{From: map[string]int{"tdi-cases": 2025, "odk": 2024}[mapping], To: map[string]int{"tdi-cases": 2025, "odk": 2024}[mapping], AsOf: day})
		if err != nil {
			t.Fatal(err)
		}
		_, figures, err := tables.Table("10.1.1")
		if err != nil {
			t.Fatal(err)
		}
		spec, _ := tdi.SpecOf("10.1.1")
		for i, row := range spec.Rows.Lines {
			for k, col := range spec.Cols.Lines {
				if f := figures[i][k]; f.Text != "0" && !row.Total && !col.Total && row.Group != "" {
					out = append(out, fmt.Sprint(row.Code, " ", col.Code, " ", f.Text))
				}
			}
		}
	case "wastewater-samples":
		all, err := wastewater.Samples(ctx, h.W.DB.Read, day)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wastewater.Weeks(all) {
			out = append(out, fmt.Sprintf("%s %s %s %s days %d below %d load %.4g", w.Campaign, w.City, w.Plant, w.Residue, w.Days, w.Below, w.Load))
		}
	}
	return strings.Join(out, "\n")
}

// Files of studies, deaths, facilities, wastewater samples and treatment episodes go through the one importer: what is wrong is said of its row and column and nothing changes; sent again nothing changes; an amended file takes the place of
// the earlier, until it is taken back.
func TestTargetsOfRooms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newImporter(t, db)
		for _, x := range []struct {
			mapping, header       string
			good, faulty, amended []string
			faults                []string
			held, after           string
		}{
			{
				"infection-studies", "study;kind;title;place;period;recruitment;measure;group;tested;positive;published",
				[]string{"S1;seroprevalence;Дозор;город Алматы;2024;RDS;anti-HCV;;400;256;", "S1;seroprevalence;Дозор;город Алматы;2024;RDS;anti-HCV;женщины;100;50;", "S2;диагностическое тестирование;;KZ;2025-01-01/2025-06-30;;anti-HIV;;90;9;"},
				[]string{"S1;seroprevalence;Дозор;город Алматы;2024;;anti-HCV;;400;256;", "S1;seroprevalence;Другое;город Алматы;2024;;anti-HIV;;400;20;", "S1;seroprevalence;Дозор;город Алматы;2024;;anti-HCV;;401;256;", "S3;опрос;;Атлантида;2024;;anti-HCV;;10;1;",
					"S4;seroprevalence;;KZ;2027;;anti-HCV;;10;1;", "S5;seroprevalence;;KZ;2024;;anti-HCV;;десять;1;", "S6;seroprevalence;;KZ;2024;;anti-HCV;;10;1;да"},
				[]string{"S1;seroprevalence;Дозор;город Алматы;2024;RDS;anti-HCV;;400;250;", "S1;seroprevalence;Дозор;город Алматы;2024;RDS;anti-HCV;женщины;100;50;"},
				[]string{"3 study infection.row.differs", "4 measure infection.row.twice", "5 kind import.code.unknown", "5 place import.region.unknown", "6 period death.row.value", "7 tested import.number.format", "8 citation infection.row.citation"},
				" KZ 2025-01-01 2025-06-30 ; anti-HIV  9/90\nДозор KZ-75 2024-01-01 2024-12-31 rds; anti-HCV  256/400; anti-HCV sex=female 50/100",
				" KZ 2025-01-01 2025-06-30 ; anti-HIV  9/90\nДозор KZ-75 2024-01-01 2024-12-31 rds; anti-HCV  250/400; anti-HCV sex=female 50/100",
			},
			{
				"icd10-deaths", "№ записи;Дата смерти;Пол;Возраст;Регион проживания;Первоначальная причина;Все причины;Вскрытие;Токсикология",
				[]string{"1;05.03.2025;М;31;город Алматы;X42;X42 T40.1;да;да", "2;2025-03-06;жен;35-44;;Y12;T40.6;нет;неизвестно"},
				[]string{"1;05.03.2025;М;31;Атлантида;X42;;;", "2;05.13.2025;М;31;;X42;;;", "3;05.03.2025;М;старый;;X42;;;", "4;05.03.2025;М;31;;Т4О;героин;;", "5;05.03.2025;М;31;;X42;;может быть;", "6;05.03.2027;М;31;;X42;;;"},
				[]string{"2;2025-03-06;жен;35-44;;I21;;нет;неизвестно"},
				[]string{"2 Регион проживания import.region.unknown", "3 Дата смерти import.date.nonexistent", "4 Возраст death.row.value", "5 Первоначальная причина death.row.code", "5 Все причины death.row.code", "6 Вскрытие import.code.unknown", "7 Дата смерти import.date.future"},
				"2025-03-05 male 31 KZ-75 X42 [X42 T40.1] yes yes\n2025-03-06 female 35-44  Y12 [T40.6] no unknown",
				"2025-03-05 male 31 KZ-75 X42 [X42 T40.1] yes yes\n2025-03-06 female 35-44  I21 [] no unknown",
			},
			{
				"facility-register", "code;name_ru;kind;services;region;beds;opened;closed",
				[]string{"17;Пункт доверия;low_threshold;nsp;город Алматы;;2012;", "18;Стационар;стационар;лечение наркозависимости;KZ-71;40;;"},
				[]string{"17;;low_threshold;nsp;город Алматы;;;", "18;Стационар;больница;nsp;город Алматы;;;", "19;Пункт;low_threshold;раздача;город Алматы;;;", "20;Пункт;low_threshold;nsp;US-CT;;;", "21;Пункт;low_threshold;nsp;город Алматы;;2020;2019", "21;Пункт;low_threshold;nsp;город Алматы;много;;"},
				[]string{"18;Стационар;inpatient;treatment;KZ-71;55;;"},
				[]string{"2 name_ru facility.row.name", "3 kind import.code.unknown", "4 services import.code.unknown", "5 region facility.row.value", "6 closed facility.row.value", "7 beds import.number.format"},
				"18 Стационар KZ-71 inpatient [treatment] 40\n17 Пункт доверия KZ-75 low_threshold [nsp] –",
				"18 Стационар KZ-71 inpatient [treatment] 55\n17 Пункт доверия KZ-75 low_threshold [nsp] –",
			},
			{
				"wastewater-samples", "campaign;city;plant;place;date;residue;concentration;loq;flow;population",
				// 200 ng/l in 1,000 m³ of 10,000 people are 20 mg per 1,000 and day, 400 in 3,000 are 120; weighted by flow (20·1 + 120·3)/4 = 95. Below 10 ng/l: half of it, 5·1,000/10,000 = 0.5
				[]string{"весна 2025;Алматы;север;KZ-75;2025-03-11;MDMA;200;10;1000;10000", "весна 2025;Алматы;север;KZ-75;12.03.2025;MDMA;400;10;3000;10000", "весна 2025;Алматы;север;KZ-75;2025-03-11;methamphetamine;<LOQ;10;1000;10000"},
				[]string{"весна 2025;Алматы;север;KZ-75;2025-03-11;MDMA;;;1000;10000", "весна 2025;Алматы;север;KZ-75;2027-03-11;MDMA;1;;1000;10000", "весна 2025;Алматы;север;KZ-75;2025-03-12;сахар;1;;1000;10000", "весна 2025;Алматы;север;KZ-75;2025-03-13;MDMA;1;;0;10000",
					"весна 2025;Алматы;север;KZ-75;2025-03-14;MDMA;следы;;1000;10000", "весна 2025;Алматы;север;KZ-75;2025-03-15;MDMA;1;;1000;10000", "весна 2025;Алматы;север;KZ-75;2025-03-15;MDMA;2;;1000;10000"},
				[]string{"весна 2025;Алматы;север;KZ-75;2025-03-12;MDMA;200;10;3000;10000"},
				[]string{"2 concentration wastewater.row.loq", "3 date import.date.future", "4 residue import.code.unknown", "5 flow wastewater.row.value", "6 concentration import.number.format", "8 date wastewater.row.twice"},
				"весна 2025 Алматы север mdma days 2 below 0 load 95\nвесна 2025 Алматы север methamphetamine days 1 below 1 load 0.5",
				"весна 2025 Алматы север mdma days 2 below 0 load 50\nвесна 2025 Алматы север methamphetamine days 1 below 1 load 0.5",
			},
			{
				"tdi-cases", "case;start;person;facility;region;sex;age_at_start;primary_drug;age_first_use;secondary_drugs",
				[]string{"1;2025-02-10;123456789013;Диспансер 1;KZ-75;male;24;мефедрон;20;8", "2;11.02.2025;;Диспансер 1;KZ-75;female;30;1.1;22;none", "3;12.02.2025;;Диспансер 1;KZ-75;male;30;1.1;22;"},
				[]string{"1;2025-02-10;;;;male;24;сахар;;", "2;2025-13-10;;;;male;24;1.1;;", "3;2027-02-10;;;;male;24;1.1;;", "4;2025-02-10;;;;male;много;1.1;;", "5;2025-02-10;;;;male;24;8;;", "6;2025-02-10;;;Атлантида;male;24;1.1;;"},
				[]string{"3;12.02.2025;;Диспансер 1;KZ-75;male;30;1.2;22;"},
				[]string{"2 primary_drug tdi.fault.code", "3 start import.date.nonexistent", "4 start import.date.future", "5 age_at_start import.number.format", "6 primary_drug tdi.fault.refuse", "7 region import.region.unknown"},
				"1.1 male 1\n1.1 female 1\n3.4 male 1",
				"1.1 female 1\n1.2 male 1\n3.4 male 1",
			},
			{
				"odk", "_uuid;case/start;case/sex;case/age_at_start;case/primary_drug;case/injecting",
				[]string{"u1;2024-05-10;male;24;1.1;n/a", "u2;2024-05-11;female;n/a;1.1;1"},
				[]string{"u1;10.05.2024;male;24;1.1;n/a", "u2;2024-05-11;robot;24;1.1;1", ";2024-05-11;male;24;1.1;1"},
				[]string{"u2;2024-05-11;female;31;1.2;1"},
				[]string{"2 case/start import.date.format", "3 case/sex import.code.unknown", "4 _uuid import.value.missing"},
				"1.1 male 1\n1.1 female 1",
				"1.1 male 1\n1.2 female 1",
			},
		} {
			bad := h.stage(t, x.mapping, append([]string{x.header}, x.faulty...)...)
			told := h.told(t, bad)
			if !slices.Equal(told, x.faults) || h.holds(t, x.mapping) != "" {
				t.Errorf("%s: told\n%s", x.mapping, strings.Join(told, "\n"))
			}
			if err := h.Start(ctx, h.aids, bad.ID, false); baqylau.CodeOf(err) != baqylau.Invalid {
				t.Errorf("%s: taken with faults: %v", x.mapping, err)
			}
			h.take(t, h.stage(t, x.mapping, append([]string{x.header}, x.good...)...))
			if got := h.holds(t, x.mapping); got != x.held {
				t.Errorf("%s holds\n%s", x.mapping, got)
			}
			again := h.take(t, h.stage(t, x.mapping, append([]string{x.header, x.good[len(x.good)-1]}, x.good[:len(x.good)-1]...)...))
			if int(again.SameRows) != len(x.good) || h.holds(t, x.mapping) != x.held {
				t.Errorf("%s sent again: %d of %d rows are the same", x.mapping, again.SameRows, len(x.good))
			}
			amended := h.stage(t, x.mapping, append([]string{x.header}, x.amended...)...)
			if h.holds(t, x.mapping) != x.held {
				t.Errorf("%s: a staged file changed something", x.mapping)
			}
			h.take(t, amended)
			if got := h.holds(t, x.mapping); got != x.after {
				t.Errorf("%s amended holds\n%s", x.mapping, got)
			}
			if err := h.Undo(ctx, h.aids, amended.ID); err != nil || h.holds(t, x.mapping) != x.held {
				t.Errorf("%s taken back: %v\n%s", x.mapping, err, h.holds(t, x.mapping))
			}
		}
		if _, err := h.stageAs(h.police, "infection-studies", "study;kind;place;period;measure;tested;positive", "S9;seroprevalence;KZ;2024;anti-HCV;100;5"); baqylau.CodeOf(err) != baqylau.Forbidden {
			t.Errorf("the police send a study: %v", err)
		}
	})
}

// The extract of Connecticut is read as deaths without a refused row, though its substances and counties are as the medical examiner wrote them.
func TestConnecticutAsDeaths(t *testing.T) {
	db := storetest.Open(t, store.SQLite)
	h := newImporter(t, db)
	file, err := os.Open("../../data/demo/connecticut-drug-deaths.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	m, err := mappings.FS.ReadFile("connecticut-deaths.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b, err := h.Stage(ctx, access.TheSystem(), intake.Upload{Name: "connecticut.csv.gz", Content: file, Mapping: m, SourceCode: "connecticut"})
	if err != nil {
		t.Fatal(err)
	}
	if b.Total != 11_981 || b.Bad != 0 {
		t.Errorf("of %d rows %d are refused: %v", b.Total, b.Bad, h.told(t, b)[:min(20, len(h.told(t, b)))])
	}
}
