package harm

import "github.com/baqylau/baqylau/internal/disclosure"

// Reasons are the counts of a flow by reason, for tests.
func Reasons(list []keyed) (out []disclosure.Count) {
	for _, k := range list {
		out = append(out, k.n)
	}
	return out
}
