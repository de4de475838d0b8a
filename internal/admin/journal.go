package admin

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const auditPath = "/audit"

// line is one entry of the journal as its page shows it.
type line struct {
	audit.Entry
	actor, org, object string // names; that of the row it is about may be ''
}

// journalScope is the SQL condition under which an actor reads entries e: all of them, or those that touched the data of their
// organisation; never entries about data beyond the wall.
func journalScope(a access.Actor) (string, []any) {
	switch {
	case access.ScopeOf(a, access.AuditRead) < access.Everything:
		return "e.owner_org_id = ? AND e.owner_org_id <> ''", []any{a.OrgID}
	case a.Domain == baqylau.HealthDomain || a.Domain == baqylau.EnforcementDomain:
		return "NOT EXISTS (SELECT 1 FROM organisation w WHERE w.id IN (e.owner_org_id, e.org_id) AND w.domain NOT IN ('neutral', ?))", []any{string(a.Domain)}
	}
	return "1=1", nil
}

// day is the moment a day of the centre begins, as stored; the period of the page is made of two.
func day(plus int) func(v string) (any, bool) {
	return func(v string) (any, bool) {
		d, p, err := baqylau.ParseDate(v)
		if err != nil || p != baqylau.Day || d.IsZero() {
			return nil, false
		}
		y, m, n := d.AddDays(plus).Time().Date()
		return time.Date(y, m, n, 0, 0, 0, 0, change.Zone).UnixMicro(), true
	}
}

func (s *Service) journal(a access.Actor) *list.Spec[line] {
	all := access.ScopeOf(a, access.AuditRead) == access.Everything
	acts := func(c *web.Ctx) []ui.Option {
		var out []ui.Option
		for _, act := range access.Acts() {
			out = append(out, ui.Option{Value: string(act), Label: actName(c.Context(), string(act))})
		}
		return ui.ByName(c.Context(), out)
	}
	object, args := objectName(a)
	return &list.Spec[line]{Name: "journal", Path: auditPath, Room: auditPath, Title: "nav.audit", Default: "-seq", ID: "e.seq", Export: true, Counts: &s.counts,
		Select: "e.seq, e.at, e.actor_id, e.org_id, e.act, e.object_type, e.object_id, e.owner_org_id, e.detail, COALESCE(a.name, ''), COALESCE(o.name, ''), " + object, Args: args,
		From:   "audit_entry e LEFT JOIN account a ON a.id = e.actor_id LEFT JOIN organisation o ON o.id = e.org_id",
		Where:  func(c *web.Ctx) (string, []any) { return journalScope(c.Actor) },
		Search: list.Search{Label: "admin.audit.search", SQL: `lower(e.object_type) LIKE ? ESCAPE '\' OR lower(e.object_id) LIKE ? ESCAPE '\'`},
		Filters: []list.Filter{{Name: "act", Label: "admin.audit.act", SQL: "e.act = ?", Options: acts}, {Name: "actor", Label: "admin.audit.actor", SQL: "e.actor_id = ?", Shown: s.actorShown(all)},
			{Name: "object", Label: "admin.audit.object", SQL: "e.object_id = ?", Shown: func(_ *web.Ctx, id string) string { return shortID(id) }},
			{Name: "from", Label: "admin.audit.from", SQL: "e.at >= ?", Map: day(0), Shown: dayShown}, {Name: "to", Label: "admin.audit.to", SQL: "e.at < ?", Map: day(1), Shown: dayShown}},
		Columns: []list.Column[line]{
			{Key: "seq", Label: "admin.audit.seq", Sort: "e.seq", Number: true, Minor: true, Cell: func(ctx context.Context, l line) templ.Component {
				return ui.Figure(fmt.Sprint(l.Seq), locale.Int(ctx, int(l.Seq)))
			}, Text: func(_ context.Context, l line) string { return fmt.Sprint(l.Seq) }},
			{Key: "at", Label: "admin.audit.at", NoWrap: true, Cell: func(ctx context.Context, l line) templ.Component {
				return ui.Moment(l.At.UTC().Format(time.RFC3339), locale.DateTime(ctx, l.At))
			}, Text: func(ctx context.Context, l line) string { return l.At.In(locale.Zone(ctx)).Format(time.RFC3339) }}, // with the zone: it may have to prove something,
			{Key: "act", Label: "admin.audit.act", Main: true, Cell: func(ctx context.Context, l line) templ.Component {
				words, codes := l.detail(ctx)
				return actCell(actName(ctx, l.Act), l.Act, words, codes)
			}, Text: func(_ context.Context, l line) string { return l.Act }},
			{Key: "object", Label: "admin.audit.object", Cell: func(ctx context.Context, l line) templ.Component {
				return ui.Link(auditPath+"?object="+l.ObjectID, locale.Code(ctx, "object", l.Type), l.called(ctx))
			}, Text: func(_ context.Context, l line) string { return l.Type + " " + l.ObjectID }},
			{Key: "actor", Label: "admin.audit.actor", Cell: func(ctx context.Context, l line) templ.Component {
				name, org := l.who(ctx, all || l.OrgID == a.OrgID)
				if l.ActorID == "" || name == "" {
					return ui.Lines(name, org)
				}
				return ui.Link(auditPath+"?actor="+l.ActorID, name, org)
			}, Text: func(ctx context.Context, l line) string {
				name, org := l.who(ctx, all || l.OrgID == a.OrgID)
				return strings.TrimSpace(name + " " + org)
			}},
		},
		Scan: func(row list.Row) (l line, err error) {
			var at int64
			var detail, org string
			err = row.Scan(&l.Seq, &at, &l.ActorID, &l.OrgID, &l.Act, &l.Type, &l.ObjectID, &l.OwnerOrg, &detail, &l.actor, &org, &l.object)
			l.At, l.org = store.Time(at), org
			_ = json.Unmarshal([]byte(detail), &l.Detail) // the chain was written by audit.Append; Verify is what finds damage
			return l, err
		},
		Above: s.aboveJournal,
	}
}

// who names the actor: the person to their own organisation and to those who read everything, the organisation alone to others.
func (l line) who(ctx context.Context, named bool) (name, org string) {
	org = baqylau.ParseText(l.org).In(locale.Lang(ctx))
	switch {
	case l.ActorID == "":
		return locale.Code(ctx, "role", string(access.Public)), ""
	case l.ActorID == "system":
		return locale.T(ctx, "admin.audit.system"), ""
	case !named:
		return "", org
	}
	return l.actor, org
}

// detail is what the entry says besides, in the order of its names: in the reader's words, and as it stands where a name or value has none.
func (l line) detail(ctx context.Context) (words, codes string) {
	var said, rest []string
	for k, v := range l.Detail {
		var many []string
		all, ok := v.([]any)
		if text, one := v.(string); one && k == "changed" { // several settings
			for _, key := range strings.Split(text, ",") {
				all = append(all, key)
			}
		} else if !ok {
			all = []any{v}
		}
		known := locale.Has("code.audit_detail." + k)
		for _, one := range all {
			value := fmt.Sprint(one)
			if said, ok := saidOf(ctx, k, value); ok {
				value = said
			} else if strings.ContainsFunc(value, unicode.IsLetter) && !strings.ContainsFunc(value, unicode.IsDigit) { // not a number, a date, a reference
				known = false
			}
			many = append(many, value)
		}
		switch value := strings.Join(many, ", "); {
		case value == "":
		case known:
			said = append(said, locale.Code(ctx, "audit_detail", k)+": "+value)
		default:
			rest = append(rest, fmt.Sprintf("%s: %v", k, v))
		}
	}
	slices.Sort(said)
	slices.Sort(rest)
	return strings.Join(said, " · "), strings.Join(rest, " · ")
}

// valueLists are the code lists of what stands under a name in the details of entries, before the journal's own.
var valueLists = map[string][]string{"kind": {"kind"}, "level": {"level"}, "decision": {"signal_decision"}, "priority": {"severity"}, "domain": {"domain"}, "max_tlp": {"tlp"}, "roles": {"role"},
	"type": {"communication", "signal_type", "name_type"}, "lang": {"lang"}, "changed": {"setting"}, "template": {"outgoing"}}

// saidOf is the word for a value that stands under a name.
func saidOf(ctx context.Context, name, value string) (string, bool) {
	for _, list := range append(slices.Clip(valueLists[name]), "audit_value") {
		if key := "code." + list + "." + value; locale.Has(key) {
			return locale.T(ctx, key), true
		}
	}
	return value, false
}

func (s *Service) showJournal(c *web.Ctx) error { return s.journal(c.Actor).Handler(s.W)(c) }

func (s *Service) postVerify(c *web.Ctx) error {
	var heads []audit.Head
	var err error
	key := ed25519.PublicKey(nil)
	if s.Outside != nil {
		key = s.Outside.Public()
		if heads, err = audit.Heads(s.Outside.Dir); err != nil { // before the chain is read: it may grow meanwhile
			return err
		}
	}
	r, err := audit.VerifyOutside(c.Context(), s.W.DB.Read, heads, key)
	if err != nil {
		return err
	}
	return c.Render(web.Page{Title: c.T("admin.audit.verify"), Room: auditPath, Kind: ui.Narrow, Body: verifiedPage(r)})
}
