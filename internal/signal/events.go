package signal

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/uptrace/bun"
)

// counts is the condition under which a report r, its finding f and its occurrence o are facts: visible, active, counted, identified.
// A tip or a foreign alert is no detection.
var counts = intake.Visible("r") + " AND " + intake.Visible("f") + " AND " + intake.Visible("o") + ` AND o.merged_into IS NULL
	AND r.state IN ('submitted','received','clarification','accepted','linked') AND r.kind NOT IN ('tip','foreign_alert') AND f.level <> 'not_identified'`

// Events reads the findings of a country that became known after since and up to asOf, in that order, and were still held to be true
// on asOf. The zero since means from the beginning.
func Events(ctx context.Context, db bun.IDB, book *registry.Book, country string, asOf, since baqylau.Date) (list []rules.Event, err error) {
	defer baqylau.Wrap(&err, "signal.Events(%s)", country)
	err = stream(ctx, db, book, country, since, asOf, func(e rules.Event, superseded baqylau.Date) error {
		if superseded.IsZero() || superseded.After(asOf) {
			list = append(list, e)
		}
		return nil
	})
	return list, err
}

// stream gives every finding known after since and up to asOf to fn, in the order of knowledge, with the day on which it was
// superseded (zero if it was not).
func stream(ctx context.Context, db bun.IDB, book *registry.Book, country string, since, asOf baqylau.Date, fn func(e rules.Event, superseded baqylau.Date) error) error {
	rows, err := db.QueryContext(ctx, `SELECT o.id, f.known_on, COALESCE(o.occurred_on,''), o.occurred_precision, COALESCE(o.region,''),
		COALESCE(f.substance_id,''), COALESCE(f.family,''), r.kind, r.fatal, f.confidence, COALESCE(f.superseded_on,'')
		FROM finding f JOIN report r ON r.id = f.report_id JOIN occurrence o ON o.id = r.occurrence_id
		WHERE o.country = ? AND f.known_on > ? AND f.known_on <= ? AND `+counts+` ORDER BY f.known_on, f.id`, country, since.String(), asOf.String())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var known, occurred, precision, superseded, substance, family string
		e := rules.Event{Country: country}
		if err := rows.Scan(&e.OccurrenceID, &known, &occurred, &precision, &e.Region, &substance, &family, &e.Kind, &e.Fatal, &e.Confidence, &superseded); err != nil {
			return err
		}
		var until baqylau.Date
		for _, d := range []struct {
			to   *baqylau.Date
			text string
		}{{&e.KnownOn, known}, {&e.OccurredOn, occurred}, {&until, superseded}} {
			if *d.to, _, err = baqylau.ParseDate(d.text); err != nil {
				return err
			}
		}
		if baqylau.Precision(precision) == baqylau.Year { // the first of January is not when it happened
			e.OccurredOn = baqylau.Date{}
		}
		name(&e, book, substance, family)
		if err := fn(e, until); err != nil {
			return err
		}
	}
	return rows.Err()
}

// name fills in what was found, and the families it belongs to.
func name(e *rules.Event, book *registry.Book, substance, family string) {
	if s, ok := book.Substance(substance); ok {
		e.Substance = rules.Substance{Key: s.ID, InChIKey: s.InChIKey, Name: s.Name, New: s.Watch || s.State == "intensive_monitoring"}
		e.Families = chemical(book, book.Families(s.ID))
	} else if family != "" {
		e.Families = chemical(book, book.Ancestors(family))
	}
}

// chemical leaves out the effect groups: they tell the same rise as the families within them a second time.
func chemical(book *registry.Book, codes []string) []string {
	var out []string
	for _, code := range codes {
		if f, ok := book.Family(code); ok && !f.Effect {
			out = append(out, code)
		}
	}
	return out
}

// span is the first and the last day on which something became known of a country; zero days when nothing did.
func span(ctx context.Context, db bun.IDB, country string) (first, last baqylau.Date, err error) {
	var a, b string
	err = db.NewRaw(`SELECT COALESCE(MIN(f.known_on),''), COALESCE(MAX(f.known_on),'') FROM finding f JOIN report r ON r.id = f.report_id
		JOIN occurrence o ON o.id = r.occurrence_id WHERE o.country = ? AND `+counts, country).Scan(ctx, &a, &b)
	if err != nil {
		return first, last, err
	}
	if first, _, err = baqylau.ParseDate(a); err != nil {
		return first, last, err
	}
	last, _, err = baqylau.ParseDate(b)
	return first, last, err
}
