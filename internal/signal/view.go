package signal

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// view is everything the page of one signal shows, in the reader's language.
type view struct {
	Signal
	c         *web.Ctx
	book      *registry.Book
	title     string
	asOf      string
	counted   string // when the cases were last counted
	head      ui.Head
	why       []string
	chart     *ui.Chart
	evidence  ui.Table
	sections  []templ.Component // parts that other rooms bring
	since     Since
	drafted   []Drafted // communications from this signal that have not ended
	unlisted  int       // occurrences behind the signal that this reader may not open
	timeline  []ui.Event
	scores    []ui.Score
	advice    string
	officers  []ui.Option
	may       map[state.Act]bool
	mayAdvise bool
	back      string // address of the list, for phones
	failed    *failed
}

// provisional is how many weeks back counts are still filling up.
const provisional = 4

func (s *Service) view(c *web.Ctx, sig Signal, f *failed) (*view, error) {
	ctx, db := c.Context(), s.W.DB.Read
	v := &view{Signal: sig, c: c, book: s.Shelf.Book(), back: address(room, c), failed: f, may: map[state.Act]bool{}, asOf: locale.DateTime(ctx, c.Now())}
	v.title = sig.Title.Say(ctx, v.book)
	v.headOf(ctx)
	for _, e := range sig.Explanation {
		v.why = append(v.why, e.Say(ctx, v.book))
	}
	if err := v.chartOf(ctx, s); err != nil {
		return nil, err
	}
	items, err := Items(ctx, db, v.book, c.Actor, sig)
	if err != nil {
		return nil, err
	}
	if v.since, err = SinceCounted(ctx, db, v.book, c.Actor, sig); err != nil {
		return nil, err
	}
	v.evidenceOf(ctx, items)
	events, err := Timeline(ctx, db, c.Actor, sig)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		v.timeline = append(v.timeline, v.event(ctx, e))
		if v.counted == "" && slices.Contains([]string{"detect", "grow"}, e.Act) {
			v.counted = locale.DateTime(ctx, e.At)
		}
	}
	if s.Drafted != nil {
		if v.drafted, err = s.Drafted(ctx, c.Actor, sig.ID); err != nil {
			return nil, err
		}
	}
	v.scoresOf(ctx, s)
	handle, decide := access.May(c.Actor, access.SignalHandle), access.May(c.Actor, access.SignalDecide)
	for _, a := range state.Acts(sig.State) {
		v.may[a] = a == state.Decide && decide || a != state.Decide && handle
	}
	v.mayAdvise = access.May(c.Actor, access.SignalAssess) && (sig.State == state.Prioritised || sig.State == state.Assessing)
	if handle {
		v.officers = s.officers(ctx)
	}
	for _, part := range s.Sections {
		p, err := part(ctx, c.Actor, sig.ID)
		if err != nil {
			return nil, err
		}
		if p != nil {
			v.sections = append(v.sections, p)
		}
	}
	return v, nil
}

func (v *view) headOf(ctx context.Context) {
	sig := v.Signal
	tags := []templ.Component{ui.About(locale.T(ctx, "signal.col.priority"), ui.Severity(sig.Priority)), ui.About(locale.T(ctx, "signal.said.handling"), ui.TLP(sig.TLP)),
		ui.About(locale.T(ctx, "signal.evidence.confidence"), ui.Confidence(sig.Confidence)), ui.About(locale.T(ctx, "signal.col.ref"), ui.Code(sig.Ref)),
		ui.About(locale.T(ctx, "signal.said.state"), ui.State(progress(sig.State), locale.Code(ctx, "signal_state", string(sig.State))))}
	if sig.Outside {
		tags = append(tags, ui.Tag(locale.T(ctx, "signal.outside")))
	}
	owner := sig.OwnerName
	if sig.OwnerID == "" {
		owner = locale.T(ctx, "signal.nobody")
	}
	v.head = ui.Head{Tags: tags, Title: v.title, Sub: []string{v.book.PlaceName(sig.place(), v.c.Lang()), locale.T(ctx, "signal.raised_on", "Day", locale.DateLong(ctx, sig.RaisedOn)),
		locale.T(ctx, "signal.rule", "Rule", v.rule(ctx)), locale.T(ctx, "signal.owner", "Owner", owner)}}
	if !sig.DueAt.IsZero() {
		v.head.Act = ui.Due(locale.T(ctx, "signal.decide_by"), locale.DateTime(ctx, sig.DueAt), locale.Left(ctx, sig.DueAt, v.c.Now()), locale.LeftSaid(ctx, sig.DueAt, v.c.Now()), !sig.DueAt.After(v.c.Now()) || sig.Priority == baqylau.Red)
	}
}

// rule is the name of what found the signal.
func (v *view) rule(ctx context.Context) string {
	if v.Rule == Person {
		return locale.T(ctx, "signal.rule.person", "Type", typeName(ctx, v.Type))
	}
	return typeName(ctx, v.Rule)
}

func (v *view) evidenceOf(ctx context.Context, items []Item) {
	t := ui.Table{Caption: locale.T(ctx, "signal.evidence"), Columns: []ui.Column{{Label: locale.T(ctx, "signal.evidence.date"), NoWrap: true},
		{Label: locale.T(ctx, "signal.evidence.case"), Main: true}, {Label: locale.T(ctx, "signal.evidence.place")}, {Label: locale.T(ctx, "signal.evidence.confidence"), NoWrap: true},
		{Label: locale.T(ctx, "signal.evidence.level")}}}
	seen := map[string]bool{}
	for _, i := range items {
		about := append([]string{i.OccurrenceRef}, intake.SeriousnessNames(v.c.Lang(), i.Seriousness)...)
		if seen[i.OccurrenceRef] {
			about = append(about, locale.T(ctx, "signal.evidence.same"))
		}
		seen[i.OccurrenceRef] = true
		kind := locale.T(ctx, "report.new."+string(i.Kind))
		place := v.book.PlaceName(cmp.Or(i.Region, i.Country), v.c.Lang())
		note := ""
		if i.PlaceType != "unknown" {
			note = locale.Code(ctx, "place_type", i.PlaceType)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{
			ui.Moment(i.Occurred.Truncated(i.Precision), shortDate(ctx, i)),
			ui.Link("/reports/"+i.ReportID, kind, strings.Join(about, " · ")),
			ui.Lines(place, note),
			ui.Confidence(i.Confidence),
			ui.Text(locale.Code(ctx, "level", string(i.Level))),
		}})
	}
	v.evidence, v.unlisted = t, max(0, v.standing()-len(seen))
	if v.since.Hidden && v.standing() < v.Events { // the difference would be the number that is hidden
		v.unlisted = 0
	}
}

func shortDate(ctx context.Context, i Item) string {
	if i.Precision == baqylau.Day {
		return locale.Date(ctx, i.Occurred)
	}
	return locale.DateP(ctx, i.Occurred, i.Precision)
}

func (v *view) event(ctx context.Context, e Event) ui.Event {
	out := ui.Event{ISO: e.At.UTC().Format("2006-01-02T15:04Z"), When: locale.DateTime(ctx, e.At), Reason: e.Reason}
	if out.By = locale.T(ctx, "signal.by_system"); e.Role != access.System {
		out.By = locale.Code(ctx, "role", string(e.Role))
	}
	out.Act = locale.T(ctx, "signal.event."+e.Act)
	switch {
	case e.Act == string(state.Decide):
		out.Act += ": " + locale.Code(ctx, "signal_decision", text(e.Detail["decision"]))
	case e.Act == string(state.Prioritise):
		out.Act += ": " + locale.Code(ctx, "severity", text(e.Detail["priority"]))
	case e.Act == "grow":
		if n, ok := e.Detail["events"].(float64); ok {
			out.Act += ": " + locale.Int(ctx, int(n))
		}
	case e.Act == "withdraw":
		out.Reason = locale.T(ctx, "signal.reason.withdrawn")
		if undone, _ := e.Detail["undone"].(bool); undone {
			out.Reason = locale.T(ctx, "signal.reason.undone")
		}
		if closed, _ := e.Detail["closed"].(bool); closed {
			out.Act += ": " + locale.Code(ctx, "signal_state", string(state.Closed))
		}
	case e.Detail["cause"] == amended:
		out.Reason = locale.T(ctx, "signal.reason.amended")
	case e.Act == "archive":
		out.Reason = locale.T(ctx, "signal.reason.replayed")
	}
	return out
}

func text(v any) string { s, _ := v.(string); return s }

func (v *view) scoresOf(ctx context.Context, s *Service) {
	for _, d := range score.Dimensions {
		m := v.Scores.Marks[d]
		note := m.Note
		if note == "" && !m.Ground.IsZero() {
			note = m.Ground.Say(ctx, v.book)
		}
		if note == "" && d == score.Spread && v.hides(v.c.Actor, 1) { // the words for its values count the cases
			note = locale.T(ctx, "signal.few")
		}
		if note == "" && v.Scores.By != "" { // scored without a word: what the value means
			note = locale.Capital(locale.Code(ctx, "score_"+string(d), strconv.Itoa(m.Value)))
		}
		v.scores = append(v.scores, ui.Score{Criterion: locale.Code(ctx, "score", string(d)), Got: m.Value, Max: score.Highest, Note: note})
	}
	advised := s.advice(v.Signal)
	v.advice = locale.T(ctx, "signal.advice", "Priority", locale.Code(ctx, "severity", string(advised)))
	if v.Scores.By == "" {
		v.advice += " " + locale.T(ctx, "signal.advice.automatic")
	}
	if v.PriorityReason != "" {
		v.advice += " " + locale.T(ctx, "signal.advice.override", "Priority", locale.Code(ctx, "severity", string(v.Priority)), "Reason", v.PriorityReason)
	}
}

// alertPath is where an alert on this signal is drafted; "" when none was decided or this reader drafts none.
func (v *view) alertPath() string {
	if !v.Decision.Alerts() || !access.May(v.c.Actor, access.AlertDraft) || !slices.Contains([]state.State{state.Decided, state.FollowingUp}, v.State) {
		return ""
	}
	return "/alerts/new?signal=" + v.ID
}

// isDrafted says that a communication from this signal is there.
func (v *view) isDrafted(ctx context.Context) string {
	if d := v.drafted[0]; d.Issued {
		return locale.T(ctx, "signal.drafted.issued", "Title", d.Title)
	}
	return locale.T(ctx, "signal.drafted", "Title", v.drafted[0].Title)
}

// post is the address that an act is sent to, with the filters of the list kept.
func (v *view) post(act string) string { return address(room+"/"+v.ID+"/"+act, v.c) }

// lines are what is wrong with a form, for its summary and fields.
func (v *view) lines(form string) []ui.FieldError {
	if v.failed == nil || v.failed.form != form || v.failed.conflict() {
		return nil
	}
	lines := ui.FieldErrors(v.c.Context(), v.failed.err)
	for i := range lines {
		if lines[i].Field == "reason" { // every form of the page has one
			lines[i].Key = form
		}
	}
	return lines
}

// typed is what a refused form held in a field, or otherwise.
func (v *view) typed(form, field, otherwise string) string {
	if v.failed == nil || v.failed.form != form || v.failed.Form == nil {
		return otherwise
	}
	return v.failed.Get(field)
}
