package signal

import (
	"context"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Longest texts that a person writes, in characters.
const (
	maxReason = 2000
	maxNote   = 300
	maxTitle  = 160
)

func answerOptions(ctx context.Context, q Question) []ui.Option {
	out := []ui.Option{{Label: locale.T(ctx, "signal.choose")}}
	for _, a := range q.Answers {
		out = append(out, ui.Option{Value: a, Label: locale.Code(ctx, "check_"+q.Name, a)})
	}
	return out
}

func markOptions(ctx context.Context, d score.Dimension) []ui.Option {
	var out []ui.Option
	for n := range score.Highest + 1 {
		v := strconv.Itoa(n)
		out = append(out, ui.Option{Value: v, Label: v + " – " + locale.Code(ctx, "score_"+string(d), v)})
	}
	return out
}

func severityOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: locale.T(ctx, "signal.override.none")}}
	for _, p := range baqylau.Severities {
		out = append(out, ui.Option{Value: string(p), Label: locale.Code(ctx, "severity", string(p))})
	}
	return out
}

func decisionOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: locale.T(ctx, "signal.choose")}}
	for _, d := range Decisions {
		out = append(out, ui.Option{Value: string(d), Label: locale.Code(ctx, "signal_decision", string(d))})
	}
	return out
}

type answer struct{ question, answer string }

// answers are the answers to the questions of validation.
func (v *view) answers(ctx context.Context) []answer {
	var out []answer
	for _, q := range Questions {
		if a := v.Checks[q.Name]; a != "" {
			out = append(out, answer{locale.Code(ctx, "signal_check", q.Name), locale.Code(ctx, "check_"+q.Name, a)})
		}
	}
	return out
}

// scoreLook keeps one main button on the page: scoring is it only while nothing else is.
func (v *view) scoreLook() ui.Look {
	if v.State == state.Validated {
		return ui.Main
	}
	return ui.Quiet
}

func (v *view) scoreKey() string {
	if v.State == state.Validated {
		return "e"
	}
	return ""
}

func (v *view) adviseLook() ui.Look {
	if v.may[state.Decide] {
		return ui.Quiet
	}
	return ui.Main
}
