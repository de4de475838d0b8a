package due

import (
	"context"
	"net/http"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/due/ics"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/web"
)

// NewFeed gives the actor a secret calendar address, shown once; an earlier one stops working.
func (s *Service) NewFeed(ctx context.Context, actor access.Actor) (address string, err error) {
	token := secret.NewToken()
	err = s.W.Do(ctx, actor, access.SelfEdit, func(ctx context.Context, tx *change.Tx) error {
		_, err := tx.NewRaw("INSERT INTO calendar_token (account_id, token_hash) VALUES (?, ?) ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash",
			actor.ID, secret.Hash(token)).Exec(ctx)
		tx.Subject("account", actor.ID, actor.OrgID, map[string]any{"own": "calendar"})
		return err
	})
	return s.BaseURL() + "/calendar/" + token + ".ics", err
}

// EndFeed makes the actor's calendar address stop working.
func (s *Service) EndFeed(ctx context.Context, actor access.Actor) error {
	return s.W.Do(ctx, actor, access.SelfEdit, func(ctx context.Context, tx *change.Tx) error {
		_, err := tx.NewRaw("DELETE FROM calendar_token WHERE account_id = ?", actor.ID).Exec(ctx)
		tx.Subject("account", actor.ID, actor.OrgID, map[string]any{"own": "calendar_ended"})
		return err
	})
}

// serveFeed answers a calendar program: whoever has the address reads the titles and times of one person's items and duties.
func (s *Service) serveFeed(c *web.Ctx) error {
	ctx := c.Context()
	name, ok := strings.CutSuffix(c.Path("file"), ".ics")
	owner, err := s.feedOwner(ctx, name)
	if !ok || err != nil || owner.ID == "" {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	in := locale.With(ctx, owner.Lang)
	cal := ics.Calendar{Name: locale.T(in, "due.calendar.name"), Lang: owner.Lang, Stamp: c.Now()}
	items, err := s.List(ctx, owner, 500)
	if err != nil {
		return err
	}
	for _, x := range items {
		cal.Events = append(cal.Events, ics.Event{UID: x.ID + "@" + s.Host, Start: x.DueAt, Summary: x.Title.In(owner.Lang), URL: s.BaseURL() + x.Path})
	}
	duties, err := spans(ctx, s.W.DB.Read, "SELECT d.id, a.id, a.name, d.from_on, d.to_on FROM duty d JOIN account a ON a.id = d.account_id WHERE a.id = ? ORDER BY d.from_on", owner.ID)
	if err != nil {
		return err
	}
	for _, d := range duties {
		for day := d.From; !day.After(d.To); day = day.AddDays(1) {
			cal.Events = append(cal.Events, ics.Event{UID: d.ID + "-" + day.String() + "@" + s.Host, Day: day, Summary: locale.T(in, "due.on_duty"), URL: s.BaseURL() + "/duty"})
		}
	}
	c.W.Header().Set("Content-Type", ics.MediaType)
	c.W.Header().Set("Cache-Control", "private, no-cache")
	c.W.WriteHeader(http.StatusOK)
	return ics.Write(c.W, cal)
}

// feedOwner is the actor whose calendar a token opens; the zero Actor for none. The account must be active.
func (s *Service) feedOwner(ctx context.Context, token string) (a access.Actor, err error) {
	rows, err := s.W.DB.Read.QueryContext(ctx, `SELECT a.id, a.name, a.org_id, o.domain, a.lang, COALESCE(r.role, '') FROM calendar_token t JOIN account a ON a.id = t.account_id
		JOIN organisation o ON o.id = a.org_id LEFT JOIN account_role r ON r.account_id = a.id WHERE t.token_hash = ? AND a.state = 'active'`, secret.Hash(token))
	if err != nil {
		return a, err
	}
	defer rows.Close()
	for rows.Next() {
		var role access.Role
		if err := rows.Scan(&a.ID, &a.Name, &a.OrgID, &a.Domain, &a.Lang, &role); err != nil {
			return a, err
		}
		a.Roles = append(a.Roles, role)
	}
	return a, rows.Err()
}
