package alert

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/alert/cap"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/uptrace/bun"
)

// identifier names a version in CAP; the first has the number itself.
func identifier(c Communication) string {
	if c.Version == 1 {
		return c.Ref
	}
	return fmt.Sprintf("%s.%d", c.Ref, c.Version)
}

// sender is the centre in CAP.
func (s *Service) sender() string { return "ews@" + s.host() }

// CAP is the CAP 1.2 message of a public communication in its present state: Alert, Update that names the versions before it, or Cancel
// once it was cancelled or retracted. Codes: NotFound when it is not public.
func (s *Service) CAP(ctx context.Context, db bun.IDB, ref string) (_ []byte, at time.Time, err error) {
	defer baqylau.Wrap(&err, "alert.CAP(%s)", ref)
	c, err := public(ctx, db, ref)
	if err != nil {
		return nil, at, err
	}
	before, err := query(ctx, db, "c.root_id = ? AND c.issued_at > 0 AND c.version < ? AND c.public AND c.tlp = 'CLEAR' ORDER BY c.version", c.RootID, c.Version)
	if err != nil {
		return nil, at, err
	}
	country, err := Country(ctx, db)
	if err != nil {
		return nil, at, err
	}
	if err := withPhotos(ctx, db, &c); err != nil {
		return nil, at, err
	}
	a := s.message(ctx, c, before, country)
	at = c.IssuedAt
	if c.State == Cancelled || c.State == Retracted {
		at = c.EndedAt
		a = cap.Follow(a, "Cancel", identifier(c)+".cancel", at.In(change.Zone))
		a.Note = c.EndReason.In(baqylau.English)
		for i := range a.Infos {
			l, _, _ := strings.Cut(a.Infos[i].Language, "-")
			in := locale.With(ctx, baqylau.Lang(l))
			a.Infos[i].Headline = locale.T(in, "alert."+string(c.State)+".headline", "Title", a.Infos[i].Headline)
			a.Infos[i].Description, a.Infos[i].Instruction = c.EndReason.In(baqylau.Lang(l)), ""
			a.Infos[i].Resources = nil
		}
	}
	var b bytes.Buffer
	err = cap.Write(&b, a)
	return b.Bytes(), at, err
}

func (s *Service) message(ctx context.Context, c Communication, before []Communication, country string) cap.Alert {
	a := cap.Alert{Identifier: identifier(c), Sender: s.sender(), Sent: cap.Time{Time: c.IssuedAt.In(change.Zone)}, Status: s.status(), MsgType: "Alert", Scope: "Public"}
	for _, b := range before {
		a.MsgType = "Update"
		a.References = append(a.References, cap.Reference{Sender: s.sender(), Identifier: identifier(b), Sent: cap.Time{Time: b.IssuedAt.In(change.Zone)}})
	}
	urgency, severity := cap.Grade(c.Severity)
	for _, l := range baqylau.Langs {
		t := func(b Block) string { return c.Content[b].Exact(l) }
		if t(Title) == "" {
			continue
		}
		in := locale.With(ctx, l)
		info := cap.Info{Language: string(l), Categories: []string{"Health"}, Event: locale.Code(in, "communication", string(c.Type)), ResponseTypes: []string{"Avoid", "Monitor"},
			Urgency: urgency, Severity: severity, Certainty: cap.Certainty(c.Confidence), SenderName: s.issuer(in), Headline: t(Title),
			Description: s.paragraphs(in, c, Summary, Confirmed, Uncertain, Signs), Instruction: t(Advice), Web: s.BaseURL + "/public/" + c.Ref, Contact: t(Contact),
			Parameters: []cap.Pair{{Name: "TLP", Value: string(c.TLP)}, {Name: "Severity", Value: string(c.Severity)}, {Name: "Confidence", Value: string(c.Confidence)}}, Resources: s.resources(c.Photos, l)}
		if !c.ExpiresAt.IsZero() {
			info.Expires = cap.Time{Time: c.ExpiresAt.In(change.Zone)}
		}
		if sub, ok := s.Shelf.Book().Substance(c.SubstanceID); ok && sub.InChIKey != "" {
			info.EventCodes = []cap.Pair{{Name: "InChIKey", Value: sub.InChIKey}}
		}
		for _, r := range or(c.Regions, country) {
			info.Areas = append(info.Areas, cap.Area{Desc: s.places(in, []string{r}, country), Geocodes: []cap.Pair{{Name: s.scheme(r), Value: r}}})
		}
		a.Infos = append(a.Infos, info)
	}
	return a
}

// scheme names the code list of a place; a county of an outside source has a code of our own making.
func (s *Service) scheme(code string) string {
	r, known := s.Shelf.Book().Region(code)
	switch {
	case known && r.Outside:
		return "region"
	case known || len(code) > 2:
		return "ISO 3166-2"
	}
	return "ISO 3166-1"
}

func or(regions []string, country string) []string {
	if len(regions) == 0 {
		return []string{country}
	}
	return regions
}

// paragraphs joins blocks, each after the first under its name.
func (s *Service) paragraphs(ctx context.Context, c Communication, blocks ...Block) string {
	var parts []string
	for _, b := range blocks {
		if t := c.Content[b].Exact(locale.Lang(ctx)); t != "" {
			if b != Summary {
				t = locale.T(ctx, "alert.block."+string(b)) + ": " + t
			}
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, "\n\n")
}

// public finds the newest issued version of a communication that everyone may read. Codes: NotFound.
func public(ctx context.Context, db bun.IDB, ref string) (Communication, error) {
	c, err := one(ctx, db, "c.ref = ? AND c.issued_at > 0 ORDER BY c.version DESC", ref)
	if err == nil && !c.Open() {
		err = baqylau.E(baqylau.NotFound, "error.not_found")
	}
	return c, err
}

// status is what CAP calls the reality of a message: Exercise in a demonstration, so that no receiver acts on it.
func (s *Service) status() string {
	if s.Exercise {
		return "Exercise"
	}
	return "Actual"
}
