package signal

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
)

// Letter is an e-mail about a signal.
type Letter struct {
	Purpose  string // "red_signal"
	ObjectID string
	Address  string
	Lang     baqylau.Lang
	Subject  string
	Body     string
}

// Mailer queues a letter inside the transaction, so that it is sent if and only if the act commits; the alert room sends.
type Mailer interface {
	Queue(ctx context.Context, tx *change.Tx, l Letter) error
}

// tellRed writes to the person on duty and to every officer, each in their language. The letter names the signal and no facts of a case.
func (s *Service) tellRed(ctx context.Context, tx *change.Tx, sig Signal) error {
	if s.Mail == nil {
		return nil
	}
	var to []struct {
		Login string
		Lang  baqylau.Lang
	}
	if err := tx.NewRaw(`SELECT DISTINCT a.login, a.lang FROM account a
		LEFT JOIN account_role r ON r.account_id = a.id AND r.role = 'ews_officer'
		LEFT JOIN duty d ON d.account_id = a.id AND d.from_on <= ? AND d.to_on >= ?
		WHERE a.state = 'active' AND (r.account_id IS NOT NULL OR d.account_id IS NOT NULL) ORDER BY a.login`, tx.Today().String(), tx.Today().String()).Scan(ctx, &to); err != nil {
		return err
	}
	book := s.Shelf.Book()
	for _, person := range to {
		l := Letter{Purpose: "red_signal", ObjectID: sig.ID, Address: person.Login, Lang: person.Lang}
		in := locale.With(ctx, l.Lang)
		l.Subject = locale.T(in, "signal.mail.subject", "Ref", sig.Ref, "Title", sig.Title.Say(in, book))
		l.Body = locale.T(in, "signal.mail.body", "Ref", sig.Ref, "Title", sig.Title.Say(in, book), "Place", book.PlaceName(sig.place(), l.Lang),
			"Due", sig.DueAt, "Address", s.BaseURL+"/signals/"+sig.ID)
		if err := s.Mail.Queue(ctx, tx, l); err != nil {
			return err
		}
	}
	return nil
}

// title is the signal's title in the three languages.
func (s *Service) title(sig Signal) baqylau.Text {
	in := func(l baqylau.Lang) string {
		return sig.Title.Say(locale.With(context.Background(), l), s.Shelf.Book())
	}
	return baqylau.Text{KK: in(baqylau.Kazakh), RU: in(baqylau.Russian), EN: in(baqylau.English)}
}
