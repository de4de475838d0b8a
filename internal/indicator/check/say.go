package check

import (
	"context"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
)

// Title is what the rule asks, in the reader's language.
func (f *Finding) Title(ctx context.Context) string { return locale.T(ctx, "check.rule."+f.Rule) }

// Name says what a value is: a message of the catalogue, the title of an indicator, or the words that the finding holds (an issuer's name).
func (v Value) Name(ctx context.Context) string {
	if locale.Has(v.Label) {
		return locale.T(ctx, v.Label)
	}
	return define.Current().Name(locale.Lang(ctx), v.Label)
}

// Shown is the value as the reader's language writes numbers; what is no number stays as it is.
func (v Value) Shown(ctx context.Context) string {
	bare, percent := strings.CutSuffix(v.Text, " %")
	n, err := strconv.ParseFloat(bare, 64)
	if err != nil {
		return v.Text
	}
	_, after, _ := strings.Cut(bare, ".")
	s := locale.Number(ctx, n, len(after))
	if percent {
		s += "\u00a0%"
	}
	return s
}
