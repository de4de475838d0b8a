package check

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
)

// Title is what the rule asks, in the reader's language.
func (f *Finding) Title(ctx context.Context) string { return locale.T(ctx, "check.rule."+f.Rule) }

// Indicator is the code of the indicator whose figures a finding sets side by side; "" where it is about something else.
func (f *Finding) Indicator() string {
	code, _, _ := strings.Cut(f.Mark, "|")
	if _, ok := define.Current().Indicator(code); !ok || f.Subject != "observation" {
		return ""
	}
	return code
}

// Span is the period as people write it: 2025 for the whole of a year.
func (f *Finding) Span(ctx context.Context) string {
	from, to, ok := strings.Cut(f.Period, "/")
	a, p, err := baqylau.ParseDate(from)
	b, q, err2 := baqylau.ParseDate(to)
	switch {
	case !ok || err != nil || err2 != nil || p != baqylau.Day || q != baqylau.Day:
		return f.Period
	case a == b:
		return locale.Date(ctx, a)
	case strings.HasSuffix(from, "-01-01") && strings.HasSuffix(to, "-12-31") && from[:4] == to[:4]:
		return from[:4]
	case strings.HasSuffix(from, "-01-01") && strings.HasSuffix(to, "-12-31"):
		return from[:4] + "–" + to[:4]
	}
	return locale.Date(ctx, a) + " – " + locale.Date(ctx, b)
}

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
	decimals := len(after)
	if math.Abs(n) >= 1 { // thousandths of a whole are all that a reader compares
		decimals = min(decimals, 3)
	}
	s := locale.Number(ctx, n, decimals)
	if percent {
		s += "\u00a0%"
	}
	return s
}
