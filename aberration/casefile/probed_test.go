package casefile

import "testing"

// Series and settings drawn at random showed what the golden cases of the Farrington methods do not: where R finds reference weeks and
// times in odd calendars, when it stops, and when it goes on with a fit that does not converge. One case of each is kept, in the same form
// and made by the same script of the specification, and must come out the same.
func TestAgreesWithRWhereProbed(t *testing.T) { compareAll(t, "testdata/probed/*.json", 13) }
