// Package alert is the room of communications: what the centre says to whom, and what became of it. A draft in three languages goes
// through a science review and the clearance by a second person, is issued to pages, feed, CAP and mailboxes, and can be updated,
// cancelled or retracted; a retraction reaches whoever was told. Nothing here is sent without a person's decision.
//
// Packages cap, atom and mail know the formats and the protocol; this package joins them to the database and to the pages.
package alert

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert/mail"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Service is the alert room.
type Service struct {
	W        *change.Writer
	Shelf    *registry.Shelf
	BaseURL  string // address of the site, for links in letters, feed and CAP; no slash at its end
	Exercise bool   // demonstration: CAP documents say that nothing in them is real
	Mail     Sender // nil: letters wait
	Clocks   Clocks // nil runs no clocks
	OnDuty   OnDuty // nil: nobody is named
	Signals  SignalSource
	Raise    Raiser // nil: foreign alerts cannot become signals
	Feeds    []Feed // foreign feeds that the operator allowed; none by default
	// PrivateFeeds lets feeds lie on private addresses, for a feed inside the organisation's own network.
	PrivateFeeds bool

	away away
}

// Sender hands a letter to the mail server; *mail.Sender does.
type Sender interface {
	Send(ctx context.Context, l mail.Letter) (mail.Result, error)
}

// Clock is a deadline for people: the review of an alert that went out by the emergency path.
type Clock struct {
	CommunicationID string
	Kind            string // "emergency_review"
	Title           baqylau.Text
	Path            string
	At              time.Time
}

// Clocks runs deadlines with reminders and escalation; package due does.
type Clocks interface {
	// Start opens the clock for the assessors.
	Start(ctx context.Context, tx *change.Tx, c Clock) error
	// Stop ends the clock of a communication, if one runs: done, or no longer needed.
	Stop(ctx context.Context, tx *change.Tx, communicationID, kind string, done bool) error
}

// OnDuty names the people on duty at a moment who have one of the roles; package due does.
type OnDuty func(ctx context.Context, at time.Time, roles []access.Role) ([]string, error)

// Type is a type of communication, code list communication.
type Type string

// The types of the domain text, section (e).
const (
	Notification    Type = "FN" // formal notification: a substance was identified for the first time
	Alert           Type = "AL" // time-sensitive, immediate action
	Advisory        Type = "AD" // recommendations
	Update          Type = "UP" // what has changed
	Briefing        Type = "BR" // background
	PublicWarning   Type = "PW" // plain language, for everyone
	SituationReport Type = "SR"
)

// Types lists the types in the order of the form.
var Types = []Type{Alert, PublicWarning, Advisory, Notification, Update, Briefing, SituationReport}

// urgent reports whether people must act on it at once, so that every part must be there in three languages.
func (t Type) urgent() bool { return t == Alert || t == PublicWarning }

// State is where a communication stands (domain text, W8).
type State string

// The states.
const (
	Drafted    State = "draft"
	InReview   State = "science_review"
	Cleared    State = "cleared"
	Issued     State = "issued"
	Expired    State = "expired"
	Cancelled  State = "cancelled"
	Superseded State = "superseded" // a newer version was issued
	Retracted  State = "retracted"
	Refused    State = "refused"
)

// States lists the states in order of life.
var States = []State{Drafted, InReview, Cleared, Issued, Expired, Cancelled, Superseded, Retracted, Refused}

// Block is a part of the content.
type Block string

// The blocks.
const (
	Title     Block = "title"
	Summary   Block = "summary"
	Confirmed Block = "confirmed" // what is confirmed
	Uncertain Block = "uncertain" // what is not known
	Signs     Block = "signs"     // signs to recognise
	Advice    Block = "advice"    // what to do, one step on a line
	Response  Block = "response"  // what services may do
	Sources   Block = "sources"
	Contact   Block = "contact"
)

// Blocks lists the blocks in the order of the form.
var Blocks = []Block{Title, Summary, Confirmed, Uncertain, Signs, Advice, Response, Sources, Contact}

// Content is the text of a communication, block by block in three languages.
type Content map[Block]baqylau.Text

// Figure is a number cleared with the communication: it may be shown even where small numbers are hidden.
type Figure struct {
	Label baqylau.Text `json:"label"`
	Value int          `json:"value"`
}

// Draft is what its writer decides.
type Draft struct {
	Type        Type
	SignalID    string
	SubstanceID string
	TLP         baqylau.TLP
	Public      bool // shown to everyone; needs TLP CLEAR
	Severity    baqylau.Severity
	Confidence  baqylau.Confidence
	Regions     []string     // region codes; none is the whole country
	Expires     baqylau.Date // last day of validity; zero: none
	Content     Content
	Figures     []Figure
	Photos      []Photo // kept by AddPhoto, not by Save
}

// Communication is one version of what the centre says. All versions share RootID and Ref.
type Communication struct {
	Draft
	ID, RootID   string
	Ref          string // "" before the first version is issued
	State        State
	Version      int
	DraftedBy    string
	ReviewedBy   string
	ClearedBy    string
	Emergency    bool // one approver cleared and issued it
	IssuedAt     time.Time
	ExpiresAt    time.Time
	EndedAt      time.Time
	EndReason    baqylau.Text
	SupersedesID string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Token        int64 // changes with every act; an act on an old token is a Conflict
}

// Name is the number of an issued communication, and the title of a draft.
func (c Communication) Name(l baqylau.Lang) string {
	if c.Ref != "" {
		return c.Ref
	}
	return c.Content[Title].In(l)
}

// Open reports whether everyone may read it: it was issued as public.
func (c Communication) Open() bool {
	return c.Public && c.TLP == baqylau.TLPClear && !c.IssuedAt.IsZero()
}

// places names the regions, or the country; in a list of the centre's own communications country is "" and said in general words.
func (s *Service) places(ctx context.Context, regions []string, country string) string {
	book, l := s.Shelf.Book(), locale.Lang(ctx)
	switch {
	case len(regions) == 0 && country == "":
		return locale.T(ctx, "alert.whole_country")
	case len(regions) == 0:
		return book.PlaceName(country, l)
	}
	names := ""
	for i, r := range regions {
		if i > 0 {
			names += ", "
		}
		names += book.PlaceName(r, l)
	}
	return names
}

// Country is the centre's own country, ISO 3166-1: the setting "country", or Kazakhstan.
func Country(ctx context.Context, db bun.IDB) (string, error) {
	code, err := store.Setting(ctx, db, "country")
	return cmp.Or(code, "KZ"), err
}

// centre is the name of the centre in the language of ctx, "" while the settings have none.
func centre(ctx context.Context, db bun.IDB) string {
	name, err := store.Centre(ctx, db)
	if err != nil {
		return "" // without its name a letter still goes out
	}
	return name.In(locale.Lang(ctx))
}

// issuer is who speaks: the centre by its name.
func (s *Service) issuer(ctx context.Context) string {
	if name := centre(ctx, s.W.DB.Read); name != "" {
		return name
	}
	return locale.T(ctx, "alert.issuer")
}

// host is the right side of Message-IDs and of the CAP sender.
func (s *Service) host() string {
	if u, err := url.Parse(s.BaseURL); err == nil && u.Hostname() != "" && !slices.Contains([]byte(u.Hostname()), ':') {
		return u.Hostname()
	}
	return "baqylau.invalid"
}

func conflict() error { return baqylau.E(baqylau.Conflict, "alert.error.moved_on") }
