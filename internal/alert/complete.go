package alert

import (
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// needed are the blocks that an alert or a public warning cannot do without; other communications need title and summary.
var needed = map[Block]bool{Title: true, Summary: true, Confirmed: true, Uncertain: true, Advice: true, Sources: true, Contact: true}

// blockName is the name of a block in three languages, for messages.
func blockName(b Block) baqylau.Text {
	in := func(l baqylau.Lang) string { return locale.TIn(l, "alert.block."+string(b)) }
	return baqylau.Text{KK: in(baqylau.Kazakh), RU: in(baqylau.Russian), EN: in(baqylau.English)}
}

// Missing names what keeps a draft from being cleared, one error for each gap, at its field ("summary_kk"); nil when nothing does.
// An alert or public warning needs every needed block, and every block it has, in three languages, and a last day; a photo needs its description in three languages; a formal notification
// needs a confirmed identification; what is public needs TLP CLEAR.
func Missing(d Draft) baqylau.Errors {
	var es baqylau.Errors
	bad := func(field, key string, args ...any) {
		es = append(es, baqylau.E(baqylau.Invalid, key, args...).On(field))
	}
	for _, b := range Blocks {
		t := d.Content[b]
		switch {
		case d.Type.urgent() && (needed[b] || t != (baqylau.Text{})):
			for _, l := range baqylau.Langs {
				if t.Exact(l) == "" {
					bad(string(b)+"_"+string(l), "alert.error.missing_"+string(l), "Block", blockName(b))
				}
			}
		case (b == Title || b == Summary) && t == (baqylau.Text{}):
			bad(string(b)+"_"+string(baqylau.Russian), "alert.error.missing", "Block", blockName(b))
		}
	}
	for i, f := range d.Figures {
		if d.Type.urgent() && !f.Label.Complete() || f.Label == (baqylau.Text{}) {
			bad("figure_"+string(rune('0'+i)), "alert.error.figure_label")
		}
	}
	undescribed(d.Photos, bad)
	if d.Type.urgent() && d.Expires.IsZero() {
		bad("expires", "alert.error.expires")
	}
	if d.Type == Notification && d.Confidence != baqylau.Confirmed {
		bad("confidence", "alert.error.notification")
	}
	if d.Public && d.TLP != baqylau.TLPClear {
		bad("public", "alert.error.public")
	}
	return es
}
