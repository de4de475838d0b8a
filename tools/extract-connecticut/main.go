// Command extract-connecticut makes the reduced extract data/demo/connecticut-drug-deaths.csv.gz from the file of the
// Office of the Chief Medical Examiner of Connecticut ("Accidental Drug Related Deaths", data.ct.gov).
//
//	go run ./tools/extract-connecticut < source.csv.gz > data/demo/connecticut-drug-deaths.csv.gz
//
// It leaves out town, race, ethnicity, place, coordinates and exact age, so that what remains is a date, a county, an age
// band, a sex and what was found. One row in, one row out, in the order of the source.
package main

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

var header = []string{"date", "date_type", "county", "age_band", "sex", "cause", "other", "flags"}

// flagColumns hold "Y" where the substance was found; other values are remarks and are left out.
var flagColumns = []string{
	"Heroin", "Heroin death certificate (DC)", "Cocaine", "Fentanyl", "Fentanyl Analogue", "Oxycodone", "Oxymorphone",
	"Ethanol", "Hydrocodone", "Benzodiazepine", "Methadone", "Meth/Amphetamine", "Amphet", "Tramad", "Hydromorphone",
	"Morphine (Not Heroin)", "Xylazine", "Gabapentin", "Opiate NOS", "Heroin/Morph/Codeine", "Other Opioid", "Any Opioid",
}

// textColumns name further substances in free text, except where they hold a flag.
var textColumns = []string{"Other", "Other Opioid", "Fentanyl Analogue"}

// counties of Connecticut until 2022; anything else in a county column is a place outside or a slip.
var counties = map[string]string{
	"FAIRFIELD": "Fairfield", "HARTFORD": "Hartford", "LITCHFIELD": "Litchfield", "MIDDLESEX": "Middlesex",
	"NEW HAVEN": "New Haven", "NEW LONDON": "New London", "TOLLAND": "Tolland", "WINDHAM": "Windham",
}

func main() {
	if err := extract(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "extract-connecticut:", err)
		os.Exit(2)
	}
}

// extract reads gzip-compressed CSV from r and writes the reduced extract, compressed, to w.
func extract(r io.Reader, w io.Writer) error {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	in := csv.NewReader(unpacked)
	names, err := in.Read()
	if err != nil {
		return err
	}
	packed, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	out := csv.NewWriter(packed)
	if err := out.Write(header); err != nil {
		return err
	}
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		row := map[string]string{}
		for i, name := range names {
			row[strings.TrimSpace(name)] = strings.Join(strings.Fields(fields[i]), " ")
		}
		reduced, err := reduce(row)
		if err != nil {
			line, _ := in.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, err)
		}
		if err := out.Write(reduced); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(out.Error(), packed.Close())
}

// reduce keeps of one record, by column name, what the extract publishes.
func reduce(row map[string]string) ([]string, error) {
	date, err := time.Parse("01/02/2006", row["Date"])
	if err != nil {
		return nil, err
	}
	band, err := ageBand(row["Age"])
	if err != nil {
		return nil, err
	}
	var flags, texts []string
	for _, name := range flagColumns {
		if strings.EqualFold(row[name], "Y") {
			flags = append(flags, name)
		}
	}
	for _, name := range textColumns {
		if v := row[name]; len(v) > 1 {
			texts = append(texts, v)
		}
	}
	return []string{
		date.Format(time.DateOnly), row["Date Type"], county(row), band, row["Sex"],
		row["Cause of Death"], strings.Join(texts, "; "), strings.Join(flags, "|"),
	}, nil
}

// county of death, else of injury, else of residence; empty where none of them is in Connecticut.
func county(row map[string]string) string {
	for _, name := range []string{"Death County", "Injury County", "Residence County"} {
		if c, ok := counties[strings.ToUpper(row[name])]; ok {
			return c
		}
	}
	return ""
}

// ageBand turns an age in years into the band that is published; an unknown age stays empty.
func ageBand(age string) (string, error) {
	if age == "" {
		return "", nil
	}
	n, err := strconv.Atoi(age)
	switch {
	case err != nil || n < 0 || n > 120:
		return "", fmt.Errorf("age %q is not a number of years", age)
	case n < 18:
		return "under 18", nil
	case n < 25:
		return "18-24", nil
	case n < 35:
		return "25-34", nil
	case n < 45:
		return "35-44", nil
	case n < 55:
		return "45-54", nil
	case n < 65:
		return "55-64", nil
	}
	return "65+", nil
}
