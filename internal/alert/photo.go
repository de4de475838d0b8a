package alert

import (
	"context"
	"crypto/sha1" //nolint:gosec // CAP 1.2 names this digest; nothing here rests on its strength
	"encoding/hex"
	"io"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/media"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// maxPhotos bounds the photos of a communication: a reader must find the text.
const maxPhotos = 4

// Photo is a picture that goes with a communication, without its bytes.
type Photo struct {
	ID            string
	Alt           baqylau.Text // what it shows, for those who do not see it
	MIME          string
	Width, Height int   // pixels
	Size          int64 // bytes
	SHA1          string
}

// AddPhoto puts a photo, cleaned of what it says besides its picture, to a draft. token is that of the state the writer saw.
// Codes: Invalid, TooMany, Forbidden, NotFound, Conflict.
func (s *Service) AddPhoto(ctx context.Context, actor access.Actor, id string, token int64, r io.Reader, alt baqylau.Text) (err error) {
	defer baqylau.Wrap(&err, "alert.AddPhoto(%s)", id)
	f, err := media.Clean(r, media.Photos)
	if err != nil {
		return err
	}
	sum := sha1.Sum(f.Data) //nolint:gosec // as above
	return s.redraft(ctx, actor, id, token, func(ctx context.Context, tx *change.Tx, c Communication) error {
		var n, last int
		if err := tx.NewRaw("SELECT count(*), COALESCE(MAX(position), 0) FROM communication_photo WHERE communication_id = ?", c.ID).Scan(ctx, &n, &last); err != nil {
			return err
		}
		if n >= maxPhotos {
			return baqylau.E(baqylau.Invalid, "alert.error.photos", "Max", maxPhotos).On("photo")
		}
		_, err := tx.NewRaw("INSERT INTO communication_photo (id, communication_id, position, mime, width, height, size, sha1, alt, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			store.NewID(), c.ID, last+1, string(f.Type), f.Width, f.Height, len(f.Data), hex.EncodeToString(sum[:]), alt.JSON(), f.Data).Exec(ctx)
		return err
	})
}

// DescribePhoto says what a photo of a draft shows. Codes: Forbidden, NotFound, Conflict.
func (s *Service) DescribePhoto(ctx context.Context, actor access.Actor, id string, token int64, photo string, alt baqylau.Text) (err error) {
	defer baqylau.Wrap(&err, "alert.DescribePhoto(%s)", photo)
	return s.redraft(ctx, actor, id, token, func(ctx context.Context, tx *change.Tx, c Communication) error {
		return found(tx.NewRaw("UPDATE communication_photo SET alt = ? WHERE id = ? AND communication_id = ?", alt.JSON(), photo, c.ID).Exec(ctx))
	})
}

// RemovePhoto takes a photo from a draft. Codes: Forbidden, NotFound, Conflict.
func (s *Service) RemovePhoto(ctx context.Context, actor access.Actor, id string, token int64, photo string) (err error) {
	defer baqylau.Wrap(&err, "alert.RemovePhoto(%s)", photo)
	return s.redraft(ctx, actor, id, token, func(ctx context.Context, tx *change.Tx, c Communication) error {
		return found(tx.NewRaw("DELETE FROM communication_photo WHERE id = ? AND communication_id = ?", photo, c.ID).Exec(ctx))
	})
}

func found(res interface{ RowsAffected() (int64, error) }, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found").Because(err)
	}
	return nil
}

// redraft changes the photos of a draft: whoever does has written at it, so a review that was done is void and they cannot clear it.
func (s *Service) redraft(ctx context.Context, actor access.Actor, id string, token int64, fn func(ctx context.Context, tx *change.Tx, c Communication) error) error {
	return s.W.Do(ctx, actor, access.AlertDraft, func(ctx context.Context, tx *change.Tx) error {
		c, err := lock(ctx, tx, id, token)
		if err != nil {
			return err
		}
		if c.State != Drafted && c.State != Refused {
			return conflict()
		}
		if err := move(ctx, tx, &c, "edit", Drafted, "", "drafted_by = ?, reviewed_by = NULL, cleared_by = NULL", actor.ID); err != nil {
			return err
		}
		return fn(ctx, tx, c)
	})
}

// photosOf reads the photos of communications, in order, by communication.
func photosOf(ctx context.Context, db bun.IDB, ids ...string) (map[string][]Photo, error) {
	out := map[string][]Photo{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := db.QueryContext(ctx, "SELECT communication_id, id, alt, mime, width, height, size, sha1 FROM communication_photo WHERE communication_id IN (?) ORDER BY communication_id, position", bun.List(ids))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var of, alt string
		var p Photo
		if err := rows.Scan(&of, &p.ID, &alt, &p.MIME, &p.Width, &p.Height, &p.Size, &p.SHA1); err != nil {
			return nil, err
		}
		p.Alt = baqylau.ParseText(alt)
		out[of] = append(out[of], p)
	}
	return out, rows.Err()
}

// withPhotos fills in the photos of one communication.
func withPhotos(ctx context.Context, db bun.IDB, c *Communication) error {
	all, err := photosOf(ctx, db, c.ID)
	c.Photos = all[c.ID]
	return err
}

// copyPhotos gives the next version the photos of the one before.
func copyPhotos(ctx context.Context, tx *change.Tx, from, to string) error {
	all, err := photosOf(ctx, tx, from)
	for i, p := range all[from] {
		if _, err := tx.NewRaw(`INSERT INTO communication_photo (id, communication_id, position, mime, width, height, size, sha1, alt, content)
			SELECT ?, ?, ?, mime, width, height, size, sha1, alt, content FROM communication_photo WHERE id = ?`, store.NewID(), to, i+1, p.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return err
}

// PhotoContent returns a photo as the actor may see it: those who work on alerts see it in every state, everyone else only with the newest
// issued version, and no longer once that was retracted. open tells whether anyone may see it. Codes: NotFound.
func PhotoContent(ctx context.Context, db bun.IDB, a access.Actor, id string) (p Photo, content []byte, open bool, err error) {
	defer baqylau.Wrap(&err, "alert.PhotoContent(%s)", id)
	scope, args := Scope(a)
	if !access.May(a, access.AlertRead) {
		scope += " AND c.state <> 'retracted' AND " + Newest
	}
	err = db.NewRaw("SELECT p.mime, p.sha1, p.content, c.public AND c.issued_at > 0 FROM communication_photo p JOIN communication c ON c.id = p.communication_id WHERE p.id = ? AND "+scope,
		append([]any{id}, args...)...).Scan(ctx, &p.MIME, &p.SHA1, &content, &open)
	return p, content, open, store.One(err)
}

// undescribed names the photos whose description is missing in a language, by the field of their form.
func undescribed(list []Photo, bad func(field, key string, args ...any)) {
	for i, p := range list {
		for _, l := range baqylau.Langs {
			if p.Alt.Exact(l) == "" {
				bad(altField(p.ID, l), "alert.error.photo_alt", "Number", strconv.Itoa(i+1), "Language", locale.TIn(l, "code.lang."+string(l)))
			}
		}
	}
}

// altField is the name of the field for the description of a photo.
func altField(photo string, l baqylau.Lang) string { return "alt_" + photo + "_" + string(l) }
