package tdi

import (
	"errors"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
)

// What a field can be wrong about; the caller says it in the reader's words.
var (
	ErrField = errors.New("no such field")
	ErrCode  = errors.New("not a code of the list")
	ErrYears = errors.New("not a whole number of years")
	ErrDate  = errors.New("not a date")
)

// Fields lists the fields of an episode as files, forms and the API name them, in their order: who and where, then the protocol's items.
func Fields() []string {
	fs := []string{FieldStart, FieldPerson, FieldFacility, FieldRegion, Centre.Key(), Status.Key(), Referral.Key(), Sex.Key(), FieldAge, LivingWith.Key(), LivingChildren.Key(),
		LivingWhere.Key(), Education.Key(), Labour.Key(), Primary.Key(), Route.Key(), Frequency.Key(), FieldFirstUse, FieldSecond, Polydrug.Key(), Injecting.Key(), FieldFirstInj,
		InjectingYears.Key(), HIV.Key(), HCV.Key(), Sharing.Key(), OAT.Key(), FieldFirstOAT, OATYears.Key()}
	return fs
}

// ItemOf is the coded item of a field; ok is false for numbers, days and texts.
func ItemOf(field string) (Item, bool) {
	i := slices.IndexFunc(items[:], func(x struct {
		key  string
		list *List
	}) bool {
		return x.key == field
	})
	return Item(max(i, 0)), i >= 0
}

// Put gives a field the value that a file or a form says for it; the empty one is "not known". Drugs may be national leaves: their code is that of the year of the
// start, so the start is put first. The person is not put here: a personal number becomes a key before it comes near an episode.
func (e *Episode) Put(field, value string) error {
	if i, ok := ItemOf(field); ok {
		return e.putItem(i, value)
	}
	number := func(y *Years) error {
		*y = Unknown
		if value == "" {
			return nil
		}
		n, err := strconv.ParseUint(value, 10, 12)
		if err != nil {
			return ErrYears
		}
		*y = Years(n)
		return nil
	}
	switch field {
	case FieldStart:
		d, p, err := baqylau.ParseDate(value)
		if err != nil {
			return ErrDate
		}
		e.Start, e.Precision = d, p
	case FieldFacility:
		e.Facility = value
	case FieldRegion:
		e.Region = value
	case FieldAge:
		return number(&e.Age)
	case FieldFirstUse:
		return number(&e.FirstUse)
	case FieldFirstInj:
		return number(&e.FirstInj)
	case FieldFirstOAT:
		return number(&e.FirstOAT)
	case FieldSecond:
		us, err := ParseUses(value, func(s string) (Code, string, bool) { return Drug(s, e.Start.Time().Year()) })
		if err != nil {
			return ErrCode
		}
		e.Secondary = us
	default:
		return ErrField
	}
	return nil
}

func (e *Episode) putItem(i Item, value string) error {
	if i != Primary || value == "" {
		if !e.Set(i, value) {
			return ErrCode
		}
		return nil
	}
	c, leaf, ok := Drug(value, e.Start.Time().Year())
	if !ok {
		return ErrCode
	}
	e.Codes[Primary], e.Leaf = c, leaf
	return nil
}
