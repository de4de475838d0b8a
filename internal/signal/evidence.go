package signal

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Item is one report behind a signal.
type Item struct {
	OccurrenceRef string
	ReportID      string
	Occurred      baqylau.Date
	Precision     baqylau.Precision
	Known         baqylau.Date
	Country       string
	Region        string
	PlaceType     string
	Kind          intake.Kind
	Fatal         bool
	Seriousness   []string // as its sender ticked, code list seriousness
	Confidence    baqylau.Confidence
	Level         baqylau.Level
}

// Items returns the reports behind a signal that the actor may read, newest first; to who may read no reports, and of what lies behind
// the wall, the signal's own count is all that shows.
func Items(ctx context.Context, db bun.IDB, book *registry.Book, a access.Actor, sig Signal) (list []Item, err error) {
	defer baqylau.Wrap(&err, "signal.Items")
	if !access.May(a, access.ReportRead) || len(sig.behind) == 0 {
		return nil, nil
	}
	scope, scopeArgs := access.Where(a, access.ReportRead, "r")
	_, left, err := sig.since(ctx, db, book)
	if err != nil {
		return nil, err
	}
	marks, args := store.In(left)
	rows, err := db.QueryContext(ctx, `SELECT o.ref, r.id, COALESCE(o.occurred_on,''), o.occurred_precision, r.known_on, o.country, COALESCE(o.region,''), r.place_type, r.kind, r.fatal, r.detail,
		f.confidence, f.level, COALESCE(f.substance_id,''), COALESCE(f.family,'') FROM occurrence o JOIN report r ON r.occurrence_id = o.id AND r.superseded_on IS NULL
		JOIN finding f ON f.report_id = r.id AND f.superseded_on IS NULL
		WHERE o.id IN (`+marks+`) AND `+counts+` AND `+scope+` ORDER BY o.occurred_on DESC, o.ref DESC, r.id`, append(args, scopeArgs...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	seen := map[string]int{}
	for rows.Next() {
		var i Item
		var occurred, known, substance, family, detail string
		if err := rows.Scan(&i.OccurrenceRef, &i.ReportID, &occurred, &i.Precision, &known, &i.Country, &i.Region, &i.PlaceType, &i.Kind, &i.Fatal, &detail, &i.Confidence, &i.Level,
			&substance, &family); err != nil {
			return nil, err
		}
		if !sig.concerns(book, substance, family) {
			continue
		}
		var d intake.Detail
		if err := json.Unmarshal([]byte(detail), &d); err != nil {
			return nil, err
		}
		i.Seriousness = d.Seriousness
		if i.Occurred, _, err = baqylau.ParseDate(occurred); err != nil {
			return nil, err
		}
		if i.Known, _, err = baqylau.ParseDate(known); err != nil {
			return nil, err
		}
		if at, ok := seen[i.ReportID]; ok { // several findings of the class: the surest one tells
			if i.Confidence.Rank() > list[at].Confidence.Rank() {
				list[at] = i
			}
			continue
		}
		seen[i.ReportID] = len(list)
		list = append(list, i)
	}
	return list, rows.Err()
}

// concerns reports whether a finding of a substance or family is about the signal's subject.
func (s Signal) concerns(book *registry.Book, substance, family string) bool {
	switch {
	case s.SubstanceID != "":
		return substance == s.SubstanceID
	case s.Family != "":
		return book.InFamily(substance, s.Family) || slices.Contains(book.Ancestors(family), s.Family)
	}
	return true
}

// Sources lists the names of the sources behind a signal. A source's name is no case fact, so every reader of signals may know it.
func Sources(ctx context.Context, db bun.IDB, sig Signal) (list []baqylau.Text, err error) {
	defer baqylau.Wrap(&err, "signal.Sources")
	marks, args := store.In(sig.behind)
	var names []string
	err = db.NewRaw(`SELECT DISTINCT s.name FROM report r JOIN source s ON s.id = r.source_id WHERE r.occurrence_id IN (`+marks+`) AND `+intake.Visible("r")+`
		AND r.superseded_on IS NULL`, args...).Scan(ctx, &names)
	for _, n := range names {
		list = append(list, baqylau.ParseText(n))
	}
	locale.Sort(locale.Lang(ctx), list, func(t baqylau.Text) string { return t.In(locale.Lang(ctx)) })
	return list, err
}

// Around is the weekly series behind a signal: the year that ends seven weeks after it was raised, or this week if that is sooner. It
// is empty for a signal about neither a substance nor a class.
func Around(ctx context.Context, db bun.IDB, sig Signal, today baqylau.Date) (points []series.Point, err error) {
	defer baqylau.Wrap(&err, "signal.Around")
	q := series.Query{Country: sig.Country, Region: sig.Region, To: min(today.Week(), sig.RaisedOn.Week()+7)}
	q.From = q.To - 51
	switch {
	case sig.SubstanceID != "":
		q.Subject = series.Subject{Dim: series.Substance, ID: sig.SubstanceID}
	case sig.Family != "":
		q.Subject = series.Subject{Dim: series.Family, ID: sig.Family}
	default:
		return nil, nil
	}
	return series.Weekly(ctx, db, q)
}
