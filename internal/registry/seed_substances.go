package registry

import (
	"context"
	"io/fs"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// shipped gathers what the files say of each substance before it is written.
type shipped struct {
	order    []string // preferred names in file order
	rows     map[string]*substanceRow
	families map[string][]string // chemical family first, then the effect group
	names    []nameRow
	classes  map[string]string // class that texts name → family
}

// substances loads substances, their families, the watch list and all names.
func (s *seeder) substances(ctx context.Context) error {
	sh := &shipped{rows: map[string]*substanceRow{}, families: map[string][]string{}}
	for _, step := range []func(*shipped) error{s.readSubstances, s.readLabels, s.readWatch} {
		if err := step(sh); err != nil {
			return err
		}
	}
	list := make([]substanceRow, len(sh.order))
	for i, name := range sh.order {
		list[i] = *sh.rows[name]
	}
	if err := insert(ctx, s, list); err != nil {
		return err
	}
	if err := s.fillLabels(ctx, list); err != nil {
		return err
	}
	known, err := s.known(ctx)
	if err != nil {
		return err
	}
	var members []memberRow
	for _, name := range sh.order {
		for _, f := range sh.families[name] {
			members = append(members, memberRow{SubstanceID: known[name], Family: f})
		}
	}
	if err := insert(ctx, s, members); err != nil {
		return err
	}
	if err := s.readNames(sh, known); err != nil {
		return err
	}
	if err := insert(ctx, s, sh.names); err != nil {
		return err
	}
	for _, n := range sh.names {
		if n.Type == string(Street) { // pages tell where a street name was found: renewed like the texts of the law
			if _, err := s.tx.NewRaw("UPDATE substance_name SET source = ? WHERE id = ? AND shipped", n.Source, n.ID).Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// readSubstances reads the tables of substances. Rows that stand for a class are left out, since a class is a family.
func (s *seeder) readSubstances(sh *shipped) (err error) {
	if sh.classes, err = classFamilies(s.fsys); err != nil {
		return err
	}
	skip := map[string]bool{}
	classes, err := rows(s.fsys, "substances/recognition/classes.csv")
	if err != nil {
		return err
	}
	for _, r := range classes {
		for _, name := range r.list("replaces") {
			skip[name] = true
		}
	}
	ofClass, err := columns(s.fsys, "codelists/family-of-class.csv", "chemical_class", "family")
	if err != nil {
		return err
	}
	override, err := columns(s.fsys, "substances/family-overrides.csv", "preferred_name", "family")
	if err != nil {
		return err
	}
	for _, file := range []string{"substances.csv", "additions.csv", "recognition/substances.csv"} {
		lines, err := rows(s.fsys, "substances/"+file)
		if err != nil {
			return err
		}
		for _, r := range lines {
			name := r["preferred_name"]
			if skip[name] || sh.rows[name] != nil {
				continue
			}
			sh.order = append(sh.order, name)
			sh.rows[name] = &substanceRow{ID: shippedID("substance:" + name), Name: name, Fold: locale.Fold(name), Inchikey: r["inchikey"], Smiles: r["smiles"],
				Formula: r["formula"], Cas: r["cas"], State: "identified", Source: r["sources"], UpdatedAt: s.tx.Now.UnixMicro()}
			sh.families[name] = []string{firstOf(override[name], ofClass[r["chemical_class"]], kindFamily[r["kind"]], other)}
			if r["effect_group"] != "" {
				sh.families[name] = append(sh.families[name], EffectFamily(r["effect_group"]))
			}
		}
	}
	return nil
}

// kindFamily is the family of a kind of recognition/substances.csv.
var kindFamily = map[string]string{"medicine or chemical": "medicines"}

// readLabels sets what pages show: Kazakh and Russian names where they are known, the international one else.
func (s *seeder) readLabels(sh *shipped) error {
	lines, err := rows(s.fsys, "substances/names-kk-ru.csv")
	if err != nil {
		return err
	}
	labels := map[string]baqylau.Text{}
	for _, r := range lines {
		labels[r["preferred_name"]] = text(r)
	}
	for name, x := range sh.rows {
		l := labels[name]
		l.EN = name
		x.Label = l.JSON()
	}
	return nil
}

// fillLabels gives the shipped label to substances that an earlier version loaded with none but the international name.
func (s *seeder) fillLabels(ctx context.Context, list []substanceRow) error {
	bare := map[string]string{} // identifier → English label
	var stored []struct{ ID, Label string }
	if err := s.tx.NewRaw("SELECT id, label FROM substance").Scan(ctx, &stored); err != nil {
		return err
	}
	for _, x := range stored {
		if l := baqylau.ParseText(x.Label); l.KK == "" && l.RU == "" {
			bare[x.ID] = l.EN
		}
	}
	for _, x := range list {
		if en, ok := bare[x.ID]; !ok || en != x.Name || baqylau.ParseText(x.Label).RU == "" {
			continue
		}
		if _, err := s.tx.NewRaw("UPDATE substance SET label = ? WHERE id = ?", x.Label, x.ID).Exec(ctx); err != nil {
			return err
		}
		s.added++
	}
	return nil
}

// readWatch marks what is watched as new: whole families, and single substances, which outrank their family.
func (s *seeder) readWatch(sh *shipped) error {
	lines, err := rows(s.fsys, "substances/watch.csv")
	if err != nil {
		return err
	}
	reason, single := map[string]string{}, map[string]row{}
	for _, r := range lines {
		if r["family"] != "" {
			reason[r["family"]] = r["reason"]
		} else {
			single[r["substance"]] = r
		}
	}
	for name, x := range sh.rows {
		if r, ok := single[name]; ok {
			x.Watch, x.WatchReason = r["watch"] == "yes", r["reason"]
			continue
		}
		if why, ok := reason[sh.families[name][0]]; ok {
			x.Watch, x.WatchReason = true, why
		}
	}
	return nil
}

// known maps the names of substances, as shipped, to the identifiers they have in this database; a renamed substance keeps its
// identifier, and one that a person entered before it was shipped keeps theirs.
func (s *seeder) known(ctx context.Context) (map[string]string, error) {
	var stored []struct{ ID, Name string }
	if err := s.tx.NewRaw("SELECT id, name FROM substance").Scan(ctx, &stored); err != nil {
		return nil, err
	}
	ids, byName := map[string]bool{}, map[string]string{}
	for _, x := range stored {
		ids[x.ID], byName[x.Name] = true, x.ID
	}
	for _, file := range []string{"substances.csv", "additions.csv", "recognition/substances.csv"} {
		lines, err := rows(s.fsys, "substances/"+file)
		if err != nil {
			return nil, err
		}
		for _, r := range lines {
			if id := shippedID("substance:" + r["preferred_name"]); ids[id] {
				byName[r["preferred_name"]] = id
			}
		}
	}
	return byName, nil
}

// classFamilies maps the classes that texts name to families.
func classFamilies(fsys fs.FS) (map[string]string, error) {
	return columns(fsys, "substances/class-family.csv", "class", "family")
}

// columns reads a file as a map from one column to another.
func columns(fsys fs.FS, file, from, to string) (map[string]string, error) {
	lines, err := rows(fsys, file)
	if err != nil {
		return nil, err
	}
	m := make(map[string]string, len(lines))
	for _, r := range lines {
		m[r[from]] = r[to]
	}
	return m, nil
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
