package alert

import (
	"context"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// Save keeps a draft: a new one when id is "", else the changed text of a draft or of a refused one, which becomes a draft again.
// token is that of the state the writer saw. A draft may be incomplete. Codes: Invalid, Forbidden, NotFound, Conflict.
func (s *Service) Save(ctx context.Context, actor access.Actor, id string, token int64, d Draft) (_ string, err error) {
	defer baqylau.Wrap(&err, "alert.Save(%s)", id)
	if err := d.check(); err != nil {
		return "", err
	}
	err = s.W.Do(ctx, actor, access.AlertDraft, func(ctx context.Context, tx *change.Tx) error {
		if !d.TLP.Allows(actor.MaxTLP) {
			return baqylau.E(baqylau.Invalid, "alert.error.tlp").On("tlp")
		}
		if id == "" {
			id = store.NewID()
			return insert(ctx, tx, id, id, 1, "", "", "draft", d)
		}
		c, err := lock(ctx, tx, id, token)
		if err != nil {
			return err
		}
		if c.State != Drafted && c.State != Refused {
			return conflict()
		}
		if c.Version > 1 && c.Type != d.Type {
			return baqylau.E(baqylau.Invalid, "alert.error.type").On("type")
		}
		return move(ctx, tx, &c, "edit", Drafted, "", `type = ?, signal_id = ?, substance_id = ?, tlp = ?, public = ?, severity = ?, confidence = ?, regions = ?, content = ?,
			figures = ?, expires_at = ?, drafted_by = ?, reviewed_by = NULL, cleared_by = NULL, text_fold = ?`, string(d.Type), store.Null(d.SignalID), store.Null(d.SubstanceID), string(d.TLP),
			d.Public, string(d.Severity), string(d.Confidence), strings.Join(d.Regions, ","), toJSON(d.Content), toJSON(d.Figures), store.Micros(expiry(d.Expires)), actor.ID,
			fold(c.Ref, d.Content))
	})
	return id, err
}

// insert writes a new version as a draft of the actor, with its first event.
func insert(ctx context.Context, tx *change.Tx, id, root string, version int, ref, supersedes, act string, d Draft) error {
	now := tx.Now.UnixMicro()
	if d.Figures == nil {
		d.Figures = []Figure{}
	}
	if _, err := tx.NewRaw(`INSERT INTO communication (id, root_id, ref, type, signal_id, substance_id, state, version, tlp, public, severity, confidence, regions, content, figures,
		drafted_by, expires_at, supersedes_id, text_fold, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, root, ref, string(d.Type), store.Null(d.SignalID), store.Null(d.SubstanceID), version, string(d.TLP), d.Public, string(d.Severity), string(d.Confidence),
		strings.Join(d.Regions, ","), toJSON(d.Content), toJSON(d.Figures), tx.Actor.ID, store.Micros(expiry(d.Expires)), store.Null(supersedes), fold(ref, d.Content), now, now).Exec(ctx); err != nil {
		if store.IsUnique(err) {
			return baqylau.E(baqylau.Conflict, "alert.error.update_open").Because(err)
		}
		return err
	}
	_, err := tx.NewRaw(`INSERT INTO communication_event (id, communication_id, at, account_id, act, from_state, to_state) VALUES (?, ?, ?, ?, ?, '', 'draft')`,
		store.NewID(), id, now, tx.Actor.ID, act).Exec(ctx)
	tx.Subject("communication", id, tx.Actor.OrgID, map[string]any{"step": act, "version": version, "type": d.Type})
	return err
}

// check refuses what could not be stored; it does not ask for completeness.
func (d Draft) check() error {
	var es baqylau.Errors
	for _, f := range []struct {
		field string
		ok    bool
	}{
		{"type", slices.Contains(Types, d.Type)}, {"tlp", slices.Contains(baqylau.TLPs, d.TLP)}, {"severity", slices.Contains(baqylau.Severities, d.Severity)},
		{"confidence", slices.Contains(baqylau.Confidences, d.Confidence)},
	} {
		if !f.ok {
			es = append(es, baqylau.E(baqylau.Invalid, "alert.error.choose").On(f.field))
		}
	}
	if d.Public && d.TLP != baqylau.TLPClear {
		es = append(es, baqylau.E(baqylau.Invalid, "alert.error.public").On("public"))
	}
	if d.Content[Title] == (baqylau.Text{}) {
		es = append(es, baqylau.E(baqylau.Invalid, "alert.error.title").On("title_ru"))
	}
	return es.OrNil()
}
