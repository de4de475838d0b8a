package due

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
)

// Mailer queues a letter in the transaction of an act, so that it is sent if and only if the act commits. purpose is "reminder",
// "escalation" or "account"; the alert room sends.
type Mailer interface {
	Queue(ctx context.Context, tx *change.Tx, purpose, objectID, address string, lang baqylau.Lang, subject, body string) error
}
