package signal_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// centre is a node with the shipped registry, a clock that the test moves, and reports that the test sends.
type centre struct {
	t    *testing.T
	db   *store.DB
	w    *change.Writer
	s    *signal.Service
	book *registry.Book
	now  time.Time
	n    int
}

// letterbox keeps letters in table delivery, as the alert room does.
type letterbox struct{}

func (letterbox) Queue(ctx context.Context, tx *change.Tx, l signal.Letter) error {
	id := store.NewID()
	_, err := tx.NewRaw(`INSERT INTO delivery (id, purpose, object_id, address, lang, message_id, subject, body, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0)`, id, l.Purpose, l.ObjectID, l.Address, string(l.Lang), id, l.Subject, l.Body).Exec(ctx)
	return err
}

func open(t *testing.T, db *store.DB) *centre {
	t.Helper()
	ctx := context.Background()
	c := &centre{t: t, db: db, w: change.New(db), now: time.Date(2026, 11, 23, 9, 0, 0, 0, change.Zone)} // a Monday
	c.w.Now = func() time.Time { return c.now }
	c.check(registry.Seed(ctx, db, c.w, data.FS))
	shelf, err := registry.NewShelf(ctx, db)
	c.check(err)
	c.book = shelf.Book()
	c.s = &signal.Service{W: c.w, Shelf: shelf, Mail: letterbox{}, BaseURL: "https://ews.example"}
	c.exec(`INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES ('centre', 'centre', '{"en":"Centre"}', 'other', 'neutral', 'KZ', 0)`)
	c.exec(`INSERT INTO source (id, code, name, org_id, country, domain) VALUES ('src', 'src', '{"en":"Hospital"}', 'centre', 'KZ', 'health')`)
	return c
}

func (c *centre) check(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *centre) exec(sql string, args ...any) {
	c.t.Helper()
	_, err := c.db.Write.NewRaw(sql, args...).Exec(context.Background())
	c.check(err)
}

func (c *centre) count(sql string, args ...any) (n int) {
	c.t.Helper()
	c.check(c.db.Read.NewRaw(sql, args...).Scan(context.Background(), &n))
	return n
}

func (c *centre) today() baqylau.Date { return change.Today(c.now) }

// substance is the identifier of a shipped substance.
func (c *centre) substance(name string) string {
	c.t.Helper()
	s, ok := c.book.ByName(name)
	if !ok {
		c.t.Fatalf("the registry has no %s", name)
	}
	return s.ID
}

// report records that a substance was found, today.
func (c *centre) report(kind intake.Kind, region, substance string, level baqylau.Level) intake.Recorded {
	c.t.Helper()
	c.n++
	in := intake.Incoming{Kind: kind, Channel: "form", OrgID: "centre", AccountID: "someone", Domain: baqylau.HealthDomain, SourceID: "src", SourceRef: fmt.Sprint("n", c.n),
		Country: "KZ", Region: region, Occurred: c.today(), Known: c.today(), Fatal: kind == intake.Death, Text: "x",
		Findings: []intake.Finding{{SubstanceID: c.substance(substance), Level: level, Confidence: intake.ConfidenceOf(level)}}}
	var rec []intake.Recorded
	c.check(c.w.Do(context.Background(), access.TheSystem(), access.ReportCreate, func(ctx context.Context, tx *change.Tx) (err error) {
		rec, err = intake.Record(ctx, tx, c.book, []intake.Incoming{in})
		tx.Subject("report", "", "", nil)
		return err
	}))
	return rec[0]
}

// A hospital ticks that life was in danger: the first score says so, and the officer reads it beside the report.
func TestThreatToLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		rec := c.report(intake.AcuteIntoxication, "KZ-79", "Metonitazene", baqylau.Presumptive)
		c.exec(`UPDATE report SET detail = '{"seriousness":["life_threatening"]}' WHERE id = ?`, rec.ReportID)
		c.detect()
		list := c.all()
		if len(list) == 0 {
			t.Fatal("no signal")
		}
		m := list[0].Scores.Marks[score.Harm]
		if m.Value != 3 || m.Ground.Key != "signal.ground.threat_to_life" {
			t.Errorf("harm %+v", m)
		}
		items, err := signal.Items(context.Background(), c.db.Read, c.book, officer("aigerim"), must(signal.Get(context.Background(), c.db.Read, officer("aigerim"), list[0].ID)))
		c.check(err)
		if len(items) != 1 || !slices.Equal(items[0].Seriousness, []string{"life_threatening"}) {
			t.Errorf("%+v", items)
		}
	})
}

func must(s signal.Signal, err error) signal.Signal {
	if err != nil {
		panic(err)
	}
	return s
}

func (c *centre) detect() signal.Run {
	c.t.Helper()
	run, err := c.s.Detect(context.Background(), "KZ", c.today())
	c.check(err)
	return run
}

func (c *centre) all() []signal.Signal {
	c.t.Helper()
	list, err := signal.Open(context.Background(), c.db.Read, officer("aigerim"), 1000)
	c.check(err)
	return list
}

func officer(id string) access.Actor {
	return access.Actor{ID: id, Name: id, OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Officer}, Lang: baqylau.English, MaxTLP: baqylau.TLPRed}
}

func (c *centre) account(id, role string) {
	c.t.Helper()
	c.exec(`INSERT INTO account (id, login, name, org_id, lang, state, created_at) VALUES (?, ?, ?, 'centre', 'ru', 'active', 0)`, id, id+"@ews.example", id)
	c.exec(`INSERT INTO account_role (account_id, role) VALUES (?, ?)`, id, role)
}

func TestANewOpioidIsRaisedInTheSameMinute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		c.account("aigerim", "ews_officer")
		c.account("marat", "reporter")
		c.account("duty", "approver")
		c.exec(`INSERT INTO duty (id, account_id, from_on, to_on) VALUES ('d', 'duty', '2026-11-01', '2026-11-30')`)
		first := c.report(intake.Death, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		if run := c.detect(); run.Raised != 1 {
			t.Fatalf("first report: %+v", run)
		}
		c.now = c.now.Add(30 * time.Second)
		second := c.report(intake.Death, "KZ-71", "Metonitazene", baqylau.ConfirmedID)
		if run := c.detect(); run.Raised != 1 || run.Grown != 1 { // the second place is news of its own, while the first signal grows
			t.Fatalf("second report: %+v", run)
		}
		list := c.all()
		i := slices.IndexFunc(list, func(s signal.Signal) bool { return s.Type == string(rules.FirstCountry) })
		if i < 0 {
			t.Fatalf("no first detection among %+v", list)
		}
		s := list[i]
		if s.Ref != "S-2026-0001" || s.State != state.Detected || s.Events != 2 || !slices.Equal(s.Evidence.Occurrences, []string{first.OccurrenceID, second.OccurrenceID}) {
			t.Errorf("signal %+v", s)
		}
		// death 3, confirmed 3, two places 2, new and potent 3: eleven, and a death with certainty is red in any case
		if s.Priority != baqylau.Red || s.Scores.Matrix().Total() != 11 || s.DueAt.Sub(s.CreatedAt) != 4*time.Hour || s.Outside {
			t.Errorf("priority %s, total %d, due %s after, outside %v", s.Priority, s.Scores.Matrix().Total(), s.DueAt.Sub(s.CreatedAt), s.Outside)
		}
		if said := signal.SayAll(locale.With(context.Background(), baqylau.English), c.book, s.Explanation); !strings.Contains(said, "first detection in the country, Kazakhstan, 23.11.2026") {
			t.Errorf("explanation %q", said)
		}
		if n := c.count("SELECT count(*) FROM delivery WHERE purpose = 'red_signal' AND object_id = ? AND state = 'queued'", s.ID); n != 2 {
			t.Errorf("%d letters, want one to the officer and one to the person on duty", n)
		}
	})
}

func TestDetectionTwiceRaisesNothingNew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		c.report(intake.Seizure, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		c.detect()
		entries := c.count("SELECT count(*) FROM audit_entry")
		fresh := &signal.Service{W: c.w, Shelf: c.s.Shelf} // as after a restart
		for _, s := range []*signal.Service{c.s, fresh} {
			for range 2 {
				run, err := s.Detect(context.Background(), "KZ", c.today())
				c.check(err)
				if run.Raised+run.Grown != 0 || run.Candidates != 1 {
					t.Errorf("run %+v", run)
				}
			}
		}
		c.now = c.now.AddDate(0, 0, 8)
		if run := c.detect(); run.Raised != 0 || len(c.all()) != 1 {
			t.Errorf("next week: %+v", run)
		}
		if n := c.count("SELECT count(*) FROM audit_entry"); n != entries {
			t.Errorf("runs without news left %d entries in the journal", n-entries)
		}
	})
}

// What a refuted signal was refuted for stays refuted; the real thing is raised again.
func TestARefutedFirstDetectionDoesNotHideTheRealOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		rec := c.report(intake.Seizure, "KZ-75", "Metonitazene", baqylau.Presumptive)
		c.detect()
		s := c.all()[0]
		c.exec("UPDATE signal SET state = 'refuted' WHERE id = ?", s.ID)
		if run := c.detect(); run.Raised != 0 {
			t.Errorf("the same event again: %+v", run)
		}
		c.withdraw(rec)
		c.now = c.now.AddDate(0, 0, 3)
		c.report(intake.Seizure, "KZ-71", "Metonitazene", baqylau.ConfirmedID)
		if run := c.detect(); run.Raised != 1 {
			t.Errorf("the real first detection: %+v", run)
		}
	})
}

// withdraw retracts a report, as its sender can.
func (c *centre) withdraw(rec intake.Recorded) {
	c.t.Helper()
	c.check(c.w.Do(context.Background(), access.TheSystem(), access.ReportAmend, func(ctx context.Context, tx *change.Tx) error {
		before, err := intake.Contribution(ctx, tx, c.book, rec.OccurrenceID)
		if err != nil {
			return err
		}
		if _, err := tx.NewRaw("UPDATE report SET state = 'retracted' WHERE id = ?", rec.ReportID).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("report", rec.ReportID, "", nil)
		return intake.Recount(ctx, tx, c.book, rec.OccurrenceID, before, tx.Today())
	}))
}

// What made a signal probable is withdrawn, and two suspicions come in: it is a suspicion, in its label as in its first score.
func TestASignalIsAsSureAsItsCases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		sure := c.report(intake.Seizure, "KZ-75", "Metonitazene", baqylau.Tentative)
		c.detect()
		if got := c.all()[0]; got.Confidence != baqylau.Probable || got.Scores.Marks[score.Certainty].Value != baqylau.Probable.Rank() {
			t.Fatalf("%s, %+v", got.Confidence, got.Scores.Marks)
		}
		c.withdraw(sure)
		c.report(intake.Seizure, "KZ-75", "Metonitazene", baqylau.Presumptive)
		c.report(intake.Seizure, "KZ-75", "Metonitazene", baqylau.Presumptive)
		if run := c.detect(); run.Grown != 1 {
			t.Fatalf("%+v", run)
		}
		if got := c.all()[0]; got.Confidence != baqylau.Suspected || got.Scores.Marks[score.Certainty].Value != baqylau.Suspected.Rank() {
			t.Errorf("%s, %+v", got.Confidence, got.Scores.Marks)
		}
	})
}

// A correction of the past makes the rules read it again, although their knowledge up to last Sunday is kept in memory.
func TestACorrectionOfThePastIsSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		wrong := c.report(intake.Seizure, "KZ-75", "Carfentanil", baqylau.Presumptive)
		c.detect()
		c.now = c.now.AddDate(0, 0, 14)
		c.detect()
		c.withdraw(wrong)
		c.exec("UPDATE signal SET state = 'refuted'")
		c.report(intake.Seizure, "KZ-71", "Carfentanil", baqylau.ConfirmedID)
		if run := c.detect(); run.Raised != 1 || c.all()[0].Type != string(rules.FirstCountry) {
			t.Errorf("run %+v, %+v", run, c.all())
		}
	})
}

func TestTipsAndForeignAlertsRaiseNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		c.report(intake.Tip, "KZ-75", "Carfentanil", baqylau.Presumptive)
		c.report(intake.ForeignAlert, "KZ-75", "Carfentanil", baqylau.ConfirmedID)
		if run := c.detect(); run.Candidates != 0 {
			t.Errorf("run %+v", run)
		}
	})
}

// History replayed at the end says the same as detection that ran every Sunday with what was known then.
func TestReplayEqualsLiveDetection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		regions := []string{"KZ-75", "KZ-71", "KZ-79"}
		common := []string{"Heroin", "Methadone", "Alprazolam"}
		news := map[int]string{20: "Metonitazene", 45: "Carfentanil", 66: "Xylazine", 74: "Bromazolam"}
		type line struct {
			On      baqylau.Date
			Type    string
			Subject string
			Region  string
		}
		var live, replayed []line
		for week := range 80 {
			c.report(intake.Seizure, regions[week%3], common[week%3], baqylau.ConfirmedID)
			for start, name := range news {
				if week >= start && (week-start)%3 == 0 {
					c.report(intake.Death, regions[(week-start)/3%3], name, baqylau.ConfirmedID)
				}
			}
			if week > 70 {
				for range 3 {
					c.report(intake.Seizure, "KZ-75", "Heroin", baqylau.ConfirmedID)
				}
			}
			c.now = c.now.AddDate(0, 0, 6) // Sunday
			before := c.ids()
			c.detect()
			for _, s := range c.all() {
				if !before[s.ID] {
					live = append(live, line{s.RaisedOn, s.Type, s.SubstanceID + s.Family, s.Region})
				}
			}
			c.now = c.now.AddDate(0, 0, 1)
		}
		ctx := locale.With(context.Background(), baqylau.English)
		c.check(c.s.Replay(ctx, "KZ", baqylau.Date{}, baqylau.Date{}, func(l signal.Line) error {
			id := ""
			if s, ok := c.book.ByName(l.Substance); ok && l.Family == "" {
				id = s.ID
			}
			replayed = append(replayed, line{l.RaisedOn, string(l.Type), id + l.Family, l.Region})
			return nil
		}))
		key := func(a, b line) int {
			return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
		}
		slices.SortFunc(live, key)
		slices.SortFunc(replayed, key)
		if d := cmp.Diff(live, replayed, cmp.Comparer(func(a, b baqylau.Date) bool { return a == b })); d != "" || len(live) < 8 {
			t.Errorf("%d live (-), %d replayed (+):\n%s", len(live), len(replayed), d)
		}
		if !slices.ContainsFunc(live, func(l line) bool { return rules.Type(l.Type).Rise() }) {
			t.Error("nothing rose")
		}
	})
}

func (c *centre) ids() map[string]bool {
	m := map[string]bool{}
	for _, s := range c.all() {
		m[s.ID] = true
	}
	return m
}

func TestReplayedHistoryIsArchivedAndRecentSignalsStayOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		c.report(intake.Death, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		c.now = c.now.AddDate(0, 0, 200)
		c.report(intake.Death, "KZ-75", "Carfentanil", baqylau.ConfirmedID)
		n, err := c.s.ReplayInto(context.Background(), "KZ")
		c.check(err)
		if list := c.all(); n != 2 || len(list) != 1 || c.book.PlaceName("KZ-75", baqylau.English) == "" {
			t.Fatalf("%d written, open: %+v", n, list)
		}
		if n, err = c.s.ReplayInto(context.Background(), "KZ"); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
		if run := c.detect(); run.Raised != 0 {
			t.Errorf("detection after a replay: %+v", run)
		}
		if n := c.count("SELECT count(*) FROM delivery"); n != 0 {
			t.Errorf("%d letters without an officer", n)
		}
	})
}

// An imported history of years is no news; what became known within the last quarter is caught up with.
func TestOldHistoryRaisesNothingAndTheLastQuarterDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		c.report(intake.Death, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		c.now = c.now.AddDate(0, 0, 200)
		c.report(intake.Death, "KZ-75", "Carfentanil", baqylau.ConfirmedID)
		c.now = c.now.AddDate(0, 0, 40)
		if run := c.detect(); run.Raised != 1 {
			t.Errorf("run %+v", run)
		}
		if s := c.all()[0]; s.SubstanceID != c.substance("Carfentanil") {
			t.Errorf("raised %+v", s)
		}
	})
}

func TestABudgetOfNonsenseIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		c.exec("INSERT INTO setting (key, value) VALUES ('signal.budget', 'many')")
		if _, err := c.s.Detect(context.Background(), "KZ", c.today()); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("error %v", err)
		}
	})
}
