package alert

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/alert/cap"
	"github.com/baqylau/baqylau/internal/intake/media"
	"github.com/baqylau/baqylau/internal/web"
)

// addPhoto takes a photo for a draft.
func (s *Service) addPhoto(c *web.Ctx) error {
	f, err := c.ReadForm(media.MaxSize + 1<<10)
	if err != nil {
		return err
	}
	id := c.Path("id")
	alt, token, err := altAndToken(f, "alt_new")
	if err != nil {
		return s.alertPage(c, id, err)
	}
	file, _, err := c.R.FormFile("photo")
	if err != nil {
		return s.alertPage(c, id, baqylau.E(baqylau.Invalid, "error.required").On("photo"))
	}
	defer file.Close()
	return s.afterPhoto(c, id, s.AddPhoto(c.Context(), c.Actor, id, token, file, alt))
}

// editPhoto keeps the description of a photo, or removes it.
func (s *Service) editPhoto(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	id, photo := f.Get("alert"), c.Path("id")
	alt, token, err := altAndToken(f, "alt_"+photo)
	switch {
	case err != nil:
		return s.alertPage(c, id, err)
	case f.Get("remove") != "":
		err = s.RemovePhoto(c.Context(), c.Actor, id, token, photo)
	default:
		err = s.DescribePhoto(c.Context(), c.Actor, id, token, photo, alt)
	}
	return s.afterPhoto(c, id, err)
}

func altAndToken(f *web.Form, prefix string) (alt baqylau.Text, token int64, err error) {
	alt = baqylau.Text{KK: f.Text(prefix+"_kk", false, 500), RU: f.Text(prefix+"_ru", false, 500), EN: f.Text(prefix+"_en", false, 500)}
	if err := f.Err(); err != nil {
		return alt, 0, err
	}
	if token, err = strconv.ParseInt(f.Get("token"), 10, 64); err != nil {
		err = baqylau.E(baqylau.Invalid, "error.form").Because(err)
	}
	return alt, token, err
}

func (s *Service) afterPhoto(c *web.Ctx, id string, err error) error {
	switch baqylau.CodeOf(err) {
	case "":
		return c.Done("/alerts/"+id, "alert.saved", "")
	case baqylau.Invalid, baqylau.Conflict, baqylau.TooMany:
		return s.alertPage(c, id, err)
	}
	return err
}

// servePhoto answers with a photo to whoever may read its communication. What everyone may see may be shown by the readers of feeds; it is
// asked for anew each time, so that it is gone when its alert was retracted.
func (s *Service) servePhoto(c *web.Ctx) error {
	p, content, open, err := PhotoContent(c.Context(), s.W.DB.Read, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", p.MIME)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	if open {
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", `"`+p.SHA1+`"`)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	http.ServeContent(c.W, c.R, "", time.Time{}, bytes.NewReader(content))
	return nil
}

// photoAddress is where a photo is.
func (s *Service) photoAddress(p Photo) string { return s.BaseURL + "/photos/" + p.ID }

// resources are the photos in CAP, described in one language.
func (s *Service) resources(list []Photo, l baqylau.Lang) (out []cap.Resource) {
	for _, p := range list {
		out = append(out, cap.Resource{Desc: p.Alt.In(l), MimeType: p.MIME, Size: p.Size, URI: s.photoAddress(p), Digest: p.SHA1})
	}
	return out
}
