package api

import (
	"context"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry/codelist"
)

type sendInput struct {
	Common
	Once
	Body ReportBody
}

// Sent is the receipt of a report.
type Sent struct {
	ID           string         `json:"id"`
	Receipt      string         `json:"receipt" doc:"Number to quote."`
	OccurrenceID string         `json:"occurrence_id,omitempty"`
	Outcome      intake.Outcome `json:"outcome" doc:"new, same (known already, nothing written) or changed (corrected the report with this source_ref)"`
}

// sendReport records a report of the actor's organisation.
func (s *server) sendReport(ctx context.Context, a access.Actor, in *sendInput) (Sent, error) {
	sub, err := s.submission(ctx, &in.Body)
	if err != nil {
		return Sent{}, err
	}
	var out Sent
	sub.Then = func(rec intake.Recorded) { out = Sent{rec.ReportID, rec.Receipt, rec.OccurrenceID, rec.Outcome} }
	remember(ctx, func() any { return out })
	_, err = s.Intake.Submit(ctx, a, sub)
	return out, err
}

// checker gathers what is wrong with a body.
type checker struct{ es baqylau.Errors }

func (c *checker) bad(field, key string, args ...any) {
	c.es = append(c.es, baqylau.E(baqylau.Invalid, key, args...).On(field))
}

// codes refuses a value that a code list does not have.
func (c *checker) codes(field, list string, values ...string) {
	for _, v := range values {
		if v != "" && !codelist.Has(list, v) {
			c.bad(field, "api.error.code", "List", list)
			return
		}
	}
}

// submission checks what the description cannot say, and turns a body into what the intake takes.
func (s *server) submission(ctx context.Context, b *ReportBody) (sub intake.Submission, err error) {
	var c checker
	sub.Incoming = intake.Incoming{Kind: intake.Kind(b.Kind), Channel: "api", SourceRef: strings.TrimSpace(b.SourceRef), PlaceType: b.PlaceType, Sex: b.Sex, AgeBand: b.AgeBand,
		Text: strings.TrimSpace(b.Text), LabOrgID: b.LabID}
	sub.Level, sub.PersonID = baqylau.Level(b.Level), strings.TrimSpace(b.PersonID)
	if sub.Occurred, sub.Precision, err = baqylau.ParseDate(b.OccurredOn); err != nil {
		c.bad("occurred_on", "api.error.date")
	}
	s.place(&c, b.Region, &sub)
	if !sub.Kind.AboutPersons() {
		for field, v := range map[string]string{"sex": b.Sex, "age_band": b.AgeBand, "person_id": b.PersonID} {
			if v != "" {
				c.bad(field, "api.error.persons_only")
			}
		}
	}
	if (b.Quantity == "") != (b.QuantityUnit == "") {
		c.bad("quantity_unit", "api.error.unit")
	}
	b.check(&c)
	if err := s.checkLab(ctx, &c, b.LabID); err != nil {
		return sub, err
	}
	sub.Detail = b.detail()
	sub.Level = intake.StatedLevel(sub.Level, b.Exposure)
	for i, f := range b.Substances {
		s.finding(&c, "substances["+strconv.Itoa(i)+"]", f, &sub)
	}
	return sub, c.es.OrNil()
}

func (s *server) place(c *checker, code string, sub *intake.Submission) {
	if code == "" {
		return
	}
	r, ok := s.Shelf.Book().Region(code)
	if !ok {
		c.bad("region", "error.choice")
		return
	}
	sub.Region, sub.Country = r.Code, r.Country
}

func (s *server) checkLab(ctx context.Context, c *checker, id string) error {
	if id == "" {
		return nil
	}
	var n int
	if err := s.W.DB.Read.NewRaw("SELECT count(*) FROM organisation WHERE id = ? AND kind = 'laboratory' AND active", id).Scan(ctx, &n); err != nil {
		return err
	}
	if n == 0 {
		c.bad("lab_id", "error.choice")
	}
	return nil
}

// check compares the codes with their lists and looks for characters that do not belong into text.
func (b *ReportBody) check(c *checker) {
	c.codes("place_type", "place-type", b.PlaceType)
	c.codes("sex", "sex", b.Sex)
	c.codes("age_band", "age-band", b.AgeBand)
	c.codes("agency", "agency", b.Agency)
	c.codes("quantity_unit", "unit", b.QuantityUnit)
	c.codes("price_unit", "unit", b.PriceUnit)
	c.codes("form", "product-form", b.Form)
	c.codes("channel", "market", b.Channel)
	c.codes("matrix", "matrix", b.Matrix)
	c.codes("exposure", "exposure", b.Exposure)
	c.codes("route_of_use", "route-of-use", b.RouteOfUse)
	c.codes("care_level", "care-level", b.CareLevel)
	c.codes("seriousness", "seriousness", b.Seriousness...)
	c.codes("tss", "toxicological-significance", b.TSS)
	c.codes("causality", "causality", b.Causality)
	for _, t := range []struct{ field, value string }{{"source_ref", b.SourceRef}, {"text", b.Text}, {"sample_ref", b.SampleRef}, {"person_id", b.PersonID}, {"circumstances", b.Circumstances},
		{"sold_as", b.SoldAs}, {"colour", b.Colour}, {"logo", b.Logo}, {"packaging", b.Packaging}, {"route", b.Route}, {"origin", b.Origin}, {"destination", b.Destination},
		{"online_source", b.OnlineSource}, {"setting", b.Setting}, {"clinical_features", b.Features}, {"antidote", b.Antidote}, {"outcome", b.Outcome}, {"intent", b.Intent}} {
		if readable(t.field, t.value) != nil {
			c.bad(t.field, "error.characters")
		}
	}
}

func (b *ReportBody) detail() intake.Detail {
	d := intake.Detail{Agency: b.Agency, Circumstances: b.Circumstances, Quantity: intake.Amount{Value: b.Quantity, Unit: b.QuantityUnit}, Units: b.Units, Form: b.Form, SoldAs: b.SoldAs,
		Colour: b.Colour, Logo: b.Logo, Packaging: b.Packaging, Route: b.Route, Origin: b.Origin, Destination: b.Destination, PriceUnit: b.PriceUnit, Channel: b.Channel,
		OnlineSource: b.OnlineSource, Matrix: b.Matrix, Setting: b.Setting, Exposure: b.Exposure, RouteOfUse: b.RouteOfUse, Features: b.Features, Antidote: b.Antidote,
		CareLevel: b.CareLevel, Outcome: b.Outcome, Seriousness: b.Seriousness, Intent: b.Intent, TSS: b.TSS, Causality: b.Causality, Persons: b.Persons, SampleRef: b.SampleRef}
	if b.Price != "" {
		d.Price = intake.Amount{Value: b.Price, Unit: "KZT"}
	}
	return d
}

// finding adds one named substance to the submission.
func (s *server) finding(c *checker, field string, b FindingBody, sub *intake.Submission) {
	book := s.Shelf.Book()
	f := intake.Finding{Matched: b.Name, Role: b.Role, Level: baqylau.Level(b.Level), Techniques: b.Techniques, Standard: b.Standard, Purity: b.Purity}
	if f.Role == "" {
		f.Role = "main"
	}
	if f.Level == "" {
		f.Level = sub.Level
	}
	f.Confidence = intake.ConfidenceOf(f.Level)
	c.codes(field+".techniques", "technique", b.Techniques...)
	c.codes(field+".reference_standard", "reference-standard", b.Standard)
	if readable(field, b.Name) != nil {
		c.bad(field+".name", "error.characters")
	}
	named := 0
	for _, v := range []string{b.SubstanceID, b.InChIKey, b.Family, b.Name} {
		if v != "" {
			named++
		}
	}
	if named != 1 {
		c.bad(field, "api.error.one_name")
		return
	}
	switch {
	case b.SubstanceID != "":
		if _, ok := book.Substance(b.SubstanceID); !ok {
			c.bad(field+".substance_id", "error.choice")
		}
		f.SubstanceID = b.SubstanceID
	case b.InChIKey != "":
		x, ok := book.ByInChIKey(b.InChIKey)
		if !ok {
			c.bad(field+".inchikey", "error.choice")
			return
		}
		f.SubstanceID = x.ID
	case b.Family != "":
		if _, ok := book.Family(b.Family); !ok {
			c.bad(field+".family", "error.choice")
		}
		f.Family = b.Family
	default:
		s.byName(b.Name, f, sub)
		return
	}
	sub.Substances = intake.AddFinding(sub.Substances, f)
}

// byName lets recognition read a name, as in a text: it finds, asks or keeps the name as unidentified, and never guesses.
func (s *server) byName(name string, like intake.Finding, sub *intake.Submission) {
	found, asked := intake.Recognise(s.Shelf.Book(), name, like.Level, nil, nil)
	if len(found) == 0 && len(asked) == 0 {
		found = []intake.Finding{{Unidentified: name, Matched: name, Level: baqylau.NotIdentified, Confidence: baqylau.Suspected}}
	}
	for _, f := range found {
		f.Role, f.Techniques, f.Standard, f.Purity = like.Role, like.Techniques, like.Standard, like.Purity
		sub.Substances = intake.AddFinding(sub.Substances, f)
	}
	sub.Questions = append(sub.Questions, asked...)
}
