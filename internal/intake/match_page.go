package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// shownMatches is how many proposals one page compares.
const shownMatches = 20

var matchStates = []string{"proposed", "merged", "refused"}

type matchView struct {
	state string
	views []ui.NavItem
	pairs []pairView
	next  string
}

// pairView is a proposal with both occurrences side by side.
type pairView struct {
	id, state string
	score     int
	reasons   []string
	sides     [2]sideView
	even      bool // reports of different kinds: neither answer is the likely one
}

type sideView struct {
	href, ref string
	facts     []ui.Fact
	decisive  map[string]string // what the sender measured and named, by field
}

// decisive are the fields by which people tell one event from two.
var decisive = []string{"quantity", "sample_ref", "sold_as"}

func (s *Service) showMatches(c *web.Ctx) error {
	if err := bothSides(c.Actor); err != nil {
		return err
	}
	ctx := c.Context()
	v := matchView{state: c.Query("state")}
	if !slices.Contains(matchStates, v.state) {
		v.state = matchStates[0]
	}
	for _, st := range matchStates {
		var n int
		if err := s.W.DB.Read.NewRaw("SELECT count(*) FROM match_proposal p JOIN occurrence a ON a.id = p.a_id AND "+Visible("a")+" JOIN occurrence b ON b.id = p.b_id AND "+Visible("b")+" WHERE p.state = ?", st).Scan(ctx, &n); err != nil {
			return err
		}
		v.views = append(v.views, ui.NavItem{Label: c.T("match.state." + st), Href: "/matches?state=" + st, Current: st == v.state, Count: n})
	}
	where, args := "p.state = ?", []any{v.state}
	if after := c.Query("after"); after != "" {
		where += " AND (p.score, p.id) < (SELECT q.score, q.id FROM match_proposal q WHERE q.id = ?)"
		args = append(args, after)
	}
	if o := c.Query("occurrence"); o != "" {
		where += " AND (p.a_id = ? OR p.b_id = ?)"
		args = append(args, o, o)
	}
	var ps []struct {
		ID, AID, BID, Reasons string
		Score                 int
	}
	if err := s.W.DB.Read.NewRaw(`SELECT p.id, p.a_id AS aid, p.b_id AS bid, p.reasons, p.score FROM match_proposal p JOIN occurrence a ON a.id = p.a_id AND `+Visible("a")+`
		JOIN occurrence b ON b.id = p.b_id AND `+Visible("b")+` WHERE `+where+` ORDER BY p.score DESC, p.id DESC LIMIT ?`, append(args, shownMatches+1)...).Scan(ctx, &ps); err != nil {
		return err
	}
	if len(ps) > shownMatches {
		ps = ps[:shownMatches]
		v.next = "/matches?state=" + v.state + "&after=" + ps[len(ps)-1].ID
	}
	var ids []string
	for _, p := range ps {
		ids = append(ids, p.AID, p.BID)
	}
	read, err := ReadOccurrences(ctx, s.W.DB.Read, c.Actor, ids)
	if err != nil {
		return err
	}
	details, err := s.detailsOf(ctx, read)
	if err != nil {
		return err
	}
	for _, p := range ps {
		a, b := read[p.AID], read[p.BID]
		pair := pairView{id: p.ID, state: v.state, score: p.Score, even: !sameKind(a, b)}
		var reasons []string
		if err := json.Unmarshal([]byte(p.Reasons), &reasons); err != nil {
			return err
		}
		for _, r := range reasons {
			if r == "match.day" {
				r = nearness(a, b)
			}
			pair.reasons = append(pair.reasons, c.T(r))
		}
		pair.sides = [2]sideView{s.side(c, a, details), s.side(c, b, details)}
		pair.compare(c)
		v.pairs = append(v.pairs, pair)
	}
	return c.Render(web.Page{Title: c.T("match.list"), Room: "/occurrences", Body: matchesBody(v)})
}

// sameKind reports whether two occurrences have reports of one kind.
func sameKind(a, b Occurrence) bool {
	kinds := a.Kinds()
	return slices.ContainsFunc(b.Kinds(), func(k string) bool { return slices.Contains(kinds, k) })
}

// nearness is how near in time two occurrences lie, as far as both days are known.
func nearness(a, b Occurrence) string {
	if a.Occurred.IsZero() || b.Occurred.IsZero() || a.Precision != baqylau.Day || b.Precision != baqylau.Day {
		return "match.day"
	}
	switch max(a.Occurred.Sub(b.Occurred), b.Occurred.Sub(a.Occurred)) {
	case 0:
		return "match.day.same"
	case 1:
		return "match.day.next"
	}
	return "match.day"
}

// detailsOf reads the details of the reports of occurrences that the reader was given, by report.
func (s *Service) detailsOf(ctx context.Context, read map[string]Occurrence) (map[string]Detail, error) {
	var ids []string
	for _, o := range read {
		for _, m := range o.Reports {
			ids = append(ids, m.ID)
		}
	}
	out := make(map[string]Detail, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct{ ID, Detail string }
	if err := s.W.DB.Read.NewRaw("SELECT id, detail FROM report WHERE id IN (?)", bun.List(ids)).Scan(ctx, &rows); err != nil {
		return nil, err
	}
	for _, r := range rows {
		var d Detail
		if err := json.Unmarshal([]byte(r.Detail), &d); err != nil {
			return nil, err
		}
		out[r.ID] = d
	}
	return out, nil
}

// compare sets the decisive fields of both sides beside each other; what neither states is left out.
func (p *pairView) compare(c *web.Ctx) {
	for _, name := range decisive {
		if p.sides[0].decisive[name] == "" && p.sides[1].decisive[name] == "" {
			continue
		}
		for i := range p.sides {
			if p.sides[i].decisive != nil {
				p.sides[i].facts = append(p.sides[i].facts, ui.Fact{Name: c.T("report.field." + name), Value: ui.Text(cmp.Or(p.sides[i].decisive[name], c.T("report.not_stated")))})
			}
		}
	}
}

// side describes one occurrence of a pair; one that was merged away or lost its reports says only its number.
func (s *Service) side(c *web.Ctx, o Occurrence, details map[string]Detail) (v sideView) {
	ctx := c.Context()
	if o.ID == "" {
		return sideView{ref: c.T("match.gone")}
	}
	v = sideView{href: "/occurrences/" + o.ID, ref: o.Ref}
	if o.MergedInto != "" {
		v.facts = []ui.Fact{{Name: c.T("match.merged_side"), Value: ui.Link("/occurrences/"+o.MergedInto, c.T("match.merged_side.open"), "")}}
		return v
	}
	var orgs, texts, amounts, samples, names []string
	places := map[string]bool{}
	for _, m := range o.Reports {
		orgs = addOnce(orgs, m.OrgName.In(c.Lang()))
		texts = addOnce(texts, shorten(m.Text, 200))
		places[m.Place] = true
		d := details[m.ID]
		if d.Quantity.Value != "" {
			amounts = addOnce(amounts, strings.TrimSpace(localDecimal(ctx, d.Quantity.Value)+" "+codelist.Label(c.Lang(), "unit", d.Quantity.Unit)))
		}
		samples, names = addOnce(samples, d.SampleRef), addOnce(names, d.SoldAs)
	}
	v.decisive = map[string]string{"quantity": strings.Join(amounts, ", "), "sample_ref": strings.Join(samples, ", "), "sold_as": strings.Join(names, ", ")}
	v.facts = []ui.Fact{
		{Name: c.T("report.col.kind"), Value: ui.Text(kindWords(ctx, o))},
		{Name: c.T("report.col.occurred"), Value: ui.Moment(o.Occurred.Truncated(o.Precision), locale.DateP(ctx, o.Occurred, o.Precision))},
		{Name: c.T("report.col.region"), Value: ui.Text(s.placeName(ctx, o.Country, o.Region))},
		{Name: c.T("report.field.place_type"), Value: ui.Text(placeWords(ctx, places))},
		{Name: c.T("report.col.org"), Value: ui.Text(strings.Join(orgs, ", "))},
		{Name: c.T("report.findings"), Value: findingList(s.findingWords(c.Lang(), o.Findings))},
		{Name: c.T("report.col.text"), Value: findingList(texts)},
	}
	return v
}

func placeWords(ctx context.Context, places map[string]bool) string {
	var out []string
	for p := range places {
		out = append(out, locale.Code(ctx, "place_type", p))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// doMatch merges, refuses, or takes either back.
func (s *Service) doMatch(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	id, back := c.Path("id"), cmp.Or(f.Get("back"), "/matches")
	switch step := c.Path("step"); step {
	case "merge":
		if err := s.Merge(c.Context(), c.Actor, id); err != nil {
			return err
		}
		return c.Done(back, "match.done.merge", "/matches/"+id+"/unmerge")
	case "refuse":
		if err := s.Refuse(c.Context(), c.Actor, id); err != nil {
			return err
		}
		return c.Done(back, "match.done.refuse", "/matches/"+id+"/reconsider")
	case "reconsider":
		if err := s.Reconsider(c.Context(), c.Actor, id); err != nil {
			return err
		}
		return c.Done(back, "match.done.reconsider", "")
	case "unmerge":
		if err := s.Unmerge(c.Context(), c.Actor, id); err != nil {
			return err
		}
		return c.Done(back, "match.done.unmerge", "")
	}
	return baqylau.E(baqylau.NotFound, "error.not_found")
}

func currentView(yes bool) templ.Attributes {
	if !yes {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}

func matchReasons(p pairView) string { return strings.Join(p.reasons, " · ") }
