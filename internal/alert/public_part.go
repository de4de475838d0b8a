package alert

import (
	"context"
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/ui"
)

func (s *Service) day(t time.Time) baqylau.Date { return change.Today(t) }

func publicTags(ctx context.Context, m Communication) []templ.Component {
	tags := []templ.Component{ui.Severity(m.Severity), ui.Confidence(m.Confidence)}
	if m.State != Issued {
		tags = append(tags, stateOf(ctx, m))
	}
	return tags
}

func (s *Service) publicSub(ctx context.Context, m Communication, country string) []string {
	return []string{s.places(ctx, m.Regions, country), locale.DateLong(ctx, s.day(m.IssuedAt))}
}

// publicBlocks are the blocks after the summary and what to do. What services can do is not for the readers of a public warning.
func publicBlocks(m Communication) []Block {
	list := []Block{Signs, Confirmed, Uncertain}
	if m.Type != PublicWarning {
		list = append(list, Response)
	}
	return append(list, Contact, Sources)
}

func (s *Service) publicFacts(ctx context.Context, m Communication) []ui.Fact {
	f := []ui.Fact{{Name: locale.T(ctx, "alert.col.ref"), Value: ui.Code(m.Ref)}, {Name: locale.T(ctx, "alert.by"), Value: ui.Text(s.issuer(ctx))},
		{Name: locale.T(ctx, "alert.col.issued"), Value: ui.Moment(m.IssuedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, m.IssuedAt))}}
	if m.Version > 1 {
		f = append(f, ui.Fact{Name: locale.T(ctx, "alert.versions"), Value: ui.Text(locale.T(ctx, "alert.version", "Version", m.Version))})
	}
	if !m.Expires.IsZero() {
		f = append(f, ui.Fact{Name: locale.T(ctx, "alert.expires"), Value: ui.Moment(m.Expires.String(), locale.Date(ctx, m.Expires))})
	}
	return f
}
