package signal

import (
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/web"
)

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET /signals", access.SignalRead, s.showInbox)
	rt.Handle("GET /signals/table", access.SignalRead, func(c *web.Ctx) error { return s.spec(c).Handler(s.W)(c) })
	rt.Handle("POST /signals/take", access.SignalHandle, s.takeMany)
	rt.Handle("GET /signals/new", access.SignalHandle, func(c *web.Ctx) error { return s.showNew(c, nil, nil) })
	rt.Handle("POST /signals/new", access.SignalHandle, s.postNew)
	rt.Handle("GET /signals/{id}", access.SignalRead, s.showSignal)
	for name, step := range map[string]struct {
		act access.Act
		do  func(c *web.Ctx, f *web.Form, id string, token int64) (Done, error)
	}{
		"take":       {access.SignalHandle, s.postTake},
		"assign":     {access.SignalHandle, s.postAssign},
		"judge":      {access.SignalHandle, s.postJudge},
		"refute":     {access.SignalHandle, s.withReason(s.refuteUnchecked)},
		"prioritise": {access.SignalHandle, s.postPrioritise},
		"ask":        {access.SignalHandle, s.withReason(s.Ask)},
		"advise":     {access.SignalAssess, s.withReason(s.Advise)},
		"decide":     {access.SignalDecide, s.postDecide},
		"follow":     {access.SignalHandle, s.withReason(s.Follow)},
		"close":      {access.SignalHandle, s.withReason(s.Close)},
		"reopen":     {access.SignalHandle, s.withReason(s.Reopen)},
	} {
		rt.Handle("POST /signals/{id}/"+name, step.act, func(c *web.Ctx) error { return s.post(c, name, step.do) })
	}
	rt.Handle("POST /signals/{id}/undo/{event}", access.SignalRead, func(c *web.Ctx) error {
		if _, err := s.Undo(c.Context(), c.Actor, c.Path("id"), c.Path("event")); err != nil {
			return err
		}
		return c.Done(room+"/"+c.Path("id"), "signal.done.undo", "")
	})
}

// post does one act of the signal's page: on success back to the page with an offer to undo, on a mistake the page again as it was typed,
// on a conflict the page as it is now.
func (s *Service) post(c *web.Ctx, name string, do func(c *web.Ctx, f *web.Form, id string, token int64) (Done, error)) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	id := c.Path("id")
	token, err := strconv.ParseInt(f.Get("token"), 10, 64)
	if err != nil || token <= 0 { // without it a form could overwrite what it never saw
		return baqylau.E(baqylau.Invalid, "error.form")
	}
	done, err := do(c, f, id, token)
	switch baqylau.CodeOf(err) {
	case "":
	case baqylau.Invalid, baqylau.Conflict:
		return s.show(c, id, &failed{form: name, err: err, Form: f})
	default:
		return err
	}
	undo := ""
	if done.EventID != "" {
		undo = room + "/" + id + "/undo/" + done.EventID
	}
	return c.Done(address(room+"/"+id, c), "signal.done."+name, undo)
}

func (s *Service) postTake(c *web.Ctx, _ *web.Form, id string, token int64) (Done, error) {
	return s.Take(c.Context(), c.Actor, id, token)
}

func (s *Service) postAssign(c *web.Ctx, f *web.Form, id string, token int64) (Done, error) {
	owner := f.Get("owner")
	if f.Bool("owner_me") {
		owner = c.Actor.ID
	}
	return s.Assign(c.Context(), c.Actor, id, token, owner)
}

func (s *Service) postJudge(c *web.Ctx, f *web.Form, id string, token int64) (Done, error) {
	checks := Checks{}
	for _, q := range Questions {
		if v := f.Choice("check_"+q.Name, false, q.Answers...); v != "" {
			checks[q.Name] = v
		}
	}
	reason := f.Text("reason", false, maxReason)
	verdict := f.Choice("verdict", true, "validate", "refute")
	if f.Err() != nil {
		return Done{}, f.Err()
	}
	if verdict == "refute" {
		return s.Refute(c.Context(), c.Actor, id, token, checks, reason)
	}
	return s.Validate(c.Context(), c.Actor, id, token, checks, reason)
}

func (s *Service) postPrioritise(c *web.Ctx, f *web.Form, id string, token int64) (Done, error) {
	marks := map[score.Dimension]Mark{}
	for _, d := range score.Dimensions {
		marks[d] = Mark{Value: f.Int(string(d), true, 0, score.Highest), Note: f.Text("note_"+string(d), false, maxNote)}
	}
	severities := make([]string, len(baqylau.Severities))
	for i, p := range baqylau.Severities {
		severities[i] = string(p)
	}
	override := f.Choice("override", false, severities...)
	reason := f.Text("reason", false, maxReason)
	if f.Err() != nil {
		return Done{}, f.Err()
	}
	return s.Prioritise(c.Context(), c.Actor, id, token, marks, baqylau.Severity(override), reason)
}

func (s *Service) postDecide(c *web.Ctx, f *web.Form, id string, token int64) (Done, error) {
	all := make([]string, len(Decisions))
	for i, d := range Decisions {
		all[i] = string(d)
	}
	decision, reason := f.Choice("decision", true, all...), f.Text("reason", true, maxReason)
	if f.Err() != nil {
		return Done{}, f.Err()
	}
	return s.Decide(c.Context(), c.Actor, id, token, Decision(decision), reason)
}

// takeMany is the bulk act "assign to me". A signal that somebody closed meanwhile is passed over; any other failure ends it.
func (s *Service) takeMany(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	for _, id := range f.All("id") {
		if _, err := s.Take(c.Context(), c.Actor, id, 0); err != nil && baqylau.CodeOf(err) != baqylau.Conflict {
			return err
		}
	}
	return c.Done(tablePath, "signal.done.take_many", "")
}

// placeCode splits the value of the place field: "KZ" is the country, "KZ/KZ-75" a region of it.
func placeCode(v string) (country, region string) {
	country, region, _ = strings.Cut(v, "/")
	return country, region
}
