package registry

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// languages are the languages of a name as choices; the empty one is a name used everywhere.
func languages(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: "", Label: locale.T(ctx, "registry.international")}}
	for _, l := range baqylau.Langs {
		options = append(options, ui.Option{Value: string(l), Label: locale.Code(ctx, "lang", string(l))})
	}
	return options
}

// watchField asks whether the substance is watched, as sent or as it is.
func (v formView) watchField() ui.Field {
	f := v.field("watch", "registry.watch", "registry.watch.help")
	if v.values == nil {
		f.Value = "no"
		if v.Watch {
			f.Value = "yes"
		}
	}
	return f
}

func (v formView) watchOptions() []ui.Option {
	return []ui.Option{{Value: "yes", Label: v.c.T("registry.watched")}, {Value: "no", Label: v.c.T("registry.not_watched")}}
}

func (v formView) reasonField() ui.Field {
	f := v.optional("reason", "registry.watch.reason", "")
	if v.values == nil {
		f.Value = v.WatchReason
	}
	return f
}
