package indicator

import (
	"context"

	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// facilities are the sender's own facilities that rows of a file name by their codes: code → identifier. The table is that of package facility, which stands above this one.
func facilities(ctx context.Context, db bun.IDB, o mapping.Origin, rows []*mapping.Row) (map[string]string, error) {
	codes := map[string]string{}
	for _, r := range rows {
		if code := r.Values["facility"]; code != "" {
			codes[code] = ""
		}
	}
	if len(codes) == 0 || db == nil {
		return nil, nil
	}
	asked := make([]string, 0, len(codes))
	for code := range codes {
		asked = append(asked, code)
	}
	in, args := store.In(asked)
	rs, err := db.QueryContext(ctx, "SELECT f.code, f.facility_id FROM facility f WHERE f.org_id = ? AND f.withdrawn_on IS NULL AND "+revealed("f")+" AND f.code IN ("+in+") ORDER BY f.known_on, f.id", append([]any{o.OrgID}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	for rs.Next() {
		var code, id string
		if err := rs.Scan(&code, &id); err != nil {
			return nil, err
		}
		codes[code] = id
	}
	return codes, rs.Err()
}
