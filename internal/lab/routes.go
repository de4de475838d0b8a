package lab

import (
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Routes registers the pages of the laboratory.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET /lab", access.LabWrite, s.queue().Handler(s.W))
	rt.Handle("GET /lab/new", access.LabWrite, func(c *web.Ctx) error { return s.showNew(c, nil, nil) })
	rt.Handle("POST /lab/new", access.LabWrite, s.doNew)
	rt.Handle("GET /lab/file", access.LabWrite, func(c *web.Ctx) error { return s.showFile(c, nil) })
	rt.Handle("POST /lab/file", access.LabWrite, s.doFile)
	rt.Handle("GET /lab/substances", access.LabWrite, s.suggest)
	rt.Handle("GET /lab/{report}", access.LabWrite, func(c *web.Ctx) error { return s.show(c, c.Path("report"), failure{}) })
	rt.Handle("POST /lab/{report}/receive", access.LabWrite, s.doReceive)
	for name, do := range map[string]func(c *web.Ctx, id string, f *web.Form) error{
		"begin":  func(c *web.Ctx, id string, _ *web.Form) error { return s.Begin(c.Context(), c.Actor, id) },
		"submit": func(c *web.Ctx, id string, _ *web.Form) error { return s.Submit(c.Context(), c.Actor, id) },
		"amend": func(c *web.Ctx, id string, _ *web.Form) error {
			_, err := s.Amend(c.Context(), c.Actor, id)
			return err
		},
		"remove": func(c *web.Ctx, id string, f *web.Form) error {
			n, err := strconv.Atoi(f.Get("n"))
			if err != nil {
				return baqylau.E(baqylau.Invalid, "error.form")
			}
			return s.Remove(c.Context(), c.Actor, id, n)
		},
		"result": s.enterForm,
	} {
		rt.Handle("POST /lab/{report}/"+name, access.LabWrite, s.step(name, do))
	}
	rt.Handle("POST /lab/{report}/release", access.LabRelease, s.step("release", func(c *web.Ctx, id string, _ *web.Form) error { return s.Release(c.Context(), c.Actor, id) }))
	rt.Handle("POST /lab/{report}/return", access.LabRelease, s.step("return", func(c *web.Ctx, id string, f *web.Form) error {
		reason := f.Text("reason", false, 2000)
		if err := f.Err(); err != nil {
			return err
		}
		return s.Return(c.Context(), c.Actor, id, reason)
	}))
}

// step does one act on the analysis that the form names. What the person can mend comes back at the page, as it was typed.
func (s *Service) step(name string, do func(c *web.Ctx, id string, f *web.Form) error) web.Handler {
	return func(c *web.Ctx) error {
		f, err := c.ReadForm(0)
		if err != nil {
			return err
		}
		report, id := c.Path("report"), f.Get("analysis")
		err = do(c, id, f)
		switch baqylau.CodeOf(err) {
		case "":
			return c.Done("/lab/"+report, "lab.done."+name, "")
		case baqylau.Invalid, baqylau.Forbidden:
			return s.show(c, report, failure{analysis: id, form: f, err: err})
		}
		return err
	}
}

func (s *Service) doReceive(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	report := c.Path("report")
	ref := f.Text("sample_ref", true, 60)
	if err = f.Err(); err == nil {
		_, err = s.Receive(c.Context(), c.Actor, report, ref)
	}
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.show(c, report, failure{form: f, err: err})
	}
	if err != nil {
		return err
	}
	return c.Done("/lab/"+report, "lab.done.receive", "")
}

// suggest answers the typeahead of the result form.
func (s *Service) suggest(c *web.Ctx) error {
	q := c.Query("q")
	if q == "" {
		q = c.Query("substance_text")
	}
	var out []ui.Suggestion
	for _, m := range s.Shelf.Book().Search(q, 8) {
		out = append(out, ui.Suggestion{Value: m.Substance.ID, Label: m.Substance.Label.In(c.Lang()), Note: m.Name})
	}
	return c.Fragment(ui.Suggestions(out))
}
