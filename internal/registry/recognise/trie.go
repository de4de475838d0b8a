package recognise

// trie is a first-child/next-sibling prefix tree over folded letters. It is built once and only read afterwards.
type trie struct {
	root  [256]int32 // node by first letter, 0 for none
	nodes []node     // node 0 is unused
	terms [][]term   // by node.term
}

type node struct {
	child, next int32
	term        int32 // index into terms, 0 for none
	whole       int32 // the one meaning of every name below this node, or noMeaning
	code        byte
}

// noMeaning marks a node whose names lead to different substances.
const noMeaning = -1

// term is the end of a name.
type term struct {
	meaning int32
	letters uint8 // length of the whole name in folded letters and digits
	use     Use
	end     ending
	words   uint8 // number of words of the name
	strong  bool  // preferred or curated
}

func newTrie() *trie { return &trie{nodes: make([]node, 1), terms: make([][]term, 1)} }

// step returns the node below n (0 is the root) along code, or 0.
func (t *trie) step(n int32, code byte) int32 {
	if n == 0 {
		return t.root[code]
	}
	for c := t.nodes[n].child; c != 0; c = t.nodes[c].next {
		if t.nodes[c].code == code {
			return c
		}
	}
	return 0
}

func (t *trie) add(key []byte, x term) {
	n := int32(0)
	for _, code := range key {
		c := t.step(n, code)
		if c == 0 {
			c = int32(len(t.nodes))
			t.nodes = append(t.nodes, node{code: code, whole: x.meaning})
			if n == 0 {
				t.root[code] = c
			} else {
				t.nodes[c].next, t.nodes[n].child = t.nodes[n].child, c
			}
		} else if t.nodes[c].whole != x.meaning {
			t.nodes[c].whole = noMeaning
		}
		n = c
	}
	if t.nodes[n].term == 0 {
		t.nodes[n].term = int32(len(t.terms))
		t.terms = append(t.terms, nil)
	}
	i := t.nodes[n].term
	t.terms[i] = append(t.terms[i], x)
}

// find returns the node of key, or 0.
func (t *trie) find(key []byte) int32 {
	n := int32(0)
	for _, code := range key {
		if n = t.step(n, code); n == 0 {
			return 0
		}
	}
	return n
}
