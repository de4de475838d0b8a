package intake

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// written says how the file turned out to be written, for the head of the page.
func (d draftView) written(ctx context.Context) []string {
	out := []string{d.file}
	if d.sample.Standard != "" {
		out = append(out, strings.ToUpper(d.sample.Standard))
	}
	switch d.sample.Format {
	case "csv":
		return append(out, d.sample.Encoding, "«"+map[string]string{"\t": "Tab"}[d.sample.Delimiter]+visible(d.sample.Delimiter)+"»")
	case "xlsx":
		return append(out, "XLSX", d.sample.Sheet)
	}
	return append(out, strings.ToUpper(d.sample.Format))
}

func visible(delimiter string) string {
	if delimiter == "\t" {
		return ""
	}
	return delimiter
}

func knownOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "import_day", Label: locale.T(ctx, "mapping.known.import_day")}, {Value: "same_day", Label: locale.T(ctx, "mapping.known.same_day")}}
}

func decimalOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "", Label: locale.T(ctx, "mapping.decimal.point")}, {Value: ",", Label: locale.T(ctx, "mapping.decimal.comma")}}
}

func encodingOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: locale.T(ctx, "mapping.find_out")}}
	for _, e := range []string{"utf-8", "windows-1251", "kz-1048", "windows-1252", "utf-16"} {
		out = append(out, ui.Option{Value: e, Label: e})
	}
	return out
}

func delimiterOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "", Label: locale.T(ctx, "mapping.find_out")}, {Value: ";", Label: ";"}, {Value: ",", Label: ","}, {Value: "\t", Label: "Tab"}, {Value: "|", Label: "|"}}
}

func sheetOptions(sheets []string) []ui.Option {
	out := make([]ui.Option, len(sheets))
	for i, s := range sheets {
		out[i] = ui.Option{Value: s, Label: s}
	}
	return out
}

// ownFirst names the empty choice of a source after what it means while there is no mapping yet.
func ownFirst(ctx context.Context, sources []ui.Option) []ui.Option {
	return append([]ui.Option{{Value: "", Label: locale.T(ctx, "mapping.source.own")}}, sources[1:]...)
}
