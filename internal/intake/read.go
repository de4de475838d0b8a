package intake

import (
	"context"
	"encoding/json"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake/media"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Report is a report as pages and the API show it. Persons' pseudonyms are not part of it; reading those is an act of its own.
type Report struct {
	ID           string
	Receipt      string
	Kind         Kind
	Channel      string
	State        string
	Standing     string // what its sender is told has become of it, see func Standing
	OrgID        string
	SourceID     string
	OrgName      baqylau.Text
	LabOrgID     string
	Domain       baqylau.Domain
	TLP          baqylau.TLP
	OccurrenceID string
	Country      string
	Region       string
	PlaceType    string
	Occurred     baqylau.Date
	Precision    baqylau.Precision
	Known        baqylau.Date
	RecordedAt   time.Time
	Sex, AgeBand string
	Fatal        bool
	Text         string
	Detail       Detail
	Findings     []Finding
	Questions    []OpenQuestion
	Events       []Event
	Files        []Attachment
	Row          access.Row
}

// OpenQuestion is an ambiguous name that waits for an answer.
type OpenQuestion struct {
	ID         string
	Matched    string
	Candidates []string
}

// Event is one line of a report's history and of the conversation with its sender.
type Event struct {
	At        time.Time
	AccountID string
	Act, Text string
	Public    bool
}

// Attachment is a file of a report, without its content.
type Attachment struct {
	ID, Name, MIME string
	Size           int64
}

// photo reports whether a browser shows the file as a picture.
func (a Attachment) photo() bool {
	return a.MIME == string(media.JPEG) || a.MIME == string(media.PNG)
}

var reportColumns = `r.id, r.receipt, r.kind, r.channel, r.state, r.org_id, COALESCE(g.name,''), COALESCE(r.lab_org_id,''), r.account_id, r.domain, r.tlp,
	COALESCE(r.occurrence_id,''), r.country, COALESCE(r.region,''), r.place_type, COALESCE(r.occurred_on,''), r.occurred_precision, r.known_on, r.recorded_at,
	r.sex, r.age_band, r.fatal, r.text, r.detail, r.source_id, ` + Standing("r")

const reportFrom = `report r LEFT JOIN organisation g ON g.id = r.org_id`

type scanner interface{ Scan(dest ...any) error }

func scanReport(row scanner) (r Report, err error) {
	var name, owner, occurred, known, detail string
	var at int64
	if err = row.Scan(&r.ID, &r.Receipt, &r.Kind, &r.Channel, &r.State, &r.OrgID, &name, &r.LabOrgID, &owner, &r.Domain, &r.TLP, &r.OccurrenceID, &r.Country, &r.Region,
		&r.PlaceType, &occurred, &r.Precision, &known, &at, &r.Sex, &r.AgeBand, &r.Fatal, &r.Text, &detail, &r.SourceID, &r.Standing); err != nil {
		return r, err
	}
	r.OrgName, r.RecordedAt = baqylau.ParseText(name), store.Time(at)
	if r.Occurred, _, err = baqylau.ParseDate(occurred); err != nil {
		return r, err
	}
	if r.Known, _, err = baqylau.ParseDate(known); err != nil {
		return r, err
	}
	r.Row = access.Row{OrgID: r.OrgID, Addressee: r.LabOrgID, OwnerID: owner, Domain: r.Domain}
	return r, json.Unmarshal([]byte(detail), &r.Detail)
}

// Read returns one report with everything about it that the actor may see. Codes: NotFound for what does not exist and for what is not theirs alike.
func (s *Service) Read(ctx context.Context, db bun.IDB, actor access.Actor, id string) (r Report, err error) {
	defer baqylau.Wrap(&err, "intake.Read(%s)", id)
	scope, args := access.Where(actor, access.ReportRead, "r")
	rows, err := db.QueryContext(ctx, "SELECT "+reportColumns+" FROM "+reportFrom+" WHERE r.id = ? AND "+Visible("r")+" AND "+scope, append([]any{id}, args...)...)
	if err != nil {
		return r, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return r, err
		}
		return r, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	if r, err = scanReport(rows); err != nil {
		return r, err
	}
	if err := rows.Close(); err != nil {
		return r, err
	}
	if r.Findings, err = FindingsOf(ctx, db, id); err != nil {
		return r, err
	}
	if err := r.questions(ctx, db); err != nil {
		return r, err
	}
	if err := r.events(ctx, db); err != nil {
		return r, err
	}
	err = db.NewRaw("SELECT id, name, mime, size FROM attachment WHERE report_id = ? ORDER BY created_at, id", id).Scan(ctx, &r.Files)
	return r, err
}

// FindingsOf lists the current findings of a report.
func FindingsOf(ctx context.Context, db bun.IDB, reportID string) (out []Finding, err error) {
	rows, err := db.QueryContext(ctx, `SELECT id, COALESCE(substance_id,''), COALESCE(family,''), unidentified, matched, role, level, confidence, techniques, reference_standard,
		purity_pct, COALESCE(lab_result_id,'') FROM finding WHERE report_id = ? AND superseded_on IS NULL ORDER BY id`, reportID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var f Finding
		var techniques string
		if err := rows.Scan(&f.ID, &f.SubstanceID, &f.Family, &f.Unidentified, &f.Matched, &f.Role, &f.Level, &f.Confidence, &techniques, &f.Standard, &f.Purity, &f.LabResultID); err != nil {
			return nil, err
		}
		f.Techniques = split(techniques)
		out = append(out, f)
	}
	return out, rows.Err()
}

func (r *Report) questions(ctx context.Context, db bun.IDB) error {
	var qs []struct{ ID, Matched, Candidates string }
	if err := db.NewRaw("SELECT id, matched, candidates FROM question WHERE report_id = ? AND state = 'open' ORDER BY id", r.ID).Scan(ctx, &qs); err != nil {
		return err
	}
	for _, q := range qs {
		o := OpenQuestion{ID: q.ID, Matched: q.Matched}
		if err := json.Unmarshal([]byte(q.Candidates), &o.Candidates); err != nil {
			return err
		}
		r.Questions = append(r.Questions, o)
	}
	return nil
}

func (r *Report) events(ctx context.Context, db bun.IDB) error {
	rows, err := db.QueryContext(ctx, "SELECT at, account_id, act, text, public FROM report_event WHERE report_id = ? ORDER BY at DESC, id DESC", r.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var e Event
		var at int64
		if err := rows.Scan(&at, &e.AccountID, &e.Act, &e.Text, &e.Public); err != nil {
			return err
		}
		e.At = store.Time(at)
		r.Events = append(r.Events, e)
	}
	return rows.Err()
}

// File returns the content of an attachment of a report that the actor may see.
func (s *Service) File(ctx context.Context, db bun.IDB, actor access.Actor, reportID, id string) (a Attachment, content []byte, err error) {
	defer baqylau.Wrap(&err, "intake.File(%s)", id)
	scope, args := access.Where(actor, access.ReportRead, "r")
	err = db.NewRaw(`SELECT a.id, a.name, a.mime, a.size, a.content FROM attachment a JOIN report r ON r.id = a.report_id
		WHERE a.id = ? AND a.report_id = ? AND `+Visible("r")+` AND `+scope, append([]any{id, reportID}, args...)...).Scan(ctx, &a.ID, &a.Name, &a.MIME, &a.Size, &content)
	return a, content, store.One(err)
}

// TipState tells the sender of a tip, who has only the receipt, what became of it (see Standing) and what the centre wrote to the sender.
func (s *Service) TipState(ctx context.Context, db bun.IDB, receipt string) (state string, at time.Time, events []Event, err error) {
	defer baqylau.Wrap(&err, "intake.TipState")
	var id string
	var us int64
	if err := db.NewRaw("SELECT r.id, "+Standing("r")+", r.recorded_at FROM report r WHERE r.receipt = ? AND r.kind = 'tip'", receipt).Scan(ctx, &id, &state, &us); err != nil {
		return "", at, nil, store.One(err)
	}
	r := Report{ID: id}
	if err := r.events(ctx, db); err != nil {
		return "", at, nil, err
	}
	for _, e := range r.Events {
		if e.Public {
			events = append(events, e)
		}
	}
	return state, store.Time(us), events, nil
}
