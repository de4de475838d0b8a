package intake

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/web"
)

// maxUpload bounds what one upload may carry, both files together; it streams to disk. maxText bounds the text fields beside them, all together.
const (
	maxUpload = 4 << 30
	maxText   = 2 << 20
)

// upload is a received form with files.
type upload struct {
	kept
	name, joinName string // as the sender's machine called them
	fields         url.Values
}

func (u *upload) get(name string) string { return strings.TrimSpace(u.fields.Get(name)) }

// readUpload streams a multipart form: the parts "file" and "join" go to disk under the given name, the others are text. Codes: TooMany, Invalid
// with field "file" when no file was chosen.
func (s *Service) readUpload(c *web.Ctx, name string) (_ *upload, err error) {
	u := &upload{kept: s.newKept(name), fields: url.Values{}}
	defer func() {
		if err != nil {
			u.remove()
		}
	}()
	c.R.Body = http.MaxBytesReader(c.W, c.R.Body, maxUpload)
	parts, err := c.R.MultipartReader()
	if err != nil {
		return u, baqylau.E(baqylau.Invalid, "error.form").Because(err)
	}
	text := int64(maxText)
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return u, tooLarge(err)
		}
		suffix, file := map[string]string{"file": "", "join": joinSuffix}[p.FormName()]
		named := web.FileName(p.FileName())
		switch {
		case file && named != "":
			if err := u.add(suffix, p); err != nil {
				return u, tooLarge(err)
			}
			if suffix == "" {
				u.name = named
			} else {
				u.joinName = named
			}
		case !file:
			b, err := io.ReadAll(io.LimitReader(p, text+1))
			if err != nil {
				return u, tooLarge(err)
			}
			if text -= int64(len(b)); text < 0 {
				return u, baqylau.E(baqylau.TooMany, "error.too_large")
			}
			u.fields.Add(p.FormName(), string(b))
		}
	}
	if u.name == "" {
		return u, baqylau.E(baqylau.Invalid, "import.file_missing").On("file")
	}
	return u, nil
}

func tooLarge(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return baqylau.E(baqylau.TooMany, "error.too_large").Because(err)
	}
	var own *baqylau.Error
	if errors.As(err, &own) {
		return err
	}
	return baqylau.E(baqylau.Invalid, "error.form").Because(err)
}
