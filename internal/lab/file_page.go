package lab

import (
	"bytes"
	"io"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// maxFile bounds an uploaded file of results.
const maxFile = 10 << 20

type fileView struct {
	lines  []ui.FieldError
	submit bool
}

func (s *Service) showFile(c *web.Ctx, failed error) error {
	v := fileView{lines: ui.FieldErrors(c.Context(), failed), submit: c.R.PostForm.Get("submit") != ""}
	page := web.Page{Title: c.T("lab.file"), Room: "/lab", Kind: ui.Narrow, Body: filePage(v)}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

func (s *Service) doFile(c *web.Ctx) error {
	f, err := c.ReadForm(maxFile)
	if err != nil {
		return err
	}
	up, head, err := c.R.FormFile("file")
	if err != nil {
		return s.showFile(c, baqylau.E(baqylau.Invalid, "lab.file.missing").On("file").Because(err))
	}
	defer up.Close()
	content, err := io.ReadAll(up)
	if err != nil {
		return baqylau.E(baqylau.Invalid, "lab.file.missing").On("file").Because(err)
	}
	if _, err = s.EnterFile(c.Context(), c.Actor, web.FileName(head.Filename), bytes.NewReader(content), f.Bool("submit")); err != nil {
		if baqylau.CodeOf(err) == baqylau.Invalid {
			return s.showFile(c, err)
		}
		return err
	}
	return c.Done("/lab", "lab.done.file", "")
}
