package harm

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/indicator/register"
	"github.com/uptrace/bun"
)

// As with deaths, the engine strings the registrations of a year together.
const stayText = `r.entered_on || '|' || COALESCE(r.exit_on, '') || '|' || r.entry_reason || '|' || r.exit_reason || '|' || r.region || '|' || r.sex || '|' || r.drug || '|' || CASE WHEN r.nps THEN '1' ELSE '' END || '|' || CASE WHEN r.synthetic THEN '1' ELSE '' END`

// stays reads what counting needs of the registrations of a country in force on a day: all but the person.
func stays(ctx context.Context, db bun.IDB, country string, day baqylau.Date) (out []register.Registration, synthetic bool, err error) {
	defer baqylau.Wrap(&err, "harm.stays(%s)", country)
	where, args := held.InForce("registration", "r", day)
	rows, err := db.QueryContext(ctx, "SELECT string_agg("+stayText+", ';') FROM registration r WHERE r.country = ? AND "+where+" GROUP BY substr(r.entered_on, 1, 4)", append([]any{country}, args...)...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	days := map[string]baqylau.Date{"": {}}
	for rows.Next() {
		var packed sql.RawBytes
		if err := rows.Scan(&packed); err != nil {
			return nil, false, err
		}
		for text := range strings.SplitSeq(string(packed), ";") {
			var part [9]string
			for i := range part {
				part[i], text, _ = strings.Cut(text, "|")
			}
			for _, s := range part[:2] {
				if _, ok := days[s]; !ok {
					if days[s], _, err = baqylau.ParseDate(s); err != nil {
						return nil, false, err
					}
				}
			}
			out = append(out, register.Registration{Entered: days[part[0]], Exit: days[part[1]], EntryReason: part[2], ExitReason: part[3], Region: part[4], Sex: part[5], Drug: part[6], NPS: part[7] == "1"})
			synthetic = synthetic || part[8] == "1"
		}
	}
	return out, synthetic, rows.Err()
}

// group is the first part of a code of the drug list: "1" of "1.1"; "99" where the drug is not known.
func group(drug string) string {
	g, _, _ := strings.Cut(drug, ".")
	if _, err := strconv.Atoi(g); err != nil {
		return "99"
	}
	return g
}
