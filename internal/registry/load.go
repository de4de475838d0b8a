package registry

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Load reads the registry into a Book. The lexicon of recognition is built when it is first needed.
func Load(ctx context.Context, db *store.DB) (_ *Book, err error) {
	defer baqylau.Wrap(&err, "registry.Load")
	b := &Book{}
	if b.Version, err = version(ctx, db.Read); err != nil {
		return nil, err
	}
	for _, load := range []func(context.Context, bun.IDB) error{b.loadFamilies, b.loadSubstances, b.loadNames, b.loadLaw, b.loadPlaces, b.loadSources} {
		if err := load(ctx, db.Read); err != nil {
			return nil, err
		}
	}
	b.lexicon = sync.OnceValues(b.newReader)
	return b, nil
}

// version is the number of changes the registry has seen.
func version(ctx context.Context, db bun.IDB) (n int64, err error) {
	err = db.NewRaw("SELECT value FROM counter WHERE name = ?", versionCounter).Scan(ctx, &n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// all reads a whole table.
func all[T any](ctx context.Context, db bun.IDB, order string) (list []T, err error) {
	err = db.NewSelect().Model(&list).OrderExpr(order).Scan(ctx)
	return list, err
}

func (b *Book) loadFamilies(ctx context.Context, db bun.IDB) error {
	list, err := all[familyRow](ctx, db, "position, code")
	if err != nil {
		return err
	}
	b.byCode = make(map[string]*Family, len(list))
	b.families = make([]Family, len(list))
	for i, r := range list {
		b.families[i] = Family{Code: r.Code, Effect: r.Kind == "effect", Name: baqylau.ParseText(r.Name), Parent: r.Parent}
		b.byCode[r.Code] = &b.families[i]
	}
	return nil
}

func (b *Book) loadSubstances(ctx context.Context, db bun.IDB) error {
	list, err := all[substanceRow](ctx, db, "name")
	if err != nil {
		return err
	}
	folds := make(map[string]string, len(list))
	for _, r := range list {
		folds[r.ID] = compact(r.Name)
	}
	slices.SortFunc(list, func(x, y substanceRow) int { return cmp.Compare(folds[x.ID], folds[y.ID]) })
	b.substances = make([]Substance, len(list))
	b.byID, b.byKey = make(map[string]*Substance, len(list)), make(map[string][]*Substance, len(list))
	for i, r := range list {
		s := &b.substances[i]
		*s = Substance{ID: r.ID, Name: r.Name, Label: baqylau.ParseText(r.Label), InChIKey: r.Inchikey, SMILES: r.Smiles, Formula: r.Formula,
			ParentID: r.ParentID, Watch: r.Watch, WatchReason: r.WatchReason, State: r.State, Source: r.Source}
		if r.Cas != "" {
			s.CAS = strings.Split(r.Cas, "|")
		}
		b.byID[s.ID] = s
		if s.InChIKey != "" {
			b.byKey[s.InChIKey] = append(b.byKey[s.InChIKey], s)
		}
	}
	members, err := all[memberRow](ctx, db, "family")
	if err != nil {
		return err
	}
	for _, m := range members {
		s := b.byID[m.SubstanceID]
		s.Families = append(s.Families, m.Family)
	}
	b.lines = make(map[string][]string, len(list))
	for i := range b.substances {
		s := &b.substances[i]
		var line []string
		for _, f := range s.Families {
			for _, a := range b.Ancestors(f) {
				if !slices.Contains(line, a) {
					line = append(line, a)
				}
			}
		}
		b.lines[s.ID] = line
	}
	return nil
}

func (b *Book) loadNames(ctx context.Context, db bun.IDB) error {
	list, err := all[nameRow](ctx, db, "id")
	if err != nil {
		return err
	}
	b.names, b.familyNames = make(map[string][]Name, len(b.substances)), map[string][]Name{}
	b.byName = make(map[string][]claim, len(list))
	sources := map[string]string{} // thousands of names share a few sources: keep one copy of each
	for _, r := range list {
		if _, ok := sources[r.Source]; !ok {
			sources[r.Source] = r.Source
		}
		n := Name{ID: r.ID, Substance: r.SubstanceID, Family: r.Family, Text: r.Text, Lang: baqylau.Lang(r.Lang), Type: NameType(r.Type),
			Region: r.Region, Seen: day(r.FromOn), Confidence: baqylau.Confidence(r.Confidence), Ambiguous: r.Ambiguous, Shipped: r.Shipped, Source: sources[r.Source]}
		if n.Family != "" {
			b.familyNames[n.Family] = append(b.familyNames[n.Family], n)
		} else {
			b.names[n.Substance] = append(b.names[n.Substance], n)
		}
		b.addToIndex(n, strings.ReplaceAll(r.Fold, " ", ""))
	}
	for _, names := range b.names {
		slices.SortStableFunc(names, func(x, y Name) int {
			return cmp.Or(cmp.Compare(slices.Index(NameTypes, x.Type), slices.Index(NameTypes, y.Type)),
				cmp.Compare(slices.Index(baqylau.Langs, x.Lang), slices.Index(baqylau.Langs, y.Lang)), cmp.Compare(x.Text, y.Text))
		})
	}
	return nil
}

func (b *Book) loadLaw(ctx context.Context, db bun.IDB) error {
	list, err := all[statusRow](ctx, db, "jurisdiction, from_on, id")
	if err != nil {
		return err
	}
	b.statuses, b.generic = map[string][]Status{}, map[string][]Status{}
	for _, r := range list {
		title := baqylau.ParseText(r.Instrument)
		if title == (baqylau.Text{}) { // as a person typed it
			title = baqylau.Same(r.Instrument)
		}
		s := Status{ID: r.ID, Substance: r.SubstanceID, Family: r.Family, Jurisdiction: r.Jurisdiction, Instrument: title, Schedule: r.Schedule,
			Basis: r.Basis, From: day(r.FromOn), To: day(r.ToOn), Verified: r.Verified, Source: r.Source, Note: r.Note}
		if s.Family != "" {
			b.generic[s.Family] = append(b.generic[s.Family], s)
		} else {
			b.statuses[s.Substance] = append(b.statuses[s.Substance], s)
		}
	}
	return nil
}

func (b *Book) loadSources(ctx context.Context, db bun.IDB) error {
	list, err := all[sourceRow](ctx, db, "code")
	if err != nil {
		return err
	}
	for _, r := range list {
		b.sources = append(b.sources, Source{ID: r.ID, Code: r.Code, Name: baqylau.ParseText(r.Name), OrgID: r.OrgID, Country: r.Country,
			Domain: baqylau.Domain(r.Domain), Outside: r.Outside, Laboratory: r.Laboratory, Purpose: baqylau.ParseText(r.Purpose), Licence: r.Licence})
	}
	return nil
}

// day reads a stored day; NULL is the unknown one.
func day(s string) baqylau.Date {
	d, _, err := baqylau.ParseDate(s)
	if err != nil {
		return baqylau.Date{}
	}
	return d
}
