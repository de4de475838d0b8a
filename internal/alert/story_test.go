package alert

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert/atom"
	"github.com/baqylau/baqylau/internal/alert/cap"
	"github.com/baqylau/baqylau/internal/alert/mail"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/emersion/go-smtp"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// An officer drafts from a signal, an assessor reviews, an approver clears; AMBER reaches the hospital's mailbox and not that of the police
// officer, whose organisation is trusted up to GREEN.
func TestFromSignalToMailbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.subscribe(t, doctor, baqylau.TLPAmber)
		h.subscribe(t, police, baqylau.TLPGreen)
		c := h.issued(t, nil)
		if c.Ref != "KZ-EWS-AL-2026-0001" || c.State != Issued || c.ReviewedBy != "assessor" || c.ClearedBy != "approver" || c.TLP != baqylau.TLPAmber {
			t.Fatalf("%+v", c)
		}
		if !strings.Contains(c.Content[Advice].EN, "naloxone") || !strings.Contains(c.Content[Summary].RU, "Карагандинская область") || !strings.Contains(c.Content[Confirmed].KK, "3") {
			t.Errorf("the draft does not tell the facts: %+v", c.Content)
		}
		h.post(t)
		got := h.box.of("doctor@hospital.example")
		if len(got) != 1 || len(h.box.letters) != 1 || !strings.HasSuffix(got[0].id, "@ews.example>") {
			t.Fatalf("%+v", h.box.letters)
		}
		h.post(t)
		if len(h.box.letters) != 1 {
			t.Error("an accepted letter went out again")
		}
		if _, err := ByRef(context.Background(), db.Read, police, c.Ref); baqylau.CodeOf(err) != baqylau.NotFound {
			t.Errorf("the police officer reads AMBER: %v", err)
		}
		if _, err := ByRef(context.Background(), db.Read, doctor, c.Ref); err != nil {
			t.Error(err)
		}
		g := h.issued(t, func(d *Draft) { d.TLP = baqylau.TLPGreen })
		h.post(t)
		if g.Ref != "KZ-EWS-AL-2026-0002" || len(h.box.of("police@police.example")) != 1 {
			t.Errorf("%s: %+v", g.Ref, h.box.letters)
		}
	})
}

func TestTwoPersons(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		d, err := h.Prefill(ctx, approver, "sig")
		if err != nil {
			t.Fatal(err)
		}
		d.Expires = baqylau.MustDate("2026-12-31")
		id, err := h.Save(ctx, approver, "", 0, d)
		if err != nil {
			t.Fatal(err)
		}
		h.must(t, approver, id, Submit)
		_, err = h.Step(ctx, approver, id, 0, Clear, baqylau.Text{})
		wantCode(t, err, baqylau.Conflict, "alert.error.not_reviewed")
		h.must(t, assessor, id, Review)
		_, err = h.Step(ctx, approver, id, 0, Clear, baqylau.Text{})
		wantCode(t, err, baqylau.Forbidden, "alert.error.own")
		if slices.Contains(StepsFor(approver, h.get(t, id)), Clear) {
			t.Error("the page offers it")
		}
		_, err = db.Write.Exec("UPDATE communication SET state = 'cleared', cleared_by = 'approver'")
		if err == nil {
			t.Error("the database lets the drafter clear")
		}
		// an officer takes over the last word, but the approver has still written some of it
		h.must(t, assessor, id, Return, "mend it")
		if _, err := h.Save(ctx, officer, id, 0, d); err != nil {
			t.Fatal(err)
		}
		h.must(t, officer, id, Submit)
		h.must(t, assessor, id, Review)
		_, err = h.Step(ctx, approver, id, 0, Clear, baqylau.Text{})
		wantCode(t, err, baqylau.Forbidden, "alert.error.own")
	})
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		id := h.drafted(t, func(d *Draft) {
			d.Content[Advice] = baqylau.Text{RU: "Позвоните 103"}
			d.Expires = baqylau.Date{}
		})
		h.must(t, officer, id, Submit)
		h.must(t, assessor, id, Review)
		_, err := h.Step(ctx, approver, id, 0, Clear, baqylau.Text{})
		for _, field := range []string{"advice_kk", "advice_en", "expires"} {
			wantCode(t, err, baqylau.Invalid, "("+field+")")
		}
		if strings.Contains(err.Error(), "advice_ru") {
			t.Error(err)
		}
		if text := locale.Err(locale.With(ctx, baqylau.English), err); !strings.Contains(text, "“What to do” is missing in Kazakh") {
			t.Error(text)
		}
		fn := h.drafted(t, func(d *Draft) { d.Type, d.Confidence = Notification, baqylau.Probable })
		h.must(t, officer, fn, Submit)
		h.must(t, assessor, fn, Review)
		_, err = h.Step(ctx, approver, fn, 0, Clear, baqylau.Text{})
		wantCode(t, err, baqylau.Invalid, "alert.error.notification")
		h.must(t, approver, fn, Refuse, "not confirmed")
		if c := h.get(t, fn); c.State != Refused || c.Ref != "" {
			t.Errorf("%+v", c)
		}
	})
}

func TestEmergencyIsRedAndReviewedWithinADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		amber := h.drafted(t, func(d *Draft) { d.Severity = baqylau.Amber })
		_, err := h.Step(ctx, approver, amber, 0, Emergency, baqylau.Same("now"))
		wantCode(t, err, baqylau.Conflict, "alert.error.emergency_red")
		red := h.drafted(t, nil)
		_, err = h.Step(ctx, approver, red, 0, Emergency, baqylau.Text{})
		wantCode(t, err, baqylau.Invalid, "alert.error.reason")
		h.must(t, approver, red, Emergency, "three deaths tonight")
		if c := h.get(t, red); c.State != Issued || !c.Emergency || !h.due[red].Equal(h.now.Add(24*time.Hour)) {
			t.Fatalf("%+v, due %v", c, h.due)
		}
		h.must(t, assessor, red, Review)
		if len(h.due) != 0 || h.get(t, red).ReviewedBy != "assessor" {
			t.Errorf("due %v", h.due)
		}
	})
}

func public3(d *Draft) { d.Type, d.TLP, d.Public = PublicWarning, baqylau.TLPClear, true }

// What is public appears in feed and CAP, in every language; an update keeps the entry and names the version before; a retraction leaves a
// tombstone and a Cancel, and reaches everyone who was told, even those who have left.
func TestPublicLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		h.subscribe(t, doctor, baqylau.TLPAmber)
		h.subscribe(t, police, baqylau.TLPGreen)
		c := h.issued(t, public3)
		h.post(t)
		first := h.capOf(t, c.Ref)
		if first.MsgType != "Alert" || len(first.Infos) != 3 || first.Infos[0].Certainty != "Observed" || first.Infos[1].Headline != "Выявлено вещество Карфентанил: Карагандинская область" {
			t.Errorf("%+v", first)
		}
		feed := h.feedIn(t, baqylau.Kazakh)
		if len(feed.Entries) != 1 || feed.Entries[0].CAP() != "https://ews.example/cap/"+c.Ref+".xml" || feed.Entries[0].ID != "urn:uuid:"+c.ID || feed.Lang != "kk" {
			t.Errorf("%+v", feed)
		}

		h.now = h.now.Add(time.Hour)
		v2 := h.must(t, officer, c.ID, Revise)
		if _, err := h.Step(ctx, officer, c.ID, 0, Revise, baqylau.Text{}); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Errorf("a second update began: %v", err)
		}
		if now := h.feedIn(t, baqylau.Russian); len(now.Entries) != 1 {
			t.Error("the version in force left the feed while the update is being prepared")
		}
		u := h.out(t, v2)
		h.post(t)
		if u.Ref != c.Ref || u.Version != 2 || h.get(t, c.ID).State != Superseded {
			t.Errorf("%+v", u)
		}
		second := h.capOf(t, c.Ref)
		if second.MsgType != "Update" || second.Identifier != c.Ref+".2" || len(second.References) != 1 || second.References[0].Identifier != c.Ref {
			t.Errorf("%+v", second)
		}
		if again := h.feedIn(t, baqylau.Kazakh); len(again.Entries) != 1 || again.Entries[0].ID != feed.Entries[0].ID || !again.Entries[0].Updated.After(feed.Entries[0].Updated.Time) {
			t.Errorf("%+v", again.Entries)
		}
		got := h.box.of("police@police.example")
		if len(got) != 2 || got[1].inReplyTo != got[0].id {
			t.Errorf("%+v", got)
		}

		// the police officer leaves; the mistake is found
		subs, err := Subscriptions(ctx, db.Read, "police")
		if err != nil || len(subs) != 1 {
			t.Fatal(subs, err)
		}
		if err := h.Unsubscribe(ctx, police, subs[0].ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.Step(ctx, officer, v2, 0, Retract, baqylau.Same("x"))
		wantCode(t, err, baqylau.Forbidden, "error.forbidden")
		h.now = h.now.Add(time.Hour)
		h.must(t, approver, v2, Retract, "the sample was mixed up")
		h.post(t)
		for _, address := range []string{"police@police.example", "doctor@hospital.example"} {
			if got := h.box.of(address); len(got) != 3 || got[2].inReplyTo != got[1].id {
				t.Errorf("%s: %+v", address, got)
			}
		}
		gone := h.feedIn(t, baqylau.English)
		if len(gone.Entries) != 0 || len(gone.Deleted) != 1 || gone.Deleted[0].Ref != feed.Entries[0].ID || gone.Deleted[0].Comment.Body != "the sample was mixed up" {
			t.Errorf("%+v", gone)
		}
		third := h.capOf(t, c.Ref)
		if third.MsgType != "Cancel" || len(third.References) != 2 || third.Infos[0].ResponseTypes[0] != "AllClear" || third.Infos[0].Description != "the sample was mixed up" {
			t.Errorf("%+v", third)
		}
		if h.get(t, c.ID).State != Retracted || h.get(t, v2).State != Retracted {
			t.Error("a version was not retracted")
		}
	})
}

func (h *house) capOf(t *testing.T, ref string) cap.Alert {
	t.Helper()
	doc, _, err := h.CAP(context.Background(), h.db.Read, ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := cap.Conform(bytes.NewReader(doc)); err != nil {
		t.Fatalf("%v\n%s", err, doc)
	}
	a, err := cap.Parse(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (h *house) feedIn(t *testing.T, l baqylau.Lang) atom.Feed {
	t.Helper()
	doc, _, err := h.Feed(locale.With(context.Background(), l), h.db.Read)
	if err != nil {
		t.Fatal(err)
	}
	f, err := atom.Parse(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Should the process end after the server took a letter and before that is recorded, it goes out again under the same Message-ID.
func TestCrashBetweenSendAndRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		h.subscribe(t, doctor, baqylau.TLPAmber)
		h.issued(t, nil)
		var id string
		if err := db.Read.NewRaw("SELECT id FROM delivery").Scan(ctx, &id); err != nil {
			t.Fatal(err)
		}
		server := h.Mail
		h.Mail = sendFunc(func(ctx context.Context, l mail.Letter) (mail.Result, error) {
			r, err := server.Send(ctx, l)
			if _, err := db.Write.Exec("ALTER TABLE audit_head RENAME TO audit_gone"); err != nil {
				t.Error(err)
			}
			return r, err
		})
		if err := h.Deliver(ctx, id, false); err == nil {
			t.Fatal("the record was written without its journal entry")
		}
		if _, err := db.Write.Exec("ALTER TABLE audit_gone RENAME TO audit_head"); err != nil {
			t.Fatal(err)
		}
		h.Mail = server
		for range 2 {
			if err := h.Deliver(ctx, id, false); err != nil {
				t.Fatal(err)
			}
		}
		got := h.box.of("doctor@hospital.example")
		if len(got) != 2 || got[0].id != got[1].id {
			t.Errorf("%+v", got)
		}
	})
}

type sendFunc func(ctx context.Context, l mail.Letter) (mail.Result, error)

func (f sendFunc) Send(ctx context.Context, l mail.Letter) (mail.Result, error) { return f(ctx, l) }

func TestFailuresAreRecorded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		h.subscribe(t, doctor, baqylau.TLPAmber)
		c := h.issued(t, nil)
		list := func() Delivery {
			t.Helper()
			ds, err := Deliveries(ctx, db.Read, c.RootID)
			if err != nil || len(ds) != 1 {
				t.Fatal(ds, err)
			}
			return ds[0]
		}
		h.box.refuse = &smtp.SMTPError{Code: 451, Message: "later"}
		wantCode(t, h.Deliver(ctx, list().ID, false), baqylau.Unavailable, "error.mail_server")
		if d := list(); d.State != "queued" || d.Tries != 1 || d.LastError != "error.mail_server" {
			t.Errorf("%+v", d)
		}
		h.box.refuse = &smtp.SMTPError{Code: 550, Message: "never"}
		if err := h.Deliver(ctx, list().ID, false); err != nil {
			t.Error(err)
		}
		if d := list(); d.State != "failed" || d.LastError != "error.mail_refused" {
			t.Errorf("%+v", d)
		}
	})
}

// A mail server whose certificate has ended for longer than a letter's tries would last: no letter uses up a try, one of them asks the server, the reason is told, and once the
// certificate is renewed each goes out once.
func TestLettersWaitForTheServer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		h.subscribe(t, doctor, baqylau.TLPAmber)
		h.subscribe(t, officer, baqylau.TLPAmber)
		c := h.issued(t, nil)
		letters, err := Deliveries(ctx, db.Read, c.RootID)
		if err != nil || len(letters) != 2 {
			t.Fatal(letters, err)
		}
		server, asked := h.Mail, 0
		h.Mail = sendFunc(func(context.Context, mail.Letter) (mail.Result, error) {
			asked++
			return mail.Away, baqylau.E(baqylau.Unavailable, "error.mail_certificate_ended")
		})
		w := &sendWorker{s: h.Service}
		work := func() (waiting int) {
			t.Helper()
			for _, l := range letters {
				err := w.Work(ctx, &river.Job[Send]{JobRow: &rivertype.JobRow{Attempt: tries, MaxAttempts: tries}, Args: Send{l.ID}})
				if err != nil && !errors.As(err, new(*rivertype.JobSnoozeError)) {
					t.Fatal(err)
				}
				if err != nil {
					waiting++
				}
			}
			return waiting
		}
		entries := func() (n int) {
			t.Helper()
			if err := db.Read.NewRaw("SELECT count(*) FROM audit_entry").Scan(ctx, &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := entries()
		for range 3 {
			if n := work(); n != 2 {
				t.Fatalf("%d letters wait", n)
			}
		}
		if asked != 1 || entries() != before {
			t.Errorf("the server was asked %d times within a moment, the journal has %d entries more", asked, entries()-before)
		}
		if why, err := h.Waiting(ctx); err != nil || why != "error.mail_certificate_ended" {
			t.Error(why, err)
		}
		letters, err = Deliveries(ctx, db.Read, c.RootID)
		for _, l := range letters {
			if err != nil || l.State != "queued" || l.Tries != 0 || l.LastError != "error.mail_certificate_ended" {
				t.Errorf("%+v %v", l, err)
			}
		}
		h.Mail, h.away.until = server, h.away.until.Add(-awayPause)
		for range 2 {
			if n := work(); n != 0 {
				t.Errorf("%d letters still wait", n)
			}
		}
		if why, err := h.Waiting(ctx); err != nil || why != "" {
			t.Error(why, err)
		}
		if came := h.box.letters; len(came) != 2 || came[0].id == came[1].id {
			t.Errorf("%+v", came)
		}
	})
}

// An outside address receives nothing before its link was followed; its letters can be confirmed and ended without an account.
func TestOutsideAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		sub := Subscription{OrgID: "hospital", Address: "duty@clinic.example", Lang: baqylau.Russian, MaxTLP: baqylau.TLPRed, MinSeverity: baqylau.Amber, AckRequired: true}
		wantCode(t, h.Add(ctx, officer, sub), baqylau.Invalid, "alert.error.max_tlp")
		sub.MaxTLP = baqylau.TLPAmber
		if err := h.Add(ctx, officer, sub); err != nil {
			t.Fatal(err)
		}
		wantCode(t, h.Add(ctx, doctor, sub), baqylau.Forbidden, "error.forbidden")
		link := func(prefix string) string {
			t.Helper()
			var body string
			if err := db.Read.NewRaw("SELECT body FROM delivery ORDER BY created_at DESC, id DESC LIMIT 1").Scan(ctx, &body); err != nil {
				t.Fatal(err)
			}
			_, rest, ok := strings.Cut(body, h.BaseURL+prefix)
			if !ok {
				t.Fatal(body)
			}
			return strings.Fields(rest)[0]
		}
		token := link("/subscribe/")
		h.issued(t, nil)
		h.post(t)
		if got := h.box.of(sub.Address); len(got) != 1 {
			t.Errorf("only the letter of verification was due: %+v", got)
		}
		anyone := access.Anyone(baqylau.Russian)
		if err := h.Verify(ctx, anyone, token); err != nil {
			t.Fatal(err)
		}
		wantCode(t, h.Verify(ctx, anyone, token), baqylau.NotFound, "error.not_found")
		h.issued(t, func(d *Draft) { d.Severity = baqylau.Yellow })
		c := h.issued(t, nil)
		letter := link("/letters/")
		if err := h.Acknowledge(ctx, anyone, letter); err != nil {
			t.Fatal(err)
		}
		ds, err := Deliveries(ctx, db.Read, c.RootID)
		if err != nil || len(ds) != 1 || !ds[0].AckRequired || ds[0].AcknowledgedAt.IsZero() {
			t.Errorf("%+v %v", ds, err)
		}
		if err := h.Leave(ctx, anyone, letter); err != nil {
			t.Fatal(err)
		}
		if to, err := Recipients(ctx, db.Read, c.Draft); err != nil || len(to) != 0 {
			t.Errorf("%+v %v", to, err)
		}
		var kept int
		if err := db.Read.NewRaw("SELECT count(*) FROM delivery WHERE purpose = 'verify' AND body <> ''").Scan(ctx, &kept); err != nil || kept != 0 {
			t.Errorf("the one-time link is kept: %d %v", kept, err)
		}
	})
}

func TestExpiry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		c := h.issued(t, nil)
		if n, err := h.Expire(ctx); n != 0 || err != nil {
			t.Error(n, err)
		}
		h.now = time.Date(2027, 1, 1, 0, 0, 0, 0, h.now.Location())
		if n, err := h.Expire(ctx); n != 1 || err != nil {
			t.Error(n, err)
		}
		if got := h.get(t, c.ID); got.State != Expired || got.Expires.String() != "2026-12-31" {
			t.Errorf("%+v", got)
		}
	})
}

// A retraction holds back what has not gone out, and still tells those to whom it may be on its way.
func TestRetractionBeforeSending(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.subscribe(t, doctor, baqylau.TLPAmber)
		c := h.issued(t, nil)
		h.must(t, approver, c.ID, Retract, "wrong")
		h.post(t)
		ds, err := Deliveries(context.Background(), db.Read, c.RootID)
		if err != nil || len(ds) != 2 || len(h.box.of("doctor@hospital.example")) != 1 {
			t.Fatalf("%+v %v", ds, err)
		}
		for _, d := range ds {
			if want := map[string]string{"issued": "withdrawn", "retracted": "accepted"}[d.Purpose]; d.State != want {
				t.Errorf("%s: %s", d.Purpose, d.State)
			}
		}
	})
}
