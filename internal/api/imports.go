package api

import (
	"context"
	"net/http"
	"time"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
)

// Import is one imported file and what became of its rows.
type Import struct {
	ID             string     `json:"id"`
	Ref            string     `json:"ref"`
	SourceID       string     `json:"source_id"`
	OrganisationID string     `json:"organisation_id"`
	FileName       string     `json:"file_name"`
	FileSHA256     string     `json:"file_sha256"`
	State          string     `json:"state" doc:"staging, staged, applying, applied, undoing, undone, failed or cancelled"`
	Total          int64      `json:"total" doc:"Occurrences in the file."`
	Good           int64      `json:"good"`
	Bad            int64      `json:"bad"`
	Same           int64      `json:"same" doc:"Known already from this source, unchanged."`
	Done           int64      `json:"done" doc:"Rows read so far."`
	CreatedAt      time.Time  `json:"created_at"`
	AppliedAt      *time.Time `json:"applied_at,omitempty"`
	UndoneAt       *time.Time `json:"undone_at,omitempty"`
}

// ImportDetail is an import with the first of its refused rows.
type ImportDetail struct {
	Import
	Faults []ImportFault `json:"faults" doc:"Of the first 200 refused rows; the values themselves are not repeated."`
}

// ImportFault says which cell was refused and why.
type ImportFault struct {
	Row    int    `json:"row"`
	Column string `json:"column,omitempty"`
	Key    string `json:"key" doc:"Stable code of the fault."`
}

// mostRefused bounds the refused rows shown with an import.
const mostRefused = 200

func (s *server) imports() {
	register(s, operation{id: "listImports", method: http.MethodGet, path: "/imports", act: access.ImportRun, tag: "imports"},
		func(ctx context.Context, a access.Actor, in *struct {
			Listing
			State string `query:"state" enum:"staging,staged,applying,applied,undoing,undone,failed,cancelled"`
		}) (p Page[Import], err error) {
			var f filter
			scope, args := access.Where(a, access.ImportRun, "b")
			f.and(scope, args...)
			f.when(in.State, "b.state = ?")
			found, err := ids(ctx, s.W.DB.Read, "batch b", "b.id", f, in.Listing)
			if err != nil {
				return p, err
			}
			return each(found, func(id string) (Import, error) {
				b, err := s.Intake.BatchByID(ctx, s.W.DB.Read, a, id)
				return importOf(b), err
			})
		})
	register(s, operation{id: "getImport", method: http.MethodGet, path: "/imports/{id}", act: access.ImportRun, tag: "imports"},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			ID string `path:"id" maxLength:"64" doc:"Identifier or number."`
		}) (d ImportDetail, err error) {
			b, err := s.Intake.BatchByID(ctx, s.W.DB.Read, a, in.ID)
			if err != nil {
				return d, err
			}
			d = ImportDetail{Import: importOf(b), Faults: []ImportFault{}}
			refused, err := intake.Problems(ctx, s.W.DB.Read, b.ID, mostRefused)
			for _, r := range refused {
				for _, p := range r.Faults {
					d.Faults = append(d.Faults, ImportFault{r.Row, p.Column, p.Key})
				}
			}
			return d, err
		})
}

func importOf(b intake.Batch) Import {
	return Import{b.ID, b.Ref, b.SourceID, b.OrgID, b.FileName, b.FileSHA256, b.State, b.Total, b.Good, b.Bad, b.SameRows, b.Done, b.CreatedAt, instant(b.AppliedAt), instant(b.UndoneAt)}
}
