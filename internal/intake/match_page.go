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
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
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
}

type sideView struct {
	href, ref string
	facts     []ui.Fact
}

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
	for _, p := range ps {
		pair := pairView{id: p.ID, state: v.state, score: p.Score}
		var reasons []string
		if err := json.Unmarshal([]byte(p.Reasons), &reasons); err != nil {
			return err
		}
		for _, r := range reasons {
			pair.reasons = append(pair.reasons, c.T(r))
		}
		pair.sides = [2]sideView{s.side(c, read[p.AID]), s.side(c, read[p.BID])}
		v.pairs = append(v.pairs, pair)
	}
	return c.Render(web.Page{Title: c.T("match.list"), Room: "/occurrences", Body: matchesBody(v)})
}

// side describes one occurrence of a pair; one that was merged away or lost its reports says only its number.
func (s *Service) side(c *web.Ctx, o Occurrence) (v sideView) {
	ctx := c.Context()
	if o.ID == "" {
		return sideView{ref: c.T("match.gone")}
	}
	v = sideView{href: "/occurrences/" + o.ID, ref: o.Ref}
	if o.MergedInto != "" {
		v.facts = []ui.Fact{{Name: c.T("match.merged_side"), Value: ui.Link("/occurrences/"+o.MergedInto, c.T("match.merged_side.open"), "")}}
		return v
	}
	var orgs, texts []string
	places := map[string]bool{}
	for _, m := range o.Reports {
		orgs = addOnce(orgs, m.OrgName.In(c.Lang()))
		texts = addOnce(texts, shorten(m.Text, 200))
		places[m.Place] = true
	}
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
