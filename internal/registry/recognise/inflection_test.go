package recognise

import (
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

// Forms of one word stand behind the one that a dictionary has, whatever their order; a word made from another one stands for itself.
func TestFormsStandBehindTheirWord(t *testing.T) {
	for _, c := range []struct {
		lang       baqylau.Lang
		names, has string
	}{
		{baqylau.Russian, "солью соли соль", "соль+солью+соли"},
		{baqylau.Russian, "травы траву трава", "трава+травы+траву"},
		{baqylau.Russian, "грибы грибами гриб", "гриб+грибы+грибами"},
		{baqylau.Russian, "меф мефка мефа мефку", "меф+мефа мефка+мефку"},
		{baqylau.Russian, "соль солевой солевая соляга", "соль солевой+солевая соляга"},
		{baqylau.Russian, "соли_для_ванн соль соль_для_ванн", "соль соль_для_ванн+соли_для_ванн"},
		{baqylau.Kazakh, "тұздың тұз ұнтақ тұздардан", "тұз+тұздың+тұздардан ұнтақ"},
		{baqylau.English, "salt salts meow", "salt salts meow"},
		{baqylau.Russian, "", ""},
	} {
		var names, got []string
		for _, n := range strings.Fields(c.names) {
			names = append(names, strings.ReplaceAll(n, "_", " "))
		}
		for _, group := range Inflections(c.lang, names) {
			var forms []string
			for _, i := range group {
				forms = append(forms, strings.ReplaceAll(names[i], " ", "_"))
			}
			got = append(got, strings.Join(forms, "+"))
		}
		if said := strings.Join(got, " "); said != c.has {
			t.Errorf("%s: %s, want %s", c.names, said, c.has)
		}
	}
}
