package jsoncases

import (
	"encoding/json"
	"math"
	"strconv"
)

// Number is a double as R prints it: null for NA and NaN, "Inf" and "-Inf" as strings.
type Number float64

// UnmarshalJSON reads it.
func (n *Number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null":
		*n = Number(math.NaN())
		return nil
	case `"Inf"`:
		*n = Number(math.Inf(1))
		return nil
	case `"-Inf"`:
		*n = Number(math.Inf(-1))
		return nil
	}
	if len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9') { // a number: most of every file is these
		if v, err := strconv.ParseFloat(string(b), 64); err == nil {
			*n = Number(v)
			return nil
		}
	}
	return json.Unmarshal(b, (*float64)(n))
}

// MarshalJSON writes it.
func (n Number) MarshalJSON() ([]byte, error) { return AppendNumber(nil, float64(n)), nil }

// Numbers are several of them, or one that stands alone as R's vectors of length one do.
type Numbers []float64

// UnmarshalJSON reads an array or a single value; null gives nil.
func (ns *Numbers) UnmarshalJSON(b []byte) error {
	*ns = nil
	if string(b) == "null" {
		return nil
	}
	var many []Number
	if len(b) == 0 || b[0] != '[' {
		many = make([]Number, 1)
		if err := many[0].UnmarshalJSON(b); err != nil {
			return err
		}
	} else if err := json.Unmarshal(b, &many); err != nil {
		return err
	}
	for _, n := range many {
		*ns = append(*ns, float64(n))
	}
	return nil
}

// AppendNumber writes the shortest form that reads back to the same double.
func AppendNumber(b []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(b, "null"...)
	case math.IsInf(v, 1):
		return append(b, `"Inf"`...)
	case math.IsInf(v, -1):
		return append(b, `"-Inf"`...)
	case v == 0:
		return append(b, '0') // R writes no negative zero
	case math.Abs(v) < 1e-5 || math.Abs(v) >= 1e15:
		return strconv.AppendFloat(b, v, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}
