package alert

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// buttons shows several buttons side by side, nil for none.
func buttons(list []ui.Button) templ.Component {
	if len(list) == 0 {
		return nil
	}
	return row(list)
}

// question asks before an act that goes outward; text says to whom and that it cannot be undone.
func question(ctx context.Context, v alertView, name, text string) ui.Question {
	return ui.Question{ID: "ask-" + name, Open: locale.T(ctx, "alert.step."+name), Title: locale.T(ctx, "alert.confirm."+name+".title", "Name", v.c.Name(locale.Lang(ctx))), Text: text,
		Action: "/alerts/" + v.c.ID + "/" + name, Fields: map[string]string{"token": strconv.FormatInt(v.c.Token, 10)}, Yes: locale.T(ctx, "alert.step."+name),
		Grave: name == Retract || name == Cancel || name == Emergency}
}

// look makes the act that moves a communication on the main one.
func look(name string) string {
	if name == Revise || name == Return || name == Refuse {
		return string(ui.Quiet)
	}
	return string(ui.Main)
}

func totals(ctx context.Context, list []Figure) []ui.Total {
	out := make([]ui.Total, len(list))
	for i, f := range list {
		out[i] = ui.Total{Value: locale.Int(ctx, f.Value), Label: f.Label.In(locale.Lang(ctx))}
	}
	return out
}

// note says how a block is written.
func note(ctx context.Context, b Block) string {
	switch b {
	case Signs, Advice, Response:
		return locale.T(ctx, "alert.block.lines")
	}
	return ""
}

// block is the field of a block in one language, marked when its translation is missing.
func (v editView) block(ctx context.Context, b Block, l baqylau.Lang) ui.Field {
	name := string(b) + "_" + string(l)
	f := ui.Field{Name: name, Label: locale.Code(ctx, "lang", string(l)), Value: v.d.Content[b].Exact(l), Mistake: v.mistake(name), MaxLength: limit(b), Rows: 4, Optional: true}
	if f.Value == "" && f.Mistake == "" && v.d.Content[b] != (baqylau.Text{}) {
		f.Help = v.gap(ctx, name)
	}
	// the word "optional" would be wrong for what clearance asks for; the mark says it
	f.Optional = f.Help == "" && (!v.d.Type.urgent() || !needed[b])
	return f
}
