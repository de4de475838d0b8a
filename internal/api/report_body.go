package api

// ReportBody is a report as a program sends it: the fields of the forms by their names there. Who sends, the side of the wall, the day it
// became known and the handling label follow from the account and cannot be sent.
type ReportBody struct {
	Kind       string        `json:"kind" enum:"seizure,collected_sample,biological_sample,acute_intoxication,death,market_info"`
	SourceRef  string        `json:"source_ref,omitempty" maxLength:"100" doc:"Your own number of the record. The same number with the same content changes nothing; with other content it corrects the report, which keeps its identifier and receipt."`
	OccurredOn string        `json:"occurred_on" maxLength:"10" doc:"ISO 8601: 2026-11-25, 2026-11 or 2026, as precise as it is known."`
	Region     string        `json:"region,omitempty" maxLength:"12" doc:"ISO 3166-2, see listRegions."`
	PlaceType  string        `json:"place_type,omitempty" maxLength:"40" doc:"code list place-type"`
	Text       string        `json:"text,omitempty" maxLength:"4000" doc:"What happened, in Kazakh, Russian or English; substances named in it are recognised. No names of persons."`
	Level      string        `json:"level,omitempty" enum:"not_identified,presumptive,tentative_structure,confirmed" doc:"How the substances named in the text were identified; presumptive when absent."`
	Substances []FindingBody `json:"substances,omitempty" maxItems:"50" nullable:"false" doc:"Substances besides those in the text."`
	LabID      string        `json:"lab_id,omitempty" maxLength:"64" doc:"Laboratory the sample is sent to: identifier of its organisation."`
	SampleRef  string        `json:"sample_ref,omitempty" maxLength:"60" doc:"Number of the sample or of the evidence; joins reports of one event."`

	Sex      string `json:"sex,omitempty" maxLength:"40" doc:"code list sex; reports about persons only"`
	AgeBand  string `json:"age_band,omitempty" maxLength:"40" doc:"code list age-band; reports about persons only"`
	Persons  int    `json:"persons,omitempty" minimum:"1" maximum:"10000" doc:"Number of persons concerned."`
	PersonID string `json:"person_id,omitempty" maxLength:"20" doc:"Personal number; it is turned into a pseudonym and forgotten. Reports about persons only. Twelve digits are taken for an IIN, whose day of birth and control digit must be right; the number of another document is taken as it is."`

	Agency        string `json:"agency,omitempty" maxLength:"40" doc:"code list agency"`
	Circumstances string `json:"circumstances,omitempty" maxLength:"2000"`
	Quantity      string `json:"quantity,omitempty" pattern:"^[0-9]{1,12}([.][0-9]{1,6})?$" doc:"Exact decimal."`
	QuantityUnit  string `json:"quantity_unit,omitempty" maxLength:"40" doc:"code list unit; needed with quantity"`
	Units         int    `json:"units,omitempty" minimum:"1" maximum:"100000000" doc:"Number of tablets, blotters, packets."`
	Form          string `json:"form,omitempty" maxLength:"40" doc:"code list product-form"`
	SoldAs        string `json:"sold_as,omitempty" maxLength:"200"`
	Colour        string `json:"colour,omitempty" maxLength:"60"`
	Logo          string `json:"logo,omitempty" maxLength:"120"`
	Packaging     string `json:"packaging,omitempty" maxLength:"200"`
	Route         string `json:"route,omitempty" maxLength:"200" doc:"How it was trafficked: post, courier …"`
	Origin        string `json:"origin,omitempty" maxLength:"120"`
	Destination   string `json:"destination,omitempty" maxLength:"120"`
	Price         string `json:"price,omitempty" pattern:"^[0-9]{1,12}([.][0-9]{1,6})?$" doc:"Exact decimal, in tenge."`
	PriceUnit     string `json:"price_unit,omitempty" maxLength:"40" doc:"What the price is for: code list unit."`
	Channel       string `json:"channel,omitempty" maxLength:"40" doc:"code list market"`
	OnlineSource  string `json:"online_source,omitempty" maxLength:"300"`

	Matrix      string   `json:"matrix,omitempty" maxLength:"40" doc:"code list matrix"`
	Setting     string   `json:"setting,omitempty" maxLength:"200"`
	Exposure    string   `json:"exposure,omitempty" maxLength:"40" doc:"code list exposure without confirmed, which only a released laboratory analysis makes; decides how sure the findings are"`
	RouteOfUse  string   `json:"route_of_use,omitempty" maxLength:"40" doc:"code list route-of-use"`
	Features    string   `json:"clinical_features,omitempty" maxLength:"2000"`
	Antidote    string   `json:"antidote,omitempty" maxLength:"200"`
	CareLevel   string   `json:"care_level,omitempty" maxLength:"40" doc:"code list care-level"`
	Outcome     string   `json:"outcome,omitempty" maxLength:"200"`
	Seriousness []string `json:"seriousness,omitempty" maxItems:"20" nullable:"false" doc:"code list seriousness"`
	Intent      string   `json:"intent,omitempty" maxLength:"200"`
	TSS         string   `json:"tss,omitempty" maxLength:"40" doc:"code list toxicological-significance"`
	Causality   string   `json:"causality,omitempty" maxLength:"40" doc:"code list causality"`
}

// FindingBody names one substance by exactly one of substance_id, inchikey, family or name. How sure it is follows from its level, and is probable at most until a laboratory has released its analysis.
type FindingBody struct {
	SubstanceID string   `json:"substance_id,omitempty" maxLength:"64"`
	InChIKey    string   `json:"inchikey,omitempty" maxLength:"27"`
	Family      string   `json:"family,omitempty" maxLength:"80" doc:"Code of a family, when only the class is known."`
	Name        string   `json:"name,omitempty" maxLength:"300" doc:"Any name; an ambiguous one becomes a question, an unknown one is kept as unidentified."`
	Role        string   `json:"role,omitempty" enum:"main,minor,adulterant,diluent,precursor,metabolite" doc:"main when absent"`
	Level       string   `json:"level,omitempty" enum:"not_identified,presumptive,tentative_structure,confirmed" doc:"that of the report when absent"`
	Techniques  []string `json:"techniques,omitempty" maxItems:"20" nullable:"false" doc:"code list technique"`
	Standard    string   `json:"reference_standard,omitempty" maxLength:"40" doc:"code list reference-standard"`
	Purity      string   `json:"purity_pct,omitempty" pattern:"^[0-9]{1,3}([.][0-9]{1,6})?$" doc:"Exact decimal, per cent by mass."`
}
