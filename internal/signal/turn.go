package signal

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/uptrace/bun"
)

// AwaitingOpinion counts the signals that wait for an actor's assessment; 0 for who assesses none.
func AwaitingOpinion(ctx context.Context, db bun.IDB, a access.Actor) (n int, err error) {
	defer baqylau.Wrap(&err, "signal.AwaitingOpinion")
	if !access.May(a, access.SignalAssess) {
		return 0, nil
	}
	scope, args := Scope(a)
	err = db.NewRaw("SELECT count(*) FROM signal s WHERE s.state = 'assessing' AND "+scope, args...).Scan(ctx, &n)
	return n, err
}
