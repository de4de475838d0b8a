package signal

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
)

// counts is the condition under which a report r, its finding f and its occurrence o are facts: visible, active, counted, identified.
// A tip or a foreign alert is no detection.
var counts = intake.Visible("r") + " AND " + intake.Visible("o") + ` AND o.merged_into IS NULL
	AND r.state IN ('submitted','received','clarification','accepted','linked') AND r.kind NOT IN ('tip','foreign_alert')
	AND f.superseded_on IS NULL AND f.level <> 'not_identified'`

// Events reads the findings of a country that became known after since and up to asOf, in that order, and counted
// on asOf. The zero since means from the beginning.
func Events(ctx context.Context, db bun.IDB, book *registry.Book, country string, asOf, since baqylau.Date) (list []rules.Event, err error) {
	defer baqylau.Wrap(&err, "signal.Events(%s)", country)
	err = stream(ctx, db, book, country, since, asOf, func(e rules.Event, s standing) error {
		if s.on(asOf) {
			list = append(list, e)
		}
		return nil
	})
	return list, err
}

// standing is from when until when a finding counted so; until is zero for what counts today. A finding that was set aside and taken up again, or moved by a
// merge, comes several times, and counts once at most on any day.
type standing struct{ from, until baqylau.Date }

func (s standing) on(day baqylau.Date) bool {
	return !day.Before(s.from) && (s.until.IsZero() || s.until.After(day))
}

// streamed is how many days of knowledge one query reads. SQLite sorts them in memory: the findings of a country's fifteen years took half a gigabyte. PostgreSQL sorts on
// disk, and reads its tables whole for a quarter of a year as for several years.
func streamed(db bun.IDB) int {
	if db.Dialect().Name() == dialect.PG {
		return 208 * 7
	}
	return 13 * 7
}

// stream gives every finding known after since and up to asOf to fn, in the order of knowledge, with the days on which it counted.
func stream(ctx context.Context, db bun.IDB, book *registry.Book, country string, since, asOf baqylau.Date, fn func(e rules.Event, s standing) error) error {
	var first string
	if err := db.NewRaw("SELECT COALESCE(MIN(known_on),'') FROM finding WHERE known_on > ?", since.String()).Scan(ctx, &first); err != nil {
		return err
	}
	from, _, err := baqylau.ParseDate(first)
	if err != nil || from.IsZero() {
		return err
	}
	days := streamed(db)
	for from = from.AddDays(-1); from.Before(asOf); from = from.AddDays(days) {
		to := from.AddDays(days)
		if to.After(asOf) {
			to = asOf
		}
		if err := part(ctx, db, book, country, from, to, fn); err != nil {
			return err
		}
	}
	return nil
}

// part is stream for few days. since is a day. CROSS JOIN: SQLite keeps the order of the tables; of a million reports it read all for each quarter of a year, by their state.
func part(ctx context.Context, db bun.IDB, book *registry.Book, country string, since, asOf baqylau.Date, fn func(e rules.Event, s standing) error) error {
	rows, err := db.QueryContext(ctx, `SELECT o.id, f.known_on AS known, COALESCE(o.occurred_on,''), o.occurred_precision, COALESCE(o.region,''),
		COALESCE(f.substance_id,''), COALESCE(f.family,''), r.kind, r.fatal, f.confidence, COALESCE(f.since_on, f.known_on) AS from_on, '' AS until_on, f.id AS finding, o.known_on AS first
		FROM finding f CROSS JOIN report r CROSS JOIN occurrence o
		WHERE r.id = f.report_id AND o.id = r.occurrence_id AND o.country = ? AND f.known_on > ? AND f.known_on <= ? AND `+counts+`
		UNION ALL SELECT p.occurrence_id, f.known_on, COALESCE(p.occurred_on,''), p.occurred_precision, COALESCE(p.region,''),
		COALESCE(f.substance_id,''), COALESCE(f.family,''), r.kind, r.fatal, f.confidence, p.from_on, p.until_on, f.id, o.known_on
		FROM finding_past p JOIN finding f ON f.id = p.finding_id JOIN report r ON r.id = f.report_id JOIN occurrence o ON o.id = p.occurrence_id
		WHERE p.country = ? AND f.known_on > ? AND f.known_on <= ? ORDER BY known, finding, from_on`, country, since.String(), asOf.String(), country, since.String(), asOf.String())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var known, occurred, precision, from, until, substance, family, finding, first string
		e := rules.Event{Country: country}
		if err := rows.Scan(&e.OccurrenceID, &known, &occurred, &precision, &e.Region, &substance, &family, &e.Kind, &e.Fatal, &e.Confidence, &from, &until, &finding, &first); err != nil {
			return err
		}
		var s standing
		for _, d := range []struct {
			to   *baqylau.Date
			text string
		}{{&e.KnownOn, known}, {&e.OccurredOn, occurred}, {&s.from, from}, {&s.until, until}} {
			if *d.to, _, err = baqylau.ParseDate(d.text); err != nil {
				return err
			}
		}
		if e.OccurredOn.IsZero() || baqylau.Precision(precision) == baqylau.Year { // the first of January is not when it happened
			if e.OccurredOn, _, err = baqylau.ParseDate(first); err != nil { // of all its findings, so that one that comes years later is as old as the others
				return err
			}
		}
		name(&e, book, substance, family)
		if err := fn(e, s); err != nil {
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
	err = db.NewRaw(`SELECT COALESCE(MIN(k.known_on),''), COALESCE(MAX(k.known_on),'') FROM (SELECT f.known_on FROM finding f JOIN report r ON r.id = f.report_id
		JOIN occurrence o ON o.id = r.occurrence_id WHERE o.country = ? AND `+counts+`
		UNION ALL SELECT f.known_on FROM finding_past p JOIN finding f ON f.id = p.finding_id WHERE p.country = ?) AS k`, country, country).Scan(ctx, &a, &b)
	if err != nil {
		return first, last, err
	}
	if first, _, err = baqylau.ParseDate(a); err != nil {
		return first, last, err
	}
	last, _, err = baqylau.ParseDate(b)
	return first, last, err
}
