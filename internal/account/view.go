package account

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

func codeField(f fields.Set) ui.Field {
	x := f.Typed("code", "account.code.field", "account.code.help", "text", "one-time-code")
	x.Value, x.MaxLength = "", 10
	return x
}

// grouped writes a secret in fours, as people type it.
func grouped(secret string) string {
	var b strings.Builder
	for i, r := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func roleList(ctx context.Context, roles []access.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = locale.Code(ctx, "role", string(r))
	}
	return strings.Join(names, ", ")
}

// langOptions are the languages, each in its own words.
func langOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(baqylau.Langs))
	for i, l := range baqylau.Langs {
		out[i] = ui.Option{Value: string(l), Label: locale.Code(ctx, "lang", string(l))}
	}
	return out
}

func (v selfView) facts(ctx context.Context) []ui.Fact {
	return []ui.Fact{
		{Name: locale.T(ctx, "account.name"), Value: ui.Text(v.a.Name)},
		{Name: locale.T(ctx, "account.roles"), Value: ui.Text(roleList(ctx, v.a.Roles))},
		{Name: locale.T(ctx, "account.side"), Value: ui.Text(locale.Code(ctx, "domain", string(v.a.Domain)))},
		{Name: locale.T(ctx, "account.max_tlp"), Value: ui.TLP(v.a.MaxTLP)},
	}
}

func (v adminView) facts(ctx context.Context) []ui.Fact {
	return []ui.Fact{
		{Name: locale.T(ctx, "account.roles"), Value: ui.Text(roleList(ctx, v.a.Roles))},
		{Name: locale.T(ctx, "account.factor"), Value: ui.Text(yesNo(ctx, v.a.Factor))},
		{Name: locale.T(ctx, "account.created"), Value: ui.Text(locale.DateTime(ctx, v.a.CreatedAt))},
		{Name: locale.T(ctx, "account.seen"), Value: ui.Text(locale.DateTime(ctx, v.a.SeenAt))},
	}
}
