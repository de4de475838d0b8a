package registry

import (
	"context"
	"regexp"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

var (
	keyShape     = regexp.MustCompile(`^[A-Z]{14}-[A-Z]{10}-[A-Z]$`)         // IUPAC InChI Technical Manual
	formulaShape = regexp.MustCompile(`^([A-Z][a-z]?[0-9]*[.·+-]?)+$`)       // Hill notation, salts by a dot
	smilesShape  = regexp.MustCompile(`^[A-Za-z0-9@+\-\[\]()=#$/\\.%:~*]*$`) // its alphabet; chemistry is checked where structures are drawn
)

// Enter adds a substance that the registry lacks, as a candidate until a laboratory or a source confirms it. x.Name, at least one
// chemical family and, if known, its identifiers. Codes: Forbidden, Conflict for a name or InChIKey that another has, Errors per field.
func (s *Service) Enter(ctx context.Context, actor access.Actor, x Substance) (id string, err error) {
	defer baqylau.Wrap(&err, "registry.Enter")
	if err := access.Check(actor, access.RegistryEdit); err != nil {
		return "", err
	}
	if err := s.checkSubstance(x); err != nil {
		return "", err
	}
	id = store.NewID()
	return id, s.do(ctx, actor, func(ctx context.Context, tx *change.Tx) error {
		x.Label.EN = x.Name
		row := substanceRow{ID: id, Name: x.Name, Fold: locale.Fold(x.Name), Label: x.Label.JSON(), Inchikey: x.InChIKey, Smiles: x.SMILES, Formula: x.Formula,
			Cas: strings.Join(x.CAS, "|"), Watch: x.Watch, WatchReason: x.WatchReason, State: "candidate", Source: x.Source, UpdatedAt: tx.Now.UnixMicro()}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			if store.IsUnique(err) {
				return baqylau.E(baqylau.Conflict, "error.registry.substance_known").On("name")
			}
			return err
		}
		for _, n := range []struct {
			text string
			lang baqylau.Lang
		}{{x.Name, ""}, {x.Label.KK, baqylau.Kazakh}, {x.Label.RU, baqylau.Russian}} {
			if n.text == "" {
				continue
			}
			name := nameRow{ID: store.NewID(), SubstanceID: id, Text: n.text, Fold: locale.Fold(n.text), Lang: string(n.lang), Type: string(Common),
				Confidence: string(baqylau.Confirmed), Source: x.Source}
			if _, err := tx.NewInsert().Model(&name).Exec(ctx); err != nil {
				return err
			}
		}
		for _, f := range x.Families {
			if _, err := tx.NewInsert().Model(&memberRow{SubstanceID: id, Family: f}).Exec(ctx); err != nil {
				return err
			}
		}
		tx.Subject("substance", id, "", map[string]any{"entered": true, "inchikey": x.InChIKey, "watch": x.Watch})
		return nil
	})
}

func (s *Service) checkSubstance(x Substance) error {
	var errs baqylau.Errors
	bad := func(field, key string) { errs = append(errs, baqylau.E(baqylau.Invalid, key).On(field)) }
	b := s.Shelf.Book()
	if len(compact(x.Name)) < 2 {
		bad("name", "error.registry.name_short")
	} else if _, ok := b.ByName(x.Name); ok {
		errs = append(errs, baqylau.E(baqylau.Conflict, "error.registry.substance_known").On("name"))
	}
	if x.InChIKey != "" && !keyShape.MatchString(x.InChIKey) {
		bad("inchikey", "error.registry.inchikey")
	} else if _, ok := b.ByInChIKey(x.InChIKey); ok {
		errs = append(errs, baqylau.E(baqylau.Conflict, "error.registry.substance_known").On("inchikey"))
	}
	if x.Formula != "" && !formulaShape.MatchString(x.Formula) {
		bad("formula", "error.registry.formula")
	}
	if !smilesShape.MatchString(x.SMILES) {
		bad("smiles", "error.registry.smiles")
	}
	for _, c := range x.CAS {
		if !validCAS(c) {
			bad("cas", "error.registry.cas")
			break
		}
	}
	if len(x.Families) == 0 {
		bad("family", "error.choose")
	}
	for _, code := range x.Families {
		if _, ok := b.Family(code); !ok {
			bad("family", "error.choice")
			break
		}
	}
	return errs.OrNil()
}

// validCAS checks the shape and check digit of a CAS registry number (Chemical Abstracts Service): the digits before the last,
// weighted 1, 2, 3 … from the right, sum to it modulo ten.
func validCAS(s string) bool {
	parts := strings.Split(s, "-")
	if len(parts) != 3 || len(parts[0]) < 2 || len(parts[0]) > 7 || len(parts[1]) != 2 || len(parts[2]) != 1 {
		return false
	}
	digits, sum := strings.Join(parts, ""), 0
	for i, r := range digits {
		if r < '0' || r > '9' {
			return false
		}
		sum += (len(digits) - 1 - i) * int(r-'0')
	}
	return sum%10 == int(digits[len(digits)-1]-'0')
}
