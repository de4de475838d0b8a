package registry

import (
	"context"
	"fmt"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
)

// law loads dated legal status of substances and families.
func (s *seeder) law(ctx context.Context) error {
	lines, err := rows(s.fsys, "law/legal-status.csv")
	if err != nil {
		return err
	}
	titles, err := s.instruments()
	if err != nil {
		return err
	}
	known, err := s.known(ctx)
	if err != nil {
		return err
	}
	var list []statusRow
	for _, r := range lines {
		x := statusRow{Family: r["family"], Jurisdiction: r["jurisdiction"], Instrument: titles[r["instrument"]].JSON(), Schedule: r["schedule"], Basis: r["basis"],
			FromOn: r["valid_from"], ToOn: r["valid_to"], Verified: r["verified"], Source: r["source"], Note: r["note"]}
		if r["substance"] != "" {
			id, ok := known[r["substance"]]
			if !ok {
				continue // the row stands for a class (see substances), which the law does not name
			}
			x.SubstanceID = id
		}
		x.ID = shippedID(fmt.Sprintf("status:%s%s:%s:%s:%s", r["substance"], r["family"], x.Jurisdiction, r["instrument"], x.FromOn))
		list = append(list, x)
	}
	return renew(ctx, s, list, "id", "instrument", "schedule", "source", "note")
}

// instruments are the titles of laws by the words under which legal-status.csv cites them. One without a translation stands in its own language.
func (s *seeder) instruments() (map[string]baqylau.Text, error) {
	lines, err := rows(s.fsys, "law/instruments.csv")
	titles := make(map[string]baqylau.Text, len(lines))
	for _, r := range lines {
		titles[r["instrument"]] = baqylau.Text{KK: r["title_kk"], RU: r["title_ru"], EN: r["title_en"]}
	}
	return titles, err
}

// organisations loads the kinds of agencies that report, and the published data sets that mappings are shipped for.
func (s *seeder) organisations(ctx context.Context) error {
	lines, err := rows(s.fsys, "organisations.csv")
	if err != nil {
		return err
	}
	var orgs []organisationRow
	for _, r := range lines {
		orgs = append(orgs, organisationRow{ID: shippedID("organisation:" + r["code"]), Code: r["code"], Name: text(r).JSON(), Kind: r["agency"],
			Domain: r["domain"], Country: "KZ", MaxTlp: string(baqylau.TLPAmber), Active: true, CreatedAt: s.tx.Now.UnixMicro()})
	}
	if err := insert(ctx, s, orgs); err != nil {
		return err
	}
	if lines, err = rows(s.fsys, "sources.csv"); err != nil {
		return err
	}
	var list []sourceRow
	for _, r := range lines {
		list = append(list, sourceRow{ID: shippedID("source:" + r["code"]), Code: r["code"], Name: text(r).JSON(), Country: r["country"], Domain: r["domain"],
			Outside: r["outside"] == "yes", Laboratory: r["laboratory"] == "yes", Purpose: baqylau.Text{KK: r["purpose_kk"], RU: r["purpose_ru"], EN: r["purpose_en"]}.JSON(), Licence: r["licence"]})
	}
	if err := insert(ctx, s, list); err != nil {
		return err
	}
	for _, x := range list {
		if _, err := s.tx.NewRaw("UPDATE source SET licence = ? WHERE id = ?", x.Licence, x.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// versionCounter counts changes of the registry, so that every process knows when its Book is old.
const versionCounter = "registry"

func bump(ctx context.Context, tx *change.Tx) error {
	_, err := tx.Count(ctx, versionCounter, 1)
	return err
}
