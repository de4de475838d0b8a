package jsoncases

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The members of an object are those that encoding/json finds in it.
func TestMembers(t *testing.T) {
	agree := func(t interface{ Errorf(string, ...any) }, text string) {
		var want map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got := Members([]byte(text)); !maps.EqualFunc(got, want, func(a, b json.RawMessage) bool { return slices.Equal(a, b) }) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{
		`{}`, "{ \n}", `{"a":1}`, "{\t\"a\" : 1 ,\r\n \"b\":[ 1, {\"c\" : \"],}\" } ] }", `{"a":1,"a":{"a":2}}`, `{"":""}`, `{"\"":"\\","\u00e9,:":"{[\""}`, `{"a:b":null,"c":true}`,
	} {
		agree(t, text)
	}
	words := rapid.SampledFrom([]string{"a", "", "{", "}", "[", "]", ",", ":", `"`, `\`, `\"`, " ", "\n", "é", "\u2028"})
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Custom(func(t *rapid.T) any {
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0:
				return rapid.SliceOf(words).Draw(t, "list")
			case 1:
				return rapid.MapOf(words, words).Draw(t, "map")
			case 2:
				return rapid.Float64().Draw(t, "number")
			case 3:
				return nil
			}
			return words.Draw(t, "text") + words.Draw(t, "text")
		})
		object := map[string]any{}
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			object[words.Draw(t, "name")+words.Draw(t, "name")] = value.Draw(t, "value")
		}
		text, err := json.MarshalIndent(object, "", rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent"))
		if err != nil {
			t.Fatal(err)
		}
		agree(t, string(text))
	})
}
