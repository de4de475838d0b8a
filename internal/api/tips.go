package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
)

type tipInput struct {
	Common
	Once
	Body struct {
		Text       string `json:"text" minLength:"1" maxLength:"4000" doc:"What was seen, in Kazakh, Russian or English."`
		Region     string `json:"region,omitempty" maxLength:"12" doc:"ISO 3166-2"`
		OccurredOn string `json:"occurred_on,omitempty" maxLength:"10" doc:"ISO 8601: 2026-11-25, 2026-11 or 2026"`
		Contact    string `json:"contact,omitempty" maxLength:"200" doc:"Only if the sender wants to be asked."`
	}
}

// TipReceipt proves that a tip was received. Whoever has it can ask what became of the tip, so it is shown to the sender alone.
type TipReceipt struct {
	Receipt string `json:"receipt"`
}

func (s *server) tipOperations() {
	registerOnce(s, operation{id: "sendTip", method: http.MethodPost, path: "/tips", act: access.TipCreate, tag: "tips", status: http.StatusCreated, maxBody: 32 << 10, perIP: s.tips},
		func(ctx context.Context, a access.Actor, in *tipInput) (TipReceipt, error) {
			var c checker
			sub := intake.Submission{Incoming: intake.Incoming{Kind: intake.Tip, Channel: "tip", Text: strings.TrimSpace(in.Body.Text), Detail: intake.Detail{Contact: in.Body.Contact}}}
			var err error
			if sub.Occurred, sub.Precision, err = baqylau.ParseDate(in.Body.OccurredOn); err != nil {
				c.bad("occurred_on", "api.error.date")
			}
			s.place(&c, in.Body.Region, &sub)
			for field, v := range map[string]string{"text": in.Body.Text, "contact": in.Body.Contact} {
				if readable(field, v) != nil {
					c.bad(field, "error.characters")
				}
			}
			if c.es != nil {
				return TipReceipt{}, c.es
			}
			var out TipReceipt
			sub.Then = func(rec intake.Recorded) { out = TipReceipt{rec.Receipt} }
			remember(ctx, func() any { return out })
			_, err = s.Intake.Submit(ctx, a, sub)
			return out, err
		}, nil)
}
