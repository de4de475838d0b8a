package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// sourceOf returns the source row of the actor's organisation, made at its first report; tips share one.
func sourceOf(ctx context.Context, tx *change.Tx, actor access.Actor, home string) (id string, err error) {
	if actor.OrgID != "" {
		return SourceOfOrg(ctx, tx, actor.OrgID, home)
	}
	return addSource(ctx, tx, "tips", nil, baqylau.Text{KK: "Ашық хабарламалар", RU: "Сообщения без учётной записи", EN: "Tips without an account"}.JSON(), "neutral", home)
}

// orgSource begins the code of an organisation's source; the organisation's own code follows.
const orgSource = "org:"

// SourceOfOrg is the source row of what an organisation sends by itself, made at its first report or record; home is the centre's own country.
func SourceOfOrg(ctx context.Context, tx *change.Tx, orgID, home string) (id string, err error) {
	var code, name, domain string
	if err := tx.NewRaw("SELECT code, name, domain FROM organisation WHERE id = ?", orgID).Scan(ctx, &code, &name, &domain); err != nil {
		return "", store.One(err)
	}
	return addSource(ctx, tx, orgSource+code, orgID, name, domain, home)
}

func addSource(ctx context.Context, tx *change.Tx, code string, org any, name, domain, home string) (id string, err error) {
	if _, err := tx.NewRaw("INSERT INTO source (id, code, name, org_id, country, domain) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING",
		store.NewID(), code, name, org, home, domain).Exec(ctx); err != nil { // of two first reports at once the second waits here for the first
		return "", err
	}
	err = tx.NewRaw("SELECT id FROM source WHERE code = ?", code).Scan(ctx, &id)
	return id, err
}

// knownSource is sourceOf as it was committed before, "" before the first report.
func (s *Service) knownSource(ctx context.Context, actor access.Actor) (id string, err error) {
	err = store.One(s.W.DB.Kept().QueryRowContext(ctx, "SELECT id FROM source WHERE code = COALESCE((SELECT '"+orgSource+"' || code FROM organisation WHERE id = ?), 'tips')", actor.OrgID).Scan(&id))
	if baqylau.CodeOf(err) == baqylau.NotFound {
		return "", nil
	}
	return id, err
}
