package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/registry"
)

// Recognised is what one text names. start and end are byte offsets into its UTF-8.
type Recognised struct {
	Findings     []RecognisedFinding  `json:"findings"`
	Questions    []RecognisedQuestion `json:"questions" doc:"Names with several meanings; a person has to choose."`
	Unidentified []RecognisedWord     `json:"unidentified" doc:"Words that look like a substance and are not known."`
}

// RecognisedWord is a part of the text.
type RecognisedWord struct {
	Matched string `json:"matched"`
	Start   int    `json:"start"`
	End     int    `json:"end"`
}

// RecognisedFinding is a substance or, with family, a class.
type RecognisedFinding struct {
	Name        string `json:"name"`
	SubstanceID string `json:"substance_id,omitempty"`
	Family      string `json:"family,omitempty"`
	InChIKey    string `json:"inchikey,omitempty"`
	RecognisedWord
}

// RecognisedQuestion is an ambiguous name with what it may mean.
type RecognisedQuestion struct {
	Candidates []RecognisedCandidate `json:"candidates"`
	RecognisedWord
}

// RecognisedCandidate is one meaning of an ambiguous name.
type RecognisedCandidate struct {
	Key  string `json:"key" doc:"Substance identifier or family code."`
	Name string `json:"name"`
}

// Recognition holds one result for each text, in order.
type Recognition struct {
	Results []Recognised `json:"results"`
}

type recogniseInput struct {
	Common
	Body struct {
		Text  string   `json:"text,omitempty" maxLength:"20000" doc:"One text; either this or texts."`
		Texts []string `json:"texts,omitempty" minItems:"1" maxItems:"200" nullable:"false" doc:"Several texts, of at most 20,000 characters each."`
	}
}

// maxText bounds one text, in characters.
const maxText = 20_000

// recognition reads texts and keeps nothing of them.
func (s *server) recognition() {
	register(s, operation{id: "recognise", method: http.MethodPost, path: "/recognise", act: access.RegistryRead, tag: "recognition", maxBody: 1 << 20},
		func(ctx context.Context, _ access.Actor, in *recogniseInput) (out Recognition, err error) {
			texts := in.Body.Texts
			if (in.Body.Text == "") == (len(texts) == 0) {
				return out, baqylau.E(baqylau.Invalid, "api.error.text_or_texts").On("text")
			}
			if len(texts) == 0 {
				texts = []string{in.Body.Text}
			}
			book := s.Shelf.Book()
			for i, t := range texts {
				if len([]rune(t)) > maxText {
					return out, baqylau.E(baqylau.Invalid, "error.too_long", "Max", maxText).On("texts[" + strconv.Itoa(i) + "]")
				}
				if err := ctx.Err(); err != nil { // the sender has gone
					return out, baqylau.E(baqylau.Unavailable, "error.unavailable").Because(err)
				}
				out.Results = append(out.Results, recognised(book, t))
			}
			return out, nil
		})
}

func recognised(book *registry.Book, text string) Recognised {
	res := book.Recognise(text)
	out := Recognised{[]RecognisedFinding{}, []RecognisedQuestion{}, []RecognisedWord{}}
	for _, f := range res.Findings {
		r := RecognisedFinding{Name: f.Name, InChIKey: f.InChIKey, RecognisedWord: RecognisedWord{f.Matched, f.Start, f.End}}
		if _, ok := book.Substance(f.Key); ok {
			r.SubstanceID = f.Key
		} else {
			r.Family = f.Key
		}
		out.Findings = append(out.Findings, r)
	}
	for _, q := range res.Questions {
		r := RecognisedQuestion{Candidates: []RecognisedCandidate{}, RecognisedWord: RecognisedWord{q.Matched, q.Start, q.End}}
		for i, k := range q.Keys {
			r.Candidates = append(r.Candidates, RecognisedCandidate{k, q.Candidates[i]})
		}
		out.Questions = append(out.Questions, r)
	}
	for _, u := range res.Unidentified {
		out.Unidentified = append(out.Unidentified, RecognisedWord{u.Matched, u.Start, u.End})
	}
	return out
}
