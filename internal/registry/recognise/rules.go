package recognise

import (
	"embed"
	"strings"
)

// The rules of language and chemistry that hold for every lexicon. Names of substances are data and live elsewhere.
//
//go:embed rules/*.txt
var ruleFiles embed.FS

type wordSet map[string]bool

// rules is read once; its words are folded.
var rules = struct {
	ordinary   wordSet  // words that are never drugs: no misspelling is mended to or from them
	connectors wordSet  // words that get glued to names: "ofacetyl", "andcocaine", "phencyclidinetoxicity"
	morphemes  wordSet  // parts of systematic names that turn a known substance into another: "fluoro", "desmethyl"
	stereo     wordSet  // prefixes that do not: "d", "l", "dl", "r", "s"
	tails      []string // how names of families end: "fentanyl", "nitazene"
	rigid      []string // endings of families in which one consonant makes another substance
	endings    []string // how a word after a locant ends: "amine", "азол"
	heads      []string // how systematic names begin: "desmethyl", "fluoro"
	parts      [][]byte // the morphemes of four letters and more
	heard      [][]byte // the same as soundFold leaves them
	prefixes   wordSet  // short words before a hyphen that are not chemical: "non", "iv"
	codes      wordSet  // letters that begin research codes: "JWH", "AM"
	choices    wordSet  // "or" in the three languages
	plainCodes wordSet  // letters before a number that are not substance codes: "COVID", "HIV"
	treatment  []string // how words begin that say that an antidote was given or helped
}{
	ordinary: readWords("ordinary"), connectors: readWords("connectors"), morphemes: readWords("morphemes"), stereo: readWords("stereo"),
	tails: readList("tails"), heads: readList("heads"), plainCodes: readWords("plain-codes"),
	prefixes:  readWords("prefixes"),
	codes:     readWords("codes"),
	treatment: readList("treatment"),
	endings:   readList("endings"),
	rigid:     readList("rigid"),
	choices:   wordSet{"or": true, string(foldWord("или")): true, string(foldWord("немесе")): true},
	parts:     longParts(false), heard: longParts(true),
}

// readList returns the folded words of rules/name.txt, in file order. Words are separated by white space; # starts a comment.
func readList(name string) []string {
	b, err := ruleFiles.ReadFile("rules/" + name + ".txt")
	if err != nil {
		panic(err) // embedded at build time
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		line, _, _ = strings.Cut(line, "#")
		for _, w := range strings.Fields(line) {
			out = append(out, string(foldWord(w)))
		}
	}
	return out
}

func longParts(heard bool) (out [][]byte) {
	for _, w := range readList("morphemes") {
		part := []byte(w)
		if heard {
			part = soundFold(part, nil)
		}
		if len(part) >= 4 {
			out = append(out, part)
		}
	}
	return out
}

func readWords(name string) wordSet {
	set := wordSet{}
	for _, w := range readList(name) {
		set[w] = true
	}
	return set
}

// foldWord folds s without its separators.
func foldWord(s string) []byte {
	var sc scan
	sc.read(s)
	return sc.compact(0, len(sc.toks), nil)
}

// compact appends the letters of tokens [a,b) without separators (a bare slash is kept).
func (s *scan) compact(a, b int, buf []byte) []byte {
	for i := a; i < b; i++ {
		if i > a && s.toks[i].before == gapSlash {
			buf = append(buf, '/')
		}
		for _, c := range s.cells[s.toks[i].from:s.toks[i].to] {
			buf = append(buf, c.code)
		}
	}
	return buf
}
