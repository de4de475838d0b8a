package signal

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal/rules"
)

// Sentence is a message that can be said in any language: a catalogue key with arguments, or the words of a person.
type Sentence struct {
	Key  string         `json:"key,omitempty"`
	Args map[string]any `json:"args,omitempty"`
	Text string         `json:"text,omitempty"`
}

// IsZero reports whether there is nothing to say.
func (s Sentence) IsZero() bool { return s.Key == "" && s.Text == "" }

// dates are the arguments that hold a day; JSON keeps them as ISO text.
var dates = map[string]bool{"Day": true, "Last": true, "Known": true}

// Say writes the sentence in the language of ctx. The arguments Substance, Family, Region and Country hold an identifier or code
// and are replaced by names; what the registry does not know is shown as it is.
func (s Sentence) Say(ctx context.Context, book *registry.Book) string {
	if s.Key == "" {
		return s.Text
	}
	l := locale.Lang(ctx)
	args := make([]any, 0, 2*len(s.Args))
	for name, v := range s.Args {
		if text, ok := v.(string); ok {
			switch {
			case name == "Substance":
				v = substanceName(book, text, l)
			case name == "Family":
				v = familyName(book, text, l)
			case name == "Region" || name == "Country":
				v = book.PlaceName(text, l)
			case dates[name]:
				if d, _, err := baqylau.ParseDate(text); err == nil {
					v = d
				}
			}
		}
		args = append(args, name, v)
	}
	return locale.Capital(locale.T(ctx, s.Key, args...))
}

// SayAll joins several sentences to a paragraph.
func SayAll(ctx context.Context, book *registry.Book, list []Sentence) string {
	said := make([]string, len(list))
	for i, s := range list {
		said[i] = s.Say(ctx, book)
	}
	return strings.Join(said, " ")
}

func substanceName(book *registry.Book, id string, l baqylau.Lang) string {
	if s, ok := book.Substance(id); ok {
		if label := s.Label.In(l); label != "" {
			return label
		}
		return s.Name
	}
	return id
}

func familyName(book *registry.Book, code string, l baqylau.Lang) string {
	if f, ok := book.Family(code); ok {
		return f.Name.In(l)
	}
	return code
}

// sentences takes over what the rules say, with the substance's identifier for its name so that each language can use its own.
func sentences(c rules.Candidate) []Sentence {
	out := make([]Sentence, len(c.Explanation))
	for i, m := range c.Explanation {
		out[i] = Sentence{Key: m.Key, Args: map[string]any{}}
		for k, v := range m.Args {
			if d, ok := v.(baqylau.Date); ok {
				v = d.String()
			}
			if k == "Substance" && c.Substance.Key != "" {
				v = c.Substance.Key
			}
			out[i].Args[k] = v
		}
	}
	return out
}

// titleOf is the short form: what, and which rule.
func titleOf(c rules.Candidate) Sentence {
	key := "signal.title." + string(c.Type)
	if c.Type.Rise() {
		key = "signal.title.rise"
	}
	if c.Family != "" {
		return Sentence{Key: "signal.title.rise_family", Args: map[string]any{"Family": c.Family}}
	}
	return Sentence{Key: key, Args: map[string]any{"Substance": c.Substance.Key}}
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, numbers and dates always marshal
	}
	return string(b)
}
