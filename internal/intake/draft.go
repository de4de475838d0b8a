package intake

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
)

// draft is what a report becomes in the tables, but for what only the writing transaction knows: an import makes its drafts while another chunk is written.
type draft struct {
	id, occurrenceID    string
	occurrence, report  []any
	findings, questions [][]any
}

// The columns of bulk inserts: first those that the transaction fills in, then those of the draft.
var (
	occurrenceColumns = strings.Fields("ref recorded_at hidden " + "id country region occurred_on occurred_precision known_on batch_id only_source")
	reportColumnsNew  = strings.Fields("receipt hidden occurrence_id recorded_at text_fold supersedes_id " +
		"id kind channel state org_id account_id lab_org_id domain tlp source_id source_ref content_hash batch_id country region place_type occurred_on occurred_precision " +
		"known_on sex age_band fatal text detail lang")
	findingColumns = strings.Fields("occurrence_id " +
		"id report_id substance_id family unidentified matched role level confidence techniques reference_standard purity_pct lab_result_id known_on")
	questionColumns = strings.Fields("at " + "id report_id matched candidates state")
	eventColumns    = strings.Fields("id report_id at account_id act text public")
)

// draft makes the rows of a report, with identifiers of their own.
func (in *Incoming) draft(book *registry.Book) (*draft, error) {
	d := &draft{id: store.NewID()}
	hash := in.hash()
	in.Precision, in.TLP = cmp.Or(in.Precision, baqylau.Day), cmp.Or(in.TLP, baqylau.TLPAmber)
	detail, err := in.details()
	if err != nil {
		return nil, err
	}
	if in.Kind.Counted() {
		d.occurrenceID = store.NewID()
		d.occurrence = []any{d.occurrenceID, in.Country, store.Null(in.Region), store.NullDate(in.Occurred), string(in.Precision), in.Known.String(), store.Null(in.BatchID), in.SourceID}
	}
	state := "submitted"
	if in.Channel == "import" || in.Channel == "feed" {
		state = "accepted"
	}
	d.report = []any{d.id, string(in.Kind), in.Channel, state, in.OrgID, in.AccountID, store.Null(in.LabOrgID), string(in.Domain), string(in.TLP), in.SourceID, store.Null(in.SourceRef), hash,
		store.Null(in.BatchID), in.Country, store.Null(in.Region), cmp.Or(in.PlaceType, "unknown"), store.NullDate(in.Occurred), string(in.Precision), in.Known.String(), in.Sex, in.AgeBand,
		in.Fatal, in.Text, detail, cmp.Or(string(in.Lang), "ru")}
	for _, f := range in.Findings {
		d.findings = append(d.findings, f.row(store.NewID(), d.id, in.Known))
	}
	for _, q := range in.Questions {
		names, err := json.Marshal(q.Candidates)
		if err != nil {
			return nil, err
		}
		d.questions = append(d.questions, []any{store.NewID(), d.id, q.Matched, string(names), "open"})
	}
	return d, nil
}

// row is a finding of a report as its table has it, after its occurrence.
func (f Finding) row(id, reportID string, known baqylau.Date) []any {
	return []any{id, reportID, store.Null(f.SubstanceID), store.Null(f.Family), f.Unidentified, f.Matched, cmp.Or(f.Role, "main"), string(f.Level), string(f.Confidence),
		join(f.Techniques), cmp.Or(f.Standard, "none"), f.Purity, store.Null(f.LabResultID), known.String()}
}
