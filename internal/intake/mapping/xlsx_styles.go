package mapping

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// quoted are the parts of a number format that are written as they are, and its conditions and colours.
var quoted = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]`)

// percents are the cell styles that show a number as a percentage: 0.1297 stands in the cell and a person reads 12.97 % (ECMA-376 part 1, 18.8.30 and 18.8.45).
func percents(f *zip.File) (map[string]bool, error) {
	if f == nil {
		return nil, nil
	}
	if f.UncompressedSize64 > maxStyles {
		return nil, invalid("import.file.bomb")
	}
	var sheet struct {
		Formats []struct {
			ID   string `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format string `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(xml.NewDecoder(in).Decode(&sheet), in.Close()); err != nil {
		return nil, err
	}
	shown := map[string]bool{"9": true, "10": true} // 0% and 0.00% of every workbook
	for _, n := range sheet.Formats {
		shown[n.ID] = strings.Contains(quoted.ReplaceAllString(n.Code, ""), "%")
	}
	styles := map[string]bool{}
	for i, c := range sheet.Cells {
		if shown[c.Format] {
			styles[strconv.Itoa(i)] = true
		}
	}
	return styles, nil
}

// hundredfold is a number as a cell of percentages shows it; what is no number stays.
func hundredfold(s string) string {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v*100, 'e', 14, 64), 64) // the 15 digits that a spreadsheet shows
	return strconv.FormatFloat(v, 'f', -1, 64)
}
