package indicator

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
)

// FacilitySum names the sum of what facilities report of an indicator for a year, in a region or the country, among the figures that Hidden speaks of. A sum is computed and kept nowhere, but it is hidden like a figure.
func FacilitySum(code string, year int, place string) string {
	return "sum|" + code + "|" + strconv.Itoa(year) + "|" + place
}

// protectFacilities marks what is hidden among the figures that facilities report and their sums: each facility is a part of its region, each region of the country. A figure that somebody states for the same
// place and that is the same number is hidden with the sum.
func protectFacilities(all []Observation, hidden map[string]string) error {
	groups := map[string][]Observation{}
	for _, o := range all {
		if o.FacilityID != "" && o.Value != nil {
			rest := Breakdown{}
			for name, code := range o.Breakdown {
				if name != "facility" {
					rest[name] = code
				}
			}
			k := strings.Join([]string{strconv.Itoa(o.End.Time().Year()), o.Start.String(), o.Sex, o.Age, o.Drug, rest.String()}, "|")
			groups[k] = append(groups[k], o)
		}
	}
	for _, figures := range groups {
		if err := protectGroup(figures, all, hidden); err != nil {
			return err
		}
	}
	return nil
}

// protectGroup answers figures of one period.
func protectGroup(figures, all []Observation, hidden map[string]string) error {
	country, year := figures[0].Country, figures[0].End.Time().Year()
	d := suppress.Dimension{Name: "place", Codes: []string{country}, Total: country, Parents: map[string]string{}}
	for _, o := range figures {
		if o.Place != country && !slices.Contains(d.Codes, o.Place) {
			d.Codes = append(d.Codes, o.Place)
		}
		d.Codes = append(d.Codes, o.ID)
		if o.Place != country {
			d.Parents[o.ID] = o.Place
		}
	}
	tally := disclosure.NewTally(d)
	for _, o := range figures {
		tally.Add(int(math.Round(*o.Value)), o.ID)
	}
	shown, err := tally.Show(disclosure.Figure{Persons: true}, disclosure.Crossing)
	if err != nil {
		return err
	}
	sums, err := tally.Show(disclosure.Figure{Persons: true}, disclosure.Working)
	if err != nil {
		return err
	}
	places := slices.DeleteFunc(slices.Clone(d.Codes), func(code string) bool {
		return slices.ContainsFunc(figures, func(o Observation) bool { return o.ID == code })
	})
	everything := false // what is stated is hidden for the sake of others: nothing here may tell it
	for _, place := range places {
		for _, o := range all {
			same := o.FacilityID == "" && o.Place == place && o.Value != nil && o.End.Time().Year() == year && o.Sex == AllSexes && o.Age == AllAges && len(o.Breakdown) == 0 && int(math.Round(*o.Value)) == sums.At(place).N
			if _, is := hidden[o.ID]; same && shown.At(place).Hidden {
				hidden[o.ID] = o.OrgID
			} else if same && is {
				everything = true
			}
		}
	}
	for _, place := range places {
		if everything || shown.At(place).Hidden {
			hidden[FacilitySum(figures[0].Indicator, year, place)] = ""
		}
	}
	for _, o := range figures {
		if everything || shown.At(o.ID).Hidden {
			hidden[o.ID] = o.OrgID
		}
	}
	return nil
}
