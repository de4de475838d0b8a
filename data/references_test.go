package data

import (
	"strings"
	"testing"
)

func TestReferencesResolve(t *testing.T) {
	names, regions := substances(t), set(t, "geo/regions.csv", "code")
	families, countries := set(t, "codelists/family.csv", "code"), set(t, "geo/countries.csv", "code")
	bases, agencies := set(t, "codelists/legal-basis.csv", "code"), set(t, "codelists/agency.csv", "code")
	categories, classes := set(t, "codelists/eu-category.csv", "code"), set(t, "codelists/unodc-class.csv", "code")
	effects := set(t, "codelists/effect-group.csv", "code")
	known := func(file, what, v string, in map[string]bool) {
		t.Helper()
		if v != "" && !in[v] {
			t.Errorf("%s: unknown %s %q", file, what, v)
		}
	}
	named := map[string]bool{}
	for name, row := range names {
		named[name] = true
		known("substances", "effect group", row["effect_group"], effects)
	}
	for _, row := range rows(t, "substances/recognition/substances.csv") {
		named[row["preferred_name"]] = true
	}
	for _, row := range rows(t, "codelists/family.csv") {
		known("family", "parent", row["parent"], families)
		known("family", "EU category", row["eu_category"], categories)
		known("family", "UNODC class", row["unodc_class"], classes)
	}
	for file, column := range map[string]string{
		"codelists/family-of-class.csv": "", "substances/family-overrides.csv": "preferred_name", "substances/watch.csv": "substance", "substances/class-family.csv": "",
		"substances/street-names.csv": "substance", "law/legal-status.csv": "substance", "substances/names-kk-ru.csv": "preferred_name", "indicators/drug-of.csv": "substance",
	} {
		for _, row := range rows(t, file) {
			known(file, "substance", row[column], named)
			known(file, "family", row["family"], families)
			known(file, "jurisdiction", row["jurisdiction"], countries)
			known(file, "basis", row["basis"], bases)
			if name := row[column]; name != "" && row["inchikey"] != "" && row["inchikey"] != names[name]["inchikey"] {
				t.Errorf("%s: InChIKey of %s differs from that of the substance", file, name)
			}
			_, has := row["substance"]
			if has && (row["substance"] == "") == (row["family"] == "") {
				t.Errorf("%s: a row needs a substance or a family, not both: %v", file, row)
			}
		}
	}
	titles := set(t, "law/instruments.csv", "instrument")
	for _, row := range rows(t, "law/legal-status.csv") {
		known("legal-status", "instrument", row["instrument"], titles)
	}
	for _, row := range rows(t, "geo/region-history.csv") {
		known("region-history", "region", row["code"], regions)
		for _, code := range strings.Split(row["territory"], "|") {
			known("region-history", "region", code, regions)
		}
	}
	for _, row := range rows(t, "organisations.csv") {
		known("organisations", "agency", row["agency"], agencies)
		known("organisations", "domain", row["domain"], map[string]bool{"health": true, "enforcement": true, "neutral": true})
	}
	regions["KZ"] = true
	for _, row := range rows(t, "geo/kz-population.csv") {
		known("kz-population", "region", row["iso_3166_2"], regions)
	}
}
