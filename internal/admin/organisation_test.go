package admin

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

func TestOrganisationsKeepTheirSideOfTheWall(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(admin)
		fresh := []string{"code", "lab_1", "kk", "Зертхана", "ru", "Лаборатория", "en", "Laboratory", "kind", "laboratory", "domain", "neutral", "country", "KZ", "tlp", "AMBER", "active", "1"}
		if a := as("POST", orgPath+"/new", fresh...); a.location != orgPath {
			t.Fatalf("%+v", a)
		}
		if a := as("POST", orgPath+"/new", fresh...); a.status != 409 {
			t.Errorf("the same code: %d", a.status)
		}
		if a := as("POST", orgPath+"/new", "code", "Bad Code", "country", "kz"); a.status != 422 {
			t.Errorf("faulty: %d", a.status)
		}
		if a := as("GET", orgPath+"?domain=health"); !strings.Contains(a.body, "Hospital") || strings.Contains(a.body, "Laboratory") {
			t.Error("filter")
		}
		turned := []string{"code", "police", "kk", "x", "ru", "x", "en", "Police", "kind", "police", "domain", "health", "country", "KZ", "tlp", "AMBER", "active", "1"}
		if a := as("POST", orgPath+"/police", turned...); a.status != 409 {
			t.Errorf("police with people crossed the wall: %d", a.status)
		}
		turned[11] = "enforcement"
		turned[15] = "GREEN"
		if a := as("POST", orgPath+"/police", turned...); a.location != orgPath {
			t.Errorf("%+v", a)
		}
		if got, err := o.organisation(context.Background(), "police"); err != nil || got.MaxTLP != baqylau.TLPGreen || got.Domain != baqylau.EnforcementDomain {
			t.Errorf("%+v, %v", got, err)
		}
		if a := as("GET", orgPath+"/nowhere"); a.status != 404 {
			t.Errorf("unknown: %d", a.status)
		}
	})
}

// The list goes by the name that is shown, not by the code beside it, and whatever it goes by, its next page begins where the first ended.
func TestOrganisationsStandByTheirName(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(admin)
		for i := range 60 {
			name := baqylau.Text{KK: fmt.Sprintf("Ұйым %02d", i), RU: fmt.Sprintf("Орган %02d", i), EN: fmt.Sprintf("Body %02d", 60-i)}
			if _, err := o.W.DB.Write.NewRaw("INSERT INTO organisation (id, code, name, kind, domain, country, created_at, active) VALUES (?, ?, ?, 'police', 'enforcement', 'KZ', 0, ?)",
				fmt.Sprintf("o%02d", i), fmt.Sprintf("z%02d", i), name.JSON(), i%2 == 0).Exec(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		row, older := regexp.MustCompile(`>(Body \d\d)<`), regexp.MustCompile(`href="([^"]*after=[^"]*)"`)
		for _, sort := range []string{"code", "-code", "kind", "domain", "active"} {
			var names []string
			for path, pages := orgPath+"?kind=police&sort="+sort, 0; path != "" && pages < 9; pages++ {
				body := as("GET", path).body
				for _, m := range row.FindAllStringSubmatch(body, -1) {
					names = append(names, m[1])
				}
				path = ""
				if m := older.FindStringSubmatch(body); m != nil {
					path = html.UnescapeString(m[1])
				}
			}
			whole := slices.Sorted(slices.Values(names))
			if len(slices.Compact(slices.Clone(whole))) != 60 || len(names) != 60 {
				t.Errorf("%s: %d names on all pages", sort, len(names))
			}
			if sort == "-code" {
				slices.Reverse(whole)
			}
			if strings.HasSuffix(sort, "code") && !slices.Equal(names, whole) {
				t.Errorf("%s: %v", sort, names)
			}
		}
	})
}
