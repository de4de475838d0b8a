package outgoing

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const exchangePath = room + "/exchange"

type exchangeView struct {
	filters ui.Filters
	files   ui.Table
	may     bool
}

// wanted reads which figures are asked for. Code: Invalid.
func wanted(c *web.Ctx) (w Wanted, err error) {
	w = Wanted{AsOf: change.Today(c.Now()), Format: c.Query("format")}
	if code := c.Query("indicator"); code != "" {
		w.Indicators = []string{code}
	}
	for name, to := range map[string]*int{"from": &w.From, "to": &w.To} {
		if v := c.Query(name); v != "" {
			if *to, err = strconv.Atoi(v); err != nil || *to < 1900 || *to > c.Now().Year() {
				return w, baqylau.E(baqylau.Invalid, "error.range", "Low", 1900, "High", c.Now().Year()).On(name)
			}
		}
	}
	return w, nil
}

// showExchange offers the files of the figures chosen, and says how many figures each holds and leaves out.
func (s *Service) showExchange(c *web.Ctx) error {
	w, err := wanted(c)
	if err != nil {
		return err
	}
	indicators := []ui.Option{{Label: c.T("outgoing.exchange.all")}}
	for _, i := range define.Current().Indicators() {
		indicators = append(indicators, ui.Option{Value: i.Code, Label: i.Name.In(c.Lang())})
	}
	years := func(key string) []ui.Option {
		out := []ui.Option{{Label: c.T(key) + ": " + c.T("outgoing.exchange.any_year")}}
		for y := c.Now().Year(); y > c.Now().Year()-30; y-- {
			out = append(out, ui.Option{Value: strconv.Itoa(y), Label: c.T(key) + ": " + strconv.Itoa(y)})
		}
		return out
	}
	v := exchangeView{may: access.May(c.Actor, access.ExportRun), filters: ui.Filters{Action: exchangePath, Fields: []templ.Component{ui.FilterSelect("indicator", c.T("outgoing.exchange.indicator"), c.Query("indicator"), indicators),
		ui.FilterSelect("from", c.T("outgoing.exchange.from"), c.Query("from"), years("outgoing.exchange.from")), ui.FilterSelect("to", c.T("outgoing.exchange.to"), c.Query("to"), years("outgoing.exchange.to"))}}}
	v.files = ui.Table{ID: "files", Caption: c.T("outgoing.exchange"), Columns: []ui.Column{{Label: c.T("outgoing.exchange.format"), Main: true}, {Label: c.T("outgoing.exchange.figures"), Number: true}, {Label: c.T("outgoing.exchange.left_out"), Number: true},
		{Label: c.T("outgoing.exchange.file"), Bare: true}}}
	all, err := s.used(c.Context(), outward(c.Actor), w)
	if err != nil {
		return err
	}
	for _, f := range Formats {
		n := 0
		for i := range all {
			if sayable(&all[i], f) {
				n++
			}
		}
		q := c.R.URL.Query()
		q.Del("lang")
		q.Set("format", f)
		file := templ.Component(ui.Text("–"))
		if v.may && n > 0 {
			file = ui.Link(exchangePath+"/file?"+q.Encode(), c.T("outgoing.exchange.download"), "")
		}
		v.files.Rows = append(v.files.Rows, ui.Row{Cells: []templ.Component{ui.Text(c.T("outgoing.format." + f)), ui.Figure(strconv.Itoa(n), locale.Int(c.Context(), n)), ui.Figure(strconv.Itoa(len(all)-n), locale.Int(c.Context(), len(all)-n)), file}})
	}
	return c.Render(web.Page{Title: c.T("outgoing.exchange"), Room: room, Body: exchangePage(v)})
}

// sendExchange sends a file as an audited act.
func (s *Service) sendExchange(c *web.Ctx) error {
	w, err := wanted(c)
	if err != nil {
		return err
	}
	x, err := s.Exchange(c.Context(), c.Actor, w)
	if err != nil {
		return err
	}
	if err := s.Sent(c.Context(), c.Actor, w, x); err != nil {
		return err
	}
	c.Download(x.Type, x.Name)
	_, err = c.W.Write(x.Body)
	return err
}

// Sent writes into the journal that a file was taken, and its figures into the release ledger.
func (s *Service) Sent(ctx context.Context, actor access.Actor, w Wanted, x *Exchange) error {
	if err := s.Figures.Leave(ctx, outward(actor), s.Home, x.indicators...); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.ExportRun, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("export", "exchange", actor.OrgID, map[string]any{"format": w.Format, "indicators": len(w.Indicators), "figures": x.Figures, "left_out": x.LeftOut, "from": w.From, "to": w.To})
		return nil
	})
}
