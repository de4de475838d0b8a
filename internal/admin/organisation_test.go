package admin

import (
	"context"
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
