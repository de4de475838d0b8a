package harm

import "github.com/baqylau/baqylau/internal/disclosure"

// Reasons are the counts of a flow by reason, for tests.
func Reasons(list []Reason) (out []disclosure.Count) {
	for _, k := range list {
		out = append(out, k.N)
	}
	return out
}
