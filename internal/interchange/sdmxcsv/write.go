package sdmxcsv

import (
	"encoding/csv"
	"io"
	"iter"
	"regexp"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

// Dimensions are those of the centre's data structure, in its order; TIME_PERIOD follows them. STATUS is where in their history of treatment
// persons stand (first, earlier, all).
var Dimensions = []string{"REF_AREA", "INDICATOR", "DRUG", "SEX", "AGE", "STATUS", "UNIT"}

// Attributes are those of the centre's data structure, of each observation: the code of CL_OBS_STATUS, how the figure is meant, whether it is
// final, and a remark.
var Attributes = []string{"OBS_STATUS", "QUALIFIER", "RELEASE", "COMMENT_OBS"}

// Observation is one figure to be written. Every dimension has a code; SDMX writes "_T" for the total and "_Z" for not applicable.
type Observation struct {
	RefArea, Indicator, Drug, Sex, Age, Status, Unit string
	Period                                           interchange.Period
	interchange.Figure
	Special string // a code of CL_OBS_STATUS for a figure that is there: B break in the series, E estimated, I imputed, …; "" for none
	Comment string
}

// special are the codes that a figure which is there may have.
var special = regexp.MustCompile(`^[ABDEFGIJKNPSUVW]?$`)

// id is what SDMX takes for the id of a code (IDType).
var id = regexp.MustCompile(`^[A-Za-z0-9_@$\-]+$`)

// Version is an edition of SDMX-CSV.
type Version int

// The editions.
const (
	V1 Version = 1 // SDMX-CSV 1.0, for SDMX 2.1: the first column is DATAFLOW
	V2 Version = 2 // SDMX-CSV 2.0, for SDMX 3.0: STRUCTURE, STRUCTURE_ID, ACTION
)

// Write writes a data message of the dataflow that flow names. The output is the same for the same observations.
//
// Errors are Invalid with the number of the observation, from 1, as "row": a figure that contradicts itself, a code that is missing or no id
// of SDMX, a period without end, a text that no format carries; or those of w. What has been written until then is no message.
func Write(w io.Writer, v Version, flow Flow, observations iter.Seq[Observation]) error {
	out := csv.NewWriter(w)
	begin, start := []string{"DATAFLOW"}, []string{flow.String()}
	if v == V2 {
		begin, start = []string{"STRUCTURE", "STRUCTURE_ID", "ACTION"}, []string{"dataflow", flow.String(), "I"}
	}
	header := append(append(append(begin, Dimensions...), "TIME_PERIOD", "OBS_VALUE"), Attributes...)
	if err := out.Write(header); err != nil {
		return err
	}
	n := 0
	for o := range observations {
		n++
		cells, err := o.cells()
		if err != nil {
			return interchange.AtRow(err, n)
		}
		if err := out.Write(append(start[:len(start):len(start)], cells...)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// cells are the dimensions, period, value and attributes of an observation.
func (o Observation) cells() ([]string, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	period, ok := FormatPeriod(o.Period)
	if !ok {
		return nil, baqylau.E(baqylau.Invalid, "interchange.write.period", "value", o.Period.Start.String()+"/"+o.Period.End.String())
	}
	cells := []string{o.RefArea, o.Indicator, o.Drug, o.Sex, o.Age, o.Status, o.Unit}
	for _, c := range cells {
		if !id.MatchString(c) {
			return nil, baqylau.E(baqylau.Invalid, "interchange.write.code", "value", interchange.Clip(c))
		}
	}
	if !special.MatchString(o.Special) || o.Special != "" && o.Absence != "" {
		return nil, baqylau.E(baqylau.Invalid, "interchange.write.code", "value", interchange.Clip(o.Special))
	}
	if err := interchange.Plain(o.Comment); err != nil {
		return nil, err
	}
	return append(cells, period, o.Value, o.status(), qualifierCode(o.Qualifier), release(o.Provisional), o.Comment), nil
}

// status is the one code of CL_OBS_STATUS that says most: why there is no figure, what is special about it, that it is provisional.
func (o Observation) status() string {
	switch {
	case o.Absence != "":
		return written[o.Absence]
	case o.Special != "":
		return o.Special
	case o.Provisional:
		return "P"
	}
	return "A"
}

func qualifierCode(q interchange.Qualifier) string {
	for code, meaning := range qualifiers {
		if meaning == q {
			return code
		}
	}
	return "EXACT"
}

func release(provisional bool) string {
	if provisional {
		return "PROVISIONAL"
	}
	return "FINAL"
}
