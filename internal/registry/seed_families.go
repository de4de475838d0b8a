package registry

import (
	"context"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
)

// other is the family of substances that have no better one.
const other = "other"

// EffectFamily is the family code of an effect group of the shipped tables: "sedative/hypnotic" is "effect.sedative_hypnotic".
func EffectFamily(group string) string { return "effect." + strings.ReplaceAll(group, "/", "_") }

// families loads the chemical families and, as families of their own kind, the effect groups.
func (s *seeder) families(ctx context.Context) error {
	var list []familyRow
	for _, f := range []struct{ file, kind string }{{"codelists/family.csv", "chemical"}, {"codelists/effect-group.csv", "effect"}} {
		lines, err := rows(s.fsys, f.file)
		if err != nil {
			return err
		}
		for _, r := range lines {
			code, position := r["code"], 0
			if f.kind == "effect" {
				code, position = EffectFamily(code), 1000
			}
			n, err := strconv.Atoi(r["position"])
			if err != nil {
				return err
			}
			list = append(list, familyRow{Code: code, Kind: f.kind, Name: text(r).JSON(), Parent: r["parent"], Position: position + n})
		}
	}
	return insert(ctx, s, list)
}

// text is the trilingual name of a line.
func text(r row) baqylau.Text {
	return baqylau.Text{KK: r["name_kk"], RU: r["name_ru"], EN: r["name_en"]}
}
