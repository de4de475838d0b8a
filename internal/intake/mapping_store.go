package intake

import (
	"context"
	"io/fs"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data/mappings"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
)

// savedMapping is a mapping that can be chosen: one that an organisation saved, newest version, or one that ships with the product.
type savedMapping struct {
	id      string // "" for a shipped one
	file    string // name of a shipped one without its ending
	name    string
	version int
	yaml    string
	at      int64
}

// key names the mapping in addresses and forms.
func (m savedMapping) key() string {
	if m.id == "" {
		return m.file
	}
	return m.id
}

func (m savedMapping) title(c *web.Ctx) string {
	if m.id == "" {
		return m.name
	}
	return c.T("mapping.versioned", "Name", m.name, "Version", m.version)
}

// mappings lists what the person may choose: their organisation's own, and, for those who import for others, what every organisation saved and what
// ships with the product, which is about published sources.
func (s *Service) mappings(c *web.Ctx) ([]savedMapping, error) {
	where, args := "m.org_id = ?", []any{c.Actor.OrgID}
	everything := access.ScopeOf(c.Actor, access.MappingEdit) == access.Everything
	if everything && c.Actor.Domain == baqylau.NeutralDomain {
		where, args = "1=1", nil
	}
	rows, err := s.W.DB.Read.QueryContext(c.Context(), `SELECT m.id, m.name, m.version, m.yaml, m.updated_at FROM mapping m WHERE `+where+`
		AND NOT EXISTS (SELECT 1 FROM mapping n WHERE n.org_id = m.org_id AND n.name = m.name AND n.version > m.version) ORDER BY m.id`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []savedMapping
	for rows.Next() {
		var m savedMapping
		if err := rows.Scan(&m.id, &m.name, &m.version, &m.yaml, &m.at); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	locale.Sort(c.Lang(), out, func(m savedMapping) string { return m.name })
	if everything {
		shipped, err := shippedMappings()
		for i := range shipped {
			shipped[i].name = locale.Code(c.Context(), "shipped_mapping", shipped[i].file)
		}
		return append(out, shipped...), err
	}
	return out, nil
}

func shippedMappings() ([]savedMapping, error) {
	files, err := fs.Glob(mappings.FS, "*.yaml")
	if err != nil {
		return nil, err
	}
	var out []savedMapping
	for _, f := range files {
		b, err := mappings.FS.ReadFile(f)
		if err != nil {
			return nil, err
		}
		m, err := mapping.Parse(b)
		if mapping.NoTarget(err) { // of a room that this program was built without
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, savedMapping{file: strings.TrimSuffix(f, ".yaml"), name: m.Name, yaml: string(b)})
	}
	return out, nil
}

// mappingByKey finds a mapping among those the person may choose. Codes: Invalid at the field "mapping" when none was chosen, NotFound.
func (s *Service) mappingByKey(c *web.Ctx, key string) (savedMapping, error) {
	if key == "" {
		return savedMapping{}, baqylau.E(baqylau.Invalid, "error.choose").On("mapping")
	}
	list, err := s.mappings(c)
	if err != nil {
		return savedMapping{}, err
	}
	for _, m := range list {
		if m.key() == key {
			return m, nil
		}
	}
	return savedMapping{}, baqylau.E(baqylau.NotFound, "error.not_found")
}

// SaveMapping keeps a mapping of the actor's organisation as the next version of its name, unless that says the same already. Codes: Invalid for a mapping with faults.
func (s *Service) SaveMapping(ctx context.Context, actor access.Actor, yaml []byte) (id string, err error) {
	defer baqylau.Wrap(&err, "intake.SaveMapping")
	m, err := mapping.Parse(yaml)
	if err != nil {
		return "", err
	}
	if locale.Fold(m.Name) == "" {
		return "", baqylau.E(baqylau.Invalid, "error.required").On("name")
	}
	id = store.NewID()
	err = s.W.Do(ctx, actor, access.MappingEdit, func(ctx context.Context, tx *change.Tx) error {
		var same string
		if err := tx.NewRaw(`SELECT COALESCE(MAX(id), '') FROM mapping m WHERE org_id = ? AND name = ? AND yaml = ?
			AND version = (SELECT MAX(n.version) FROM mapping n WHERE n.org_id = m.org_id AND n.name = m.name)`, actor.OrgID, m.Name, string(yaml)).Scan(ctx, &same); err != nil {
			return err
		}
		if same != "" { // saved twice: nothing new
			id = same
			tx.Subject("mapping", id, actor.OrgID, map[string]any{"unchanged": true})
			return nil
		}
		var version int
		if err := tx.NewRaw("SELECT COALESCE(MAX(version), 0) + 1 FROM mapping WHERE org_id = ? AND name = ?", actor.OrgID, m.Name).Scan(ctx, &version); err != nil {
			return err
		}
		tx.Subject("mapping", id, actor.OrgID, map[string]any{"version": version})
		_, err := tx.NewRaw("INSERT INTO mapping (id, org_id, name, version, yaml, account_id, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
			id, actor.OrgID, m.Name, version, string(yaml), actor.ID, tx.Now.UnixMicro()).Exec(ctx)
		if store.IsUnique(err) {
			return baqylau.E(baqylau.Conflict, "error.conflict")
		}
		return err
	})
	return id, err
}
