package sdmxcsv

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

// Flow names a dataflow, and the data structure of the same name behind it: agency, id, version, as "KZ_DRUGS:DRUG_INDICATORS(1.0)".
type Flow struct{ Agency, ID, Version string }

// String is the short form of references in SDMX-CSV.
func (f Flow) String() string { return f.Agency + ":" + f.ID + "(" + f.Version + ")" }

// Code is one entry of a code list.
type Code struct {
	ID   string
	Name baqylau.Text
}

// Structure is what a data message needs to be understood: the names and code lists of the dimensions. The lists of attributes are the
// package's own.
type Structure struct {
	Flow     Flow
	Name     baqylau.Text
	Concepts map[string]baqylau.Text // names of the dimensions and attributes, by id; the id itself where one is missing
	Codes    map[string][]Code       // code list of each dimension
	Prepared time.Time
	Sender   string // id of the organisation that sends the message
}

// The code lists of the attributes. CL_OBS_STATUS is version 2.2 of the SDMX cross-domain code lists, as far as the centre writes it.
var attributeCodes = map[string][]Code{
	"OBS_STATUS": {
		{"A", baqylau.Text{KK: "Қалыпты мән", RU: "Обычное значение", EN: "Normal value"}},
		{"B", baqylau.Text{KK: "Уақыт қатарындағы үзіліс", RU: "Разрыв временного ряда", EN: "Time series break"}},
		{"D", baqylau.Text{KK: "Анықтамасы өзгеше", RU: "Определение отличается", EN: "Definition differs"}},
		{"E", baqylau.Text{KK: "Бағаланған мән", RU: "Оценка", EN: "Estimated value"}},
		{"F", baqylau.Text{KK: "Болжам", RU: "Прогноз", EN: "Forecast value"}},
		{"G", baqylau.Text{KK: "Эксперименттік мән", RU: "Экспериментальное значение", EN: "Experimental value"}},
		{"I", baqylau.Text{KK: "Есептеп қойылған мән", RU: "Вменённое значение", EN: "Value imputed by a receiving agency"}},
		{"J", baqylau.Text{KK: "Шегініс", RU: "Отступление", EN: "Derogation"}},
		{"K", baqylau.Text{KK: "Басқа санатқа қосылған", RU: "Данные включены в другую категорию", EN: "Data included in another category"}},
		{"L", baqylau.Text{KK: "Мән жоқ: жиналмаған", RU: "Значения нет: не собиралось", EN: "Missing value; data exist but were not collected"}},
		{"M", baqylau.Text{KK: "Мән жоқ: болуы мүмкін емес", RU: "Значения нет: его не может быть", EN: "Missing value; data cannot exist"}},
		{"N", baqylau.Text{KK: "Маңызды емес", RU: "Незначимо", EN: "Not significant"}},
		{"O", baqylau.Text{KK: "Мән жоқ: белгісіз", RU: "Значения нет: неизвестно", EN: "Missing value"}},
		{"P", baqylau.Text{KK: "Алдын ала мән", RU: "Предварительное значение", EN: "Provisional value"}},
		{"Q", baqylau.Text{KK: "Мән жоқ: жасырылған", RU: "Значения нет: скрыто", EN: "Missing value; suppressed"}},
		{"S", baqylau.Text{KK: "Ереуіл және басқа ерекше оқиғалар", RU: "Забастовка и другие особые события", EN: "Strike and other special events"}},
		{"U", baqylau.Text{KK: "Сенімділігі төмен", RU: "Низкая надёжность", EN: "Low reliability"}},
		{"V", baqylau.Text{KK: "Тексерілмеген мән", RU: "Непроверенное значение", EN: "Unvalidated value"}},
		{"W", baqylau.Text{KK: "Басқа санаттың деректерін қамтиды", RU: "Включает данные другой категории", EN: "Includes data from another category"}},
	},
	"QUALIFIER": {
		{"EXACT", baqylau.Text{KK: "дәл", RU: "точно", EN: "exact"}},
		{"ABOUT", baqylau.Text{KK: "шамамен", RU: "около", EN: "about"}},
		{"MORE_THAN", baqylau.Text{KK: "артық", RU: "более", EN: "more than"}},
		{"AT_LEAST", baqylau.Text{KK: "кемінде", RU: "не менее", EN: "at least"}},
	},
	"RELEASE": {
		{"FINAL", baqylau.Text{KK: "түпкілікті", RU: "окончательно", EN: "final"}},
		{"PROVISIONAL", baqylau.Text{KK: "алдын ала", RU: "предварительно", EN: "provisional"}},
	},
}

// version is what agencies, flows and their versions may be called: an id, or numbers with points.
var version = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.\-]*$`)

const (
	schema  = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
	urn     = "urn:sdmx:org.sdmx.infomodel."
	measure = "OBS_VALUE"
	timeDim = "TIME_PERIOD"
)

// Write writes the dataflow, code lists, concepts and data structure as one SDMX-ML 2.1 structure message. A code list holds exactly the codes
// given, so that whoever reads a data message by it finds every code or sees that one is wrong.
//
// Errors are Invalid: an id that is none of SDMX, a code twice, a dimension without codes, a text that no format carries; or those of w.
func (s Structure) Write(w io.Writer) error {
	if err := s.check(); err != nil {
		return err
	}
	d := document{w: bufio.NewWriter(w), s: s}
	d.printf("%s<mes:Structure xmlns:mes=%q xmlns:str=%q xmlns:com=%q>\n", xml.Header, schema+"message", schema+"structure", schema+"common")
	d.printf("<mes:Header><mes:ID>%s</mes:ID><mes:Test>false</mes:Test><mes:Prepared>%s</mes:Prepared><mes:Sender id=%q/></mes:Header>\n<mes:Structures>\n",
		s.Flow.ID, s.Prepared.UTC().Format("2006-01-02T15:04:05Z"), s.Sender)
	d.printf("<str:Dataflows>\n")
	d.open("Dataflow", "datastructure.Dataflow", s.Flow.ID, s.Name)
	d.printf("<str:Structure><Ref id=%q version=%q agencyID=%q package=\"datastructure\" class=\"DataStructure\"/></str:Structure>\n</str:Dataflow>\n</str:Dataflows>\n",
		s.Flow.ID, s.Flow.Version, s.Flow.Agency)
	d.printf("<str:Codelists>\n")
	for _, component := range slices.Concat(Dimensions, Attributes) {
		d.codelist(component)
	}
	d.printf("</str:Codelists>\n<str:Concepts>\n")
	d.open("ConceptScheme", "conceptscheme.ConceptScheme", "CONCEPTS", s.Name)
	for _, component := range slices.Concat(Dimensions, []string{timeDim, measure}, Attributes) {
		d.printf("<str:Concept id=%q urn=%q>%s</str:Concept>\n", component, d.urn("conceptscheme.Concept", "CONCEPTS")+"."+component, d.names(s.concept(component)))
	}
	d.printf("</str:ConceptScheme>\n</str:Concepts>\n<str:DataStructures>\n")
	d.structure()
	d.printf("</str:DataStructures>\n</mes:Structures>\n</mes:Structure>\n")
	return d.w.Flush()
}

func (s Structure) concept(component string) baqylau.Text {
	if t := s.Concepts[component]; t != (baqylau.Text{}) {
		return t
	}
	return baqylau.Text{EN: component}
}

func (s Structure) codes(component string) []Code {
	if list, ok := attributeCodes[component]; ok {
		return list
	}
	return s.Codes[component]
}

func (s Structure) check() error {
	bad := func(value string) error {
		return baqylau.E(baqylau.Invalid, "interchange.write.code", "value", interchange.Clip(value), "row", 0)
	}
	for _, v := range []string{s.Flow.Agency, s.Flow.ID, s.Flow.Version, s.Sender} {
		if !version.MatchString(v) {
			return bad(v)
		}
	}
	texts := []baqylau.Text{s.Name}
	for _, t := range s.Concepts {
		texts = append(texts, t)
	}
	for _, dim := range Dimensions {
		seen := map[string]bool{}
		for _, c := range s.Codes[dim] {
			if !id.MatchString(c.ID) || seen[c.ID] || c.Name == (baqylau.Text{}) {
				return bad(dim + " " + c.ID)
			}
			seen[c.ID] = true
			texts = append(texts, c.Name)
		}
		if len(seen) == 0 {
			return bad(dim)
		}
	}
	for _, t := range texts {
		if err := interchange.Plain(t.KK, t.RU, t.EN); err != nil {
			return interchange.AtRow(err, 0)
		}
	}
	return nil
}

// document writes the parts; its writer keeps the first error until Flush.
type document struct {
	w *bufio.Writer
	s Structure
}

func (d *document) printf(format string, args ...any) { fmt.Fprintf(d.w, format, args...) }

// urn is the name of a maintainable artefact of the flow's agency and version.
func (d *document) urn(class, id string) string {
	return urn + class + "=" + d.s.Flow.Agency + ":" + id + "(" + d.s.Flow.Version + ")"
}

// names writes a text in the languages that it has, English first.
func (d *document) names(t baqylau.Text) (out string) {
	for _, l := range []baqylau.Lang{baqylau.English, baqylau.Kazakh, baqylau.Russian} {
		if text := t.Exact(l); text != "" {
			out += fmt.Sprintf("<com:Name xml:lang=%q>%s</com:Name>", l, escaped(text))
		}
	}
	return out
}

func (d *document) open(element, class, id string, name baqylau.Text) {
	d.printf("<str:%s id=%q urn=%q agencyID=%q version=%q isFinal=\"false\">%s\n", element, id, d.urn(class, id), d.s.Flow.Agency, d.s.Flow.Version, d.names(name))
}

func (d *document) codelist(component string) {
	list := d.s.codes(component)
	if len(list) == 0 { // free text
		return
	}
	name := "CL_" + component
	d.open("Codelist", "codelist.Codelist", name, d.s.concept(component))
	for _, c := range list {
		d.printf("<str:Code id=%q urn=%q>%s</str:Code>\n", c.ID, d.urn("codelist.Code", name)+"."+c.ID, d.names(c.Name))
	}
	d.printf("</str:Codelist>\n")
}

func (d *document) structure() {
	const class = "datastructure."
	f := d.s.Flow
	urnOf := func(kind, component string) string { return d.urn(class+kind, f.ID) + "." + component }
	d.open("DataStructure", class+"DataStructure", f.ID, d.s.Name)
	d.printf("<str:DataStructureComponents>\n<str:DimensionList id=\"DimensionDescriptor\" urn=%q>\n", urnOf("DimensionDescriptor", "DimensionDescriptor"))
	for i, dim := range Dimensions {
		d.printf("<str:Dimension id=%q urn=%q position=\"%d\">", dim, urnOf("Dimension", dim), i+1)
		d.identity(dim)
		d.printf("</str:Dimension>\n")
	}
	d.printf("<str:TimeDimension id=%q urn=%q position=\"%d\">", timeDim, urnOf("TimeDimension", timeDim), len(Dimensions)+1)
	d.identity(timeDim)
	d.printf("</str:TimeDimension>\n</str:DimensionList>\n<str:AttributeList id=\"AttributeDescriptor\" urn=%q>\n", urnOf("AttributeDescriptor", "AttributeDescriptor"))
	for _, a := range Attributes {
		status := "Mandatory"
		if len(d.s.codes(a)) == 0 {
			status = "Conditional"
		}
		d.printf("<str:Attribute id=%q urn=%q assignmentStatus=%q>", a, urnOf("DataAttribute", a), status)
		d.identity(a)
		d.printf("<str:AttributeRelationship><str:PrimaryMeasure><Ref id=%q/></str:PrimaryMeasure></str:AttributeRelationship></str:Attribute>\n", measure)
	}
	d.printf("</str:AttributeList>\n<str:MeasureList id=\"MeasureDescriptor\" urn=%q>\n<str:PrimaryMeasure id=%q urn=%q>", urnOf("MeasureDescriptor", "MeasureDescriptor"),
		measure, urnOf("PrimaryMeasure", measure))
	d.identity(measure)
	d.printf("</str:PrimaryMeasure>\n</str:MeasureList>\n</str:DataStructureComponents>\n</str:DataStructure>\n")
}

// identity writes the concept and the representation of a component.
func (d *document) identity(component string) {
	f := d.s.Flow
	d.printf("<str:ConceptIdentity><Ref id=%q maintainableParentID=\"CONCEPTS\" maintainableParentVersion=%q agencyID=%q package=\"conceptscheme\" class=\"Concept\"/></str:ConceptIdentity>",
		component, f.Version, f.Agency)
	switch {
	case len(d.s.codes(component)) > 0:
		d.printf("<str:LocalRepresentation><str:Enumeration><Ref id=%q version=%q agencyID=%q package=\"codelist\" class=\"Codelist\"/></str:Enumeration></str:LocalRepresentation>",
			"CL_"+component, f.Version, f.Agency)
	case component == timeDim:
		d.printf("<str:LocalRepresentation><str:TextFormat textType=\"ObservationalTimePeriod\"/></str:LocalRepresentation>")
	case component == measure:
		d.printf("<str:LocalRepresentation><str:TextFormat textType=\"Decimal\"/></str:LocalRepresentation>")
	default:
		d.printf("<str:LocalRepresentation><str:TextFormat textType=\"String\"/></str:LocalRepresentation>")
	}
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
