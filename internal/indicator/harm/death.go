package harm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/death"
)

// Death is a record of a death with where it comes from.
type Death struct {
	death.Record
	Country   string // whose deaths these are, ISO 3166
	Person    string // keyed pseudonym, "" not known; never shown
	Published bool   // taken from a public source
	Synthetic bool
	Note      string
	Held
}

// Held is what every record of the room has beside its content.
type Held struct {
	ID           string
	SourceID     string
	SourceRef    string // the source's own number
	OrgID        string
	AccountID    string
	Domain       baqylau.Domain
	Known        baqylau.Date // zero: the day of recording
	Recorded     time.Time
	BatchID      string
	SupersedesID string
}

// Outcome is what became of a record that was sent.
type Outcome string

// The outcomes.
const (
	New     Outcome = "new"
	Same    Outcome = "same"    // said before, by the same
	Amended Outcome = "amended" // supersedes an earlier one
)

// slot names one statement: a later record of the same slot supersedes the earlier one.
type slot struct{ source, ref string }

// digest is a reference for a record whose source has no numbers: two records that say the same are then one, and an amended one is another.
func digest(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // records are texts, numbers and dates
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// said is what a record states, without how it is held.
func (d Death) said() string {
	d.Held = Held{}
	return digest(d)
}
