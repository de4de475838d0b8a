package alert

import (
	"context"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// Recipient is an address that a communication goes to.
type Recipient struct {
	SubscriptionID string
	OrgID          string
	Address        string
	Lang           baqylau.Lang
	AckRequired    bool
}

// Recipients computes who is told: every verified subscription of an active account or an outside address whose own and whose organisation's
// label allow the communication, whose least severity it reaches, and whose regions it touches. An address is told once.
func Recipients(ctx context.Context, db bun.IDB, d Draft) (list []Recipient, err error) {
	defer baqylau.Wrap(&err, "alert.Recipients")
	rows, err := db.QueryContext(ctx, `SELECT s.id, s.org_id, s.address, s.lang, s.max_tlp, o.max_tlp, s.min_severity, s.regions, s.ack_required FROM subscription s
		JOIN organisation o ON o.id = s.org_id LEFT JOIN account a ON a.id = s.account_id
		WHERE s.ended_at = 0 AND s.verified_at > 0 AND o.active AND (s.account_id IS NULL OR a.state = 'active') ORDER BY s.address, s.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	told := map[string]bool{}
	for rows.Next() {
		var r Recipient
		var own, org baqylau.TLP
		var least baqylau.Severity
		var regions string
		if err := rows.Scan(&r.SubscriptionID, &r.OrgID, &r.Address, &r.Lang, &own, &org, &least, &regions, &r.AckRequired); err != nil {
			return nil, err
		}
		if told[r.Address] || !d.TLP.Allows(own) || !d.TLP.Allows(org) || !reaches(d.Severity, least) || !touches(d.Regions, regions) {
			continue
		}
		told[r.Address] = true
		list = append(list, r)
	}
	return list, rows.Err()
}

// reaches tells whether s is at least as grave as least.
func reaches(s, least baqylau.Severity) bool {
	i := slices.Index(baqylau.Severities, s)
	return i >= 0 && i <= slices.Index(baqylau.Severities, least)
}

// touches tells whether a communication for regions concerns a subscription to some; none means the whole country on either side.
func touches(regions []string, subscribed string) bool {
	if len(regions) == 0 || subscribed == "" {
		return true
	}
	return slices.ContainsFunc(strings.Split(subscribed, ","), func(r string) bool { return slices.Contains(regions, r) })
}

// pastRecipient is an address to which a version of a communication was sent or is about to be sent.
type pastRecipient struct {
	Recipient
	MessageID string // of the last letter about it
}

func pastRecipients(ctx context.Context, db bun.IDB, rootID string) (list []pastRecipient, err error) {
	rows, err := db.QueryContext(ctx, `SELECT COALESCE(d.subscription_id,''), d.org_id, d.address, d.lang, d.message_id FROM delivery d JOIN communication c ON c.id = d.communication_id
		WHERE c.root_id = ? AND d.purpose IN ('issued','updated') ORDER BY d.address, d.created_at DESC, d.id DESC`, rootID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p pastRecipient
		if err := rows.Scan(&p.SubscriptionID, &p.OrgID, &p.Address, &p.Lang, &p.MessageID); err != nil {
			return nil, err
		}
		if len(list) == 0 || list[len(list)-1].Address != p.Address {
			list = append(list, p)
		}
	}
	return list, rows.Err()
}
