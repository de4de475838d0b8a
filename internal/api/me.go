package api

import (
	"context"
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
)

// Me is who the token or session belongs to.
type Me struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	Organisation Organisation   `json:"organisation"`
	Domain       baqylau.Domain `json:"domain" doc:"Side of the wall: health, enforcement or neutral."`
	Roles        []access.Role  `json:"roles"`
	Lang         baqylau.Lang   `json:"lang" doc:"Language of this answer."`
	MaxTLP       baqylau.TLP    `json:"max_tlp" doc:"Highest Traffic Light Protocol 2.0 label the organisation is trusted with."`
	Acts         []access.Act   `json:"acts" doc:"What the policy allows, at least on some rows."`
}

// Organisation is an organisation by name.
type Organisation struct {
	ID   string       `json:"id"`
	Name baqylau.Text `json:"name"`
}

func (s *server) me() {
	register(s, operation{id: "me", method: http.MethodGet, path: "/me", act: access.SelfEdit, tag: "account"},
		func(ctx context.Context, a access.Actor, _ *struct{ Common }) (Me, error) {
			m := Me{ID: a.ID, Name: a.Name, Domain: a.Domain, Roles: a.Roles, Lang: a.Lang, MaxTLP: a.MaxTLP, Acts: []access.Act{}}
			var name string
			if err := s.W.DB.Read.NewRaw("SELECT name FROM organisation WHERE id = ?", a.OrgID).Scan(ctx, &name); err != nil {
				return m, store.One(err)
			}
			m.Organisation = Organisation{a.OrgID, baqylau.ParseText(name)}
			for _, act := range access.Acts() {
				if access.May(a, act) {
					m.Acts = append(m.Acts, act)
				}
			}
			return m, nil
		})
}
