package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/facility"
)

// FacilityBody is a facility or service as a program sends it.
type FacilityBody struct {
	Code      string       `json:"code" maxLength:"60" doc:"Its number in the register that it comes from, unique within the organisation."`
	Name      baqylau.Text `json:"name" doc:"In at least one language."`
	Region    string       `json:"region" maxLength:"12" doc:"ISO 3166-2"`
	Area      string       `json:"area,omitempty" maxLength:"100"`
	Address   string       `json:"address,omitempty" maxLength:"300"`
	Kind      string       `json:"kind" maxLength:"40" doc:"Code list facility-kind."`
	Ownership string       `json:"ownership,omitempty" maxLength:"40"`
	Services  []string     `json:"services" maxItems:"30" doc:"Code list facility-service."`
	Beds      *int64       `json:"beds,omitempty"`
	Places    *int64       `json:"places,omitempty"`
	Staff     *int64       `json:"staff,omitempty"`
	Opened    string       `json:"opened,omitempty" maxLength:"10"`
	Closed    string       `json:"closed,omitempty" maxLength:"10"`
	Note      string       `json:"note,omitempty" maxLength:"2000"`
}

// Facility is a facility as it is now. Its figures are observations.
type Facility struct {
	ID string `json:"id"`
	FacilityBody
	Synthetic bool     `json:"synthetic,omitempty" doc:"Made up for a demonstration."`
	KnownOn   string   `json:"known_on"`
	Asked     []string `json:"asked" doc:"Indicators that it reports for a year."`
}

// FacilityFigures are what a facility counted in a year.
type FacilityFigures struct {
	Values map[string]*float64 `json:"values" doc:"By indicator; null: not known. What is absent stays as it was."`
}

type facilityID struct {
	Common
	ID string `path:"id" maxLength:"64"`
}

func (s *server) facilities() {
	if s.Facilities == nil {
		return
	}
	register(s, operation{id: "listFacilities", method: http.MethodGet, path: "/facilities", act: access.IndicatorRead, tag: "facilities"},
		func(ctx context.Context, _ access.Actor, in *struct {
			Listing
			Region  string `query:"region" maxLength:"12"`
			Service string `query:"service" maxLength:"40"`
		}) (Page[Facility], error) {
			all, err := s.Facilities.Now(ctx)
			if err != nil {
				return Page[Facility]{}, err
			}
			var list []facility.Facility
			for _, f := range all {
				if (in.Region == "" || f.Region == in.Region) && (in.Service == "" || f.Has(in.Service)) {
					list = append(list, f)
				}
			}
			return cut(list, in.Listing, func(f facility.Facility) string { return f.ID }, facilityOf)
		})
	register(s, operation{id: "getFacility", method: http.MethodGet, path: "/facilities/{id}", act: access.IndicatorRead, tag: "facilities"},
		func(ctx context.Context, _ access.Actor, in *facilityID) (Facility, error) {
			f, err := facility.Get(ctx, s.W.DB.Read, in.ID)
			if err != nil {
				return Facility{}, err
			}
			return facilityOf(f), nil
		})
	registerOnce(s, operation{id: "sendFacility", method: http.MethodPost, path: "/facilities", act: access.IndicatorWrite, tag: "facilities", status: http.StatusCreated},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			Once
			Body FacilityBody
		}) (SentRecord, error) {
			return s.keepFacility(ctx, a, "", in.Body)
		}, nil)
	registerOnce(s, operation{id: "changeFacility", method: http.MethodPut, path: "/facilities/{id}", act: access.IndicatorWrite, tag: "facilities"},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			ID string `path:"id" maxLength:"64"`
			Once
			Body FacilityBody
		}) (SentRecord, error) {
			return s.keepFacility(ctx, a, in.ID, in.Body)
		}, nil)
	register(s, operation{id: "reportFacility", method: http.MethodPut, path: "/facilities/{id}/figures/{year}", act: access.IndicatorWrite, tag: "facilities"},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			ID   string `path:"id" maxLength:"64"`
			Year int    `path:"year" minimum:"1990" maximum:"2200"`
			Body FacilityFigures
		}) (SentRecord, error) {
			return SentRecord{in.ID}, s.Facilities.Report(ctx, a, in.ID, in.Year, in.Body.Values)
		})
}

func (s *server) keepFacility(ctx context.Context, a access.Actor, id string, b FacilityBody) (SentRecord, error) {
	for field, v := range map[string]string{"code": b.Code, "area": b.Area, "address": b.Address, "note": b.Note, "name": strings.Join([]string{b.Name.KK, b.Name.RU, b.Name.EN}, " ")} {
		if err := readable(field, v); err != nil {
			return SentRecord{}, err
		}
	}
	f := &facility.Facility{Code: b.Code, Name: b.Name, Region: b.Region, Area: b.Area, Address: b.Address, Kind: b.Kind, Owned: b.Ownership, Services: b.Services, Beds: b.Beds, Places: b.Places, Staff: b.Staff, Note: b.Note}
	for _, d := range []struct {
		field, text string
		to          *baqylau.Date
	}{{"opened", b.Opened, &f.Opened}, {"closed", b.Closed, &f.Closed}} {
		if d.text == "" {
			continue
		}
		day, p, err := baqylau.ParseDate(d.text)
		if err != nil || p != baqylau.Day {
			return SentRecord{}, baqylau.E(baqylau.Invalid, "api.error.day").On(d.field)
		}
		*d.to = day
	}
	remember(ctx, func() any { return SentRecord{f.ID} })
	err := s.Facilities.Keep(ctx, a, id, f)
	return SentRecord{f.ID}, err
}

func facilityOf(f facility.Facility) Facility {
	day := func(d baqylau.Date) string {
		if d.IsZero() {
			return ""
		}
		return d.String()
	}
	return Facility{ID: f.ID, Synthetic: f.Synthetic, KnownOn: f.Known.String(), Asked: orEmpty(f.Asked()), FacilityBody: FacilityBody{Code: f.Code, Name: f.Name, Region: f.Region, Area: f.Area, Address: f.Address, Kind: f.Kind,
		Ownership: f.Owned, Services: orEmpty(f.Services), Beds: f.Beds, Places: f.Places, Staff: f.Staff, Opened: day(f.Opened), Closed: day(f.Closed), Note: f.Note}}
}
