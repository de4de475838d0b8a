package dhis2

import (
	"encoding/json"
	"io"

	"github.com/baqylau/baqylau/internal/interchange"
)

// jsonScan reads {"dataSet": …, "dataValues": [{…}, …]}.
type jsonScan struct {
	in     *interchange.JSON
	whole  envelope
	seen   map[string]bool // keys of the document
	own    map[string]bool // keys of the data value at hand
	inside bool            // within dataValues
	ended  bool
}

func newJSON(r io.Reader) (scan, error) {
	s := &jsonScan{in: interchange.NewJSON(r), seen: map[string]bool{}, own: map[string]bool{}}
	return s, s.in.Open(json.Delim('{'), "dataValueSet")
}

func (s *jsonScan) envelope() *envelope { return &s.whole }

func (s *jsonScan) next() (record, error) {
	for !s.ended {
		switch {
		case s.inside && s.in.More():
			return s.value()
		case s.inside:
			s.inside = false
			if err := s.in.Close(); err != nil {
				return record{}, err
			}
		case s.in.More():
			if err := s.member(); err != nil {
				return record{}, err
			}
		default:
			if err := s.in.Close(); err != nil {
				return record{}, err
			}
			if err := s.in.End(); err != nil {
				return record{}, err
			}
			if !s.seen["dataValues"] {
				return record{}, s.in.Wrong("dataValues")
			}
			s.ended = true
		}
	}
	return record{}, io.EOF
}

// member reads one member of the document up to the beginning of its data values.
func (s *jsonScan) member() error {
	key, err := s.in.Key(s.seen)
	if err != nil {
		return err
	}
	switch key {
	case "dataValues":
		s.inside = true
		return s.in.Open(json.Delim('['), key)
	case "attributeCategoryOptions":
		text, err := s.in.List(key, ";")
		s.whole.put(key, text)
		return err
	case "dataSet", "completeDate", "period", "orgUnit", "attributeOptionCombo":
		text, err := s.in.Scalar(key)
		s.whole.put(key, text)
		return err
	}
	return s.in.Skip()
}

func (s *jsonScan) value() (r record, err error) {
	if err := s.in.Open(json.Delim('{'), "dataValues"); err != nil {
		return r, err
	}
	clear(s.own)
	for s.in.More() {
		key, err := s.in.Key(s.own)
		if err != nil {
			return r, err
		}
		if indexOf(fields[:], key) < 0 {
			if err := s.in.Skip(); err != nil {
				return r, err
			}
			continue
		}
		text, err := s.in.Scalar(key)
		if err != nil {
			return r, err
		}
		r.put(key, text)
	}
	return r, s.in.Close()
}
