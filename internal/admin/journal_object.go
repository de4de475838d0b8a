package admin

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
)

// objectName is the SQL of what the row of an entry is called, the empty text where it has no name or the reader may not see it, and its arguments: whoever reads
// the journal of their organisation sees that organisation's entries alone, and a receipt is for those who read that report. The receipt of a tip is its
// sender's key and is never shown here.
func objectName(a access.Actor) (string, []any) {
	mine, args := access.Where(a, access.ReportRead, "x")
	return `COALESCE(CASE e.object_type WHEN 'account' THEN (SELECT x.name FROM account x WHERE x.id = e.object_id)
		WHEN 'organisation' THEN (SELECT x.name FROM organisation x WHERE x.id = e.object_id)
		WHEN 'substance' THEN (SELECT x.label FROM substance x WHERE x.id = e.object_id)
		WHEN 'source' THEN (SELECT x.name FROM source x WHERE x.id = e.object_id)
		WHEN 'batch' THEN (SELECT x.ref FROM batch x WHERE x.id = e.object_id)
		WHEN 'communication' THEN (SELECT x.ref FROM communication x WHERE x.id = e.object_id)
		WHEN 'report' THEN (SELECT x.receipt FROM report x WHERE x.id = e.object_id AND x.kind <> 'tip' AND ` + mine + `) END, '')`, args
}

// called is the name of an entry's row in the reader's language, else a short form of its identifier.
func (l line) called(ctx context.Context) string {
	name := l.object
	if strings.HasPrefix(name, "{") {
		name = baqylau.ParseText(name).In(locale.Lang(ctx))
	}
	switch {
	case name != "":
		return name
	case l.Type == "registry" || l.Type == "setting": // what was loaded or set, by its own word
		if locale.Has("code.audit_part." + l.ObjectID) {
			return locale.Code(ctx, "audit_part", l.ObjectID)
		}
	case l.Type == "export" || l.Type == "saved_view":
		if key := "nav." + l.ObjectID; l.ObjectID == "journal" {
			return locale.T(ctx, "nav.audit")
		} else if locale.Has(key) { // lists are named as their rooms are
			return locale.T(ctx, key)
		}
	}
	return shortID(l.ObjectID)
}

// shortID is the random end of an identifier, enough to tell rows of a page apart; other values stay as they are.
func shortID(id string) string {
	if len(id) == 36 && strings.Count(id, "-") == 4 {
		return "…" + id[28:]
	}
	return id
}

// actorShown names the person whose entries are shown.
func (s *Service) actorShown(all bool) func(c *web.Ctx, id string) string {
	return func(c *web.Ctx, id string) string {
		var name, org string
		err := s.W.DB.Read.NewRaw("SELECT name, org_id FROM account WHERE id = ?", id).Scan(c.Context(), &name, &org)
		if err != nil || !all && org != c.Actor.OrgID {
			return shortID(id)
		}
		return name
	}
}

// dayShown writes a day of the filter as the page writes days.
func dayShown(c *web.Ctx, v string) string {
	if d, _, err := baqylau.ParseDate(v); err == nil && !d.IsZero() {
		return locale.Date(c.Context(), d)
	}
	return v
}
