package api

import (
	"context"
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
)

// Substance is a substance as lists show it.
type Substance struct {
	ID          string       `json:"id"`
	Name        string       `json:"name" doc:"Preferred international name."`
	Label       baqylau.Text `json:"label"`
	InChIKey    string       `json:"inchikey,omitempty"`
	SMILES      string       `json:"smiles,omitempty"`
	Formula     string       `json:"formula,omitempty"`
	CAS         []string     `json:"cas"`
	ParentID    string       `json:"parent_id,omitempty" doc:"Metabolite or salt of."`
	Watch       bool         `json:"watch" doc:"A new psychoactive substance or adulterant that the centre watches."`
	WatchReason string       `json:"watch_reason,omitempty"`
	State       string       `json:"state" doc:"Step of the assessment procedure."`
	Families    []string     `json:"families" doc:"Codes, with all families above them and effect groups."`
}

// SubstanceDetail is a substance with its names and what laws say of it.
type SubstanceDetail struct {
	Substance
	Names       []SubstanceName `json:"names"`
	LegalStatus []LegalStatus   `json:"legal_status" doc:"A record for people, never a legal verdict."`
}

// SubstanceName is one name.
type SubstanceName struct {
	Text       string             `json:"text"`
	Lang       baqylau.Lang       `json:"lang,omitempty" doc:"Absent: international."`
	Type       registry.NameType  `json:"type"`
	Region     string             `json:"region,omitempty" doc:"Region or country where it is used."`
	Confidence baqylau.Confidence `json:"confidence"`
	Ambiguous  bool               `json:"ambiguous" doc:"Means other things too."`
}

// LegalStatus is what a jurisdiction's law says in a period.
type LegalStatus struct {
	Jurisdiction string `json:"jurisdiction" doc:"ISO 3166-1 alpha-2, UN or EU"`
	Instrument   string `json:"instrument" doc:"In the language of the answer where it is translated."`
	Schedule     string `json:"schedule,omitempty"`
	Basis        string `json:"basis"`
	Family       string `json:"family,omitempty" doc:"By a generic definition; whether the substance falls under it is for a lawyer."`
	From         string `json:"from,omitempty"`
	To           string `json:"to,omitempty"`
	Verified     string `json:"verified" doc:"yes, text, partly, secondary or no: how far it was checked."`
	Source       string `json:"source,omitempty"`
}

type substanceQuery struct {
	Listing
	Q      string `query:"q" maxLength:"200" doc:"Part of a name in any language and script, CAS number or InChIKey; the nearest first."`
	Family string `query:"family" maxLength:"80" doc:"Code of a family or effect group, descendants included."`
	Watch  string `query:"watch" enum:"true,false"`
}

func (s *server) substances() {
	register(s, operation{id: "listSubstances", method: http.MethodGet, path: "/substances", act: access.RegistryRead, tag: "registry"},
		func(_ context.Context, _ access.Actor, in *substanceQuery) (Page[Substance], error) {
			book := s.Shelf.Book()
			var list []*registry.Substance
			keep := func(x *registry.Substance) {
				if (in.Family == "" || book.InFamily(x.ID, in.Family)) && (in.Watch == "" || x.Watch == (in.Watch == "true")) {
					list = append(list, x)
				}
			}
			if in.Q != "" {
				for _, m := range book.Search(in.Q, 0) {
					keep(m.Substance)
				}
			} else {
				all := book.Substances()
				for i := range all {
					keep(&all[i])
				}
			}
			return cut(list, in.Listing, func(x *registry.Substance) string { return x.ID }, func(x *registry.Substance) Substance { return substanceOf(book, x) })
		})
	register(s, operation{id: "getSubstance", method: http.MethodGet, path: "/substances/{id}", act: access.RegistryRead, tag: "registry"},
		func(ctx context.Context, _ access.Actor, in *struct {
			Common
			ID string `path:"id" maxLength:"64"`
		}) (d SubstanceDetail, err error) {
			book := s.Shelf.Book()
			x, ok := book.Substance(in.ID)
			if !ok {
				return d, baqylau.E(baqylau.NotFound, "error.not_found")
			}
			d = SubstanceDetail{Substance: substanceOf(book, x), Names: []SubstanceName{}, LegalStatus: []LegalStatus{}}
			for _, n := range book.Names(x.ID) {
				d.Names = append(d.Names, SubstanceName{n.Text, n.Lang, n.Type, n.Region, n.Confidence, n.Ambiguous})
			}
			for _, st := range book.Statuses(x.ID) {
				d.LegalStatus = append(d.LegalStatus, LegalStatus{st.Jurisdiction, st.Instrument.In(locale.Lang(ctx)), st.Schedule, st.Basis, st.Family, st.From.String(), st.To.String(), st.Verified, registry.Told(ctx, st.Source)})
			}
			return d, nil
		})
}

func substanceOf(book *registry.Book, x *registry.Substance) Substance {
	return Substance{x.ID, x.Name, x.Label, x.InChIKey, x.SMILES, x.Formula, orEmpty(x.CAS), x.ParentID, x.Watch, x.WatchReason, x.State, orEmpty(book.Families(x.ID))}
}
