package dhis2

import (
	"encoding/xml"
	"errors"
	"io"

	"github.com/baqylau/baqylau/internal/interchange"
)

// namespace is that of the data exchange format, dxf 2.0; files without a namespace are taken too.
const namespace = "http://dhis2.org/schema/dxf/2.0"

// xmlScan reads <dataValueSet><dataValue …/></dataValueSet>.
type xmlScan struct {
	in    *interchange.XML
	whole envelope
	ended bool
}

func newXML(r io.Reader) (scan, error) {
	s := &xmlScan{in: interchange.NewXML(r)}
	for {
		line := s.in.Line()
		tok, err := s.in.Next()
		if err != nil {
			return nil, err
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if e.Name.Local != "dataValueSet" || !ours(e) {
			return nil, interchange.Unexpected(e, line)
		}
		for _, a := range interchange.Attributes(e) {
			s.whole.put(a.Name.Local, a.Value)
		}
		return s, nil
	}
}

func ours(e xml.StartElement) bool { return e.Name.Space == "" || e.Name.Space == namespace }

func (s *xmlScan) envelope() *envelope { return &s.whole }

func (s *xmlScan) next() (r record, err error) {
	for !s.ended {
		line := s.in.Line()
		tok, err := s.in.Next()
		if errors.Is(err, io.EOF) {
			s.ended = true
			break
		}
		if err != nil {
			return r, err
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if e.Name.Local != "dataValue" || !ours(e) {
			return r, interchange.Unexpected(e, line)
		}
		for _, a := range interchange.Attributes(e) {
			r.put(a.Name.Local, a.Value)
		}
		_, err = s.in.Content()
		return r, err
	}
	return r, io.EOF
}
