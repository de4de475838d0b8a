package api

import (
	"context"
	"net/http"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert"
)

// Communication is what the centre issued: its newest issued version.
type Communication struct {
	Ref         string                  `json:"ref"`
	Version     int                     `json:"version"`
	Type        alert.Type              `json:"type" doc:"FN, AL, AD, UP, BR, PW or SR"`
	State       alert.State             `json:"state" doc:"issued while it is in force; expired, cancelled or retracted afterwards"`
	TLP         baqylau.TLP             `json:"tlp"`
	Public      bool                    `json:"public"`
	Severity    baqylau.Severity        `json:"severity"`
	Confidence  baqylau.Confidence      `json:"confidence"`
	Regions     []string                `json:"regions" doc:"Codes; none is the whole country."`
	SubstanceID string                  `json:"substance_id,omitempty"`
	IssuedAt    time.Time               `json:"issued_at"`
	ExpiresAt   *time.Time              `json:"expires_at,omitempty"`
	EndedAt     *time.Time              `json:"ended_at,omitempty"`
	EndReason   *baqylau.Text           `json:"end_reason,omitempty" doc:"Why it was cancelled or retracted."`
	Content     map[string]baqylau.Text `json:"content" doc:"title, summary, confirmed, uncertain, signs, advice, response, sources, contact"`
	Figures     []alert.Figure          `json:"figures" doc:"Numbers cleared with it."`
}

type communicationQuery struct {
	Listing
	Type      string `query:"type" enum:"FN,AL,AD,UP,BR,PW,SR"`
	State     string `query:"state" enum:"issued,expired,cancelled,retracted"`
	Severity  string `query:"severity" enum:"red,amber,yellow,green"`
	Substance string `query:"substance" maxLength:"64" doc:"Identifier."`
}

func (s *server) communications() {
	register(s, operation{id: "listCommunications", method: http.MethodGet, path: "/communications", act: access.CommsReceive, tag: "communications"},
		func(ctx context.Context, a access.Actor, in *communicationQuery) (p Page[Communication], err error) {
			var f filter
			scope, args := alert.Scope(a)
			f.and("c.issued_at > 0 AND " + alert.Newest)
			f.and(scope, args...)
			f.when(in.Type, "c.type = ?")
			f.when(in.State, "c.state = ?")
			f.when(in.Severity, "c.severity = ?")
			f.when(in.Substance, "c.substance_id = ?")
			found, err := ids(ctx, s.W.DB.Read, "communication c", "c.id", f, in.Listing)
			if err != nil {
				return p, err
			}
			return each(found, func(id string) (Communication, error) {
				c, err := alert.Get(ctx, s.W.DB.Read, a, id)
				return communicationOf(c), err
			})
		})
	register(s, operation{id: "getCommunication", method: http.MethodGet, path: "/communications/{ref}", act: access.CommsReceive, tag: "communications"},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			Ref string `path:"ref" maxLength:"64" doc:"Number, such as KZ-EWS-AL-2026-0001."`
		}) (Communication, error) {
			c, err := alert.ByRef(ctx, s.W.DB.Read, a, in.Ref)
			return communicationOf(c), err
		})
}

func communicationOf(c alert.Communication) Communication {
	out := Communication{Ref: c.Ref, Version: c.Version, Type: c.Type, State: c.State, TLP: c.TLP, Public: c.Public, Severity: c.Severity, Confidence: c.Confidence, Regions: orEmpty(c.Regions),
		SubstanceID: c.SubstanceID, IssuedAt: c.IssuedAt, ExpiresAt: instant(c.ExpiresAt), EndedAt: instant(c.EndedAt), Content: map[string]baqylau.Text{}, Figures: orEmpty(c.Figures)}
	if c.EndReason != (baqylau.Text{}) {
		out.EndReason = &c.EndReason
	}
	for b, t := range c.Content {
		out.Content[string(b)] = t
	}
	return out
}
