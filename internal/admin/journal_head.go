package admin

import (
	"encoding/hex"
	"encoding/json"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/web"
)

const headPath = auditPath + "/head"

// newestHead is the newest head of the journal that is kept outside the database, the zero Head while there is none.
func (s *Service) newestHead() (audit.Head, error) {
	if s.Outside == nil {
		return audit.Head{}, nil
	}
	return s.Outside.Newest()
}

// aboveJournal shows the period asked for, and the newest head. The journal is read also while the folder of heads, which may lie on another machine, is not: the guard warns of that.
func (s *Service) aboveJournal(c *web.Ctx) (templ.Component, error) {
	h, err := s.newestHead()
	if err != nil {
		h = audit.Head{}
	}
	return journalHead(c.Query("from"), c.Query("to"), h), nil
}

// getHead gives the newest head as a file to be kept where nobody of the centre reaches it. In a folder of its own it is what "baqylau audit verify --heads" reads. Code: NotFound while there is none.
func (s *Service) getHead(c *web.Ctx) error {
	h, err := s.newestHead()
	if err != nil {
		return err
	}
	if h.Seq == 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	c.Download("application/jsonl", "heads-"+h.At.UTC().Format("20060102T150405Z")+".jsonl")
	return json.NewEncoder(c.W).Encode(struct {
		audit.Head
		Signer string `json:"signer"` // the public key, for --signer on a machine without the node key
	}{h, hex.EncodeToString(s.Outside.Public())})
}
