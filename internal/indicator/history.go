package indicator

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// History lists every row of a cell that was ever seen, in the order in which they became known: superseded and withdrawn ones among them.
func History(ctx context.Context, db bun.IDB, cell string) (out []Observation, err error) {
	defer baqylau.Wrap(&err, "indicator.History")
	rows, err := db.QueryContext(ctx, "SELECT "+columnsOf("o")+" FROM observation o WHERE o.cell = ? AND "+revealed("o")+" ORDER BY o.known_on, o.id", cell)
	if err != nil {
		return nil, err
	}
	return scanAll(rows)
}

// choicesOf lists every choice of a cell, oldest first.
func choicesOf(ctx context.Context, db bun.IDB, cell string) (out []Choice, err error) {
	defer baqylau.Wrap(&err, "indicator.choicesOf")
	rows, err := db.QueryContext(ctx, "SELECT cell, observation_id, reason, account_id, known_on FROM observation_choice WHERE cell = ? ORDER BY recorded_at, id", cell)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var c Choice
		var known string
		if err := rows.Scan(&c.Cell, &c.ObservationID, &c.Reason, &c.AccountID, &known); err != nil {
			return nil, err
		}
		c.Known = baqylau.MustDate(known)
		out = append(out, c)
	}
	return out, rows.Err()
}
