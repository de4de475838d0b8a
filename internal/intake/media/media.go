// Package media takes files that people attach to reports: it tells their type by content, never by name, and removes what
// a photo says besides its picture (place, time, device, owner, thumbnails), so that a reporter cannot betray a patient or
// himself by accident. It is pure.
package media

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// Type is a media type that the package knows.
type Type string

// The types.
const (
	JPEG Type = "image/jpeg"
	PNG  Type = "image/png"
	PDF  Type = "application/pdf"
	Text Type = "text/plain"
)

// Photos is what a member of the public may send.
var Photos = []Type{JPEG, PNG}

// Documents is what a signed-in reporter or laboratory may send. A PDF is kept byte for byte, because a signature or a seal
// depends on it: its own metadata stay, and the page that takes it says so.
var Documents = []Type{JPEG, PNG, PDF, Text}

// Limits of one file.
const (
	MaxSize   = 10 << 20   // bytes
	MaxPixels = 40_000_000 // width times height, against small files that unpack into gigabytes
)

// File is a file as it may be stored and shown.
type File struct {
	Type          Type
	Data          []byte
	Width, Height int // pixels of a photo as it is shown; 0 for other files
}

// Extension is the usual ending of a file name for the type, with its dot.
func (t Type) Extension() string {
	return map[Type]string{JPEG: ".jpg", PNG: ".png", PDF: ".pdf", Text: ".txt"}[t]
}

// Clean reads a whole file of one of the allowed types and returns it without metadata. Faults are baqylau Errors with the
// keys error.media_size, error.media_type, error.media_pixels and error.media_damaged.
func Clean(r io.Reader, allowed []Type) (File, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return File{}, baqylau.E(baqylau.Unavailable, "error.unavailable").Because(err)
	}
	if len(data) > MaxSize {
		return File{}, baqylau.E(baqylau.TooMany, "error.media_size", "Megabytes", MaxSize>>20)
	}
	t, ok := Sniff(data)
	if !ok || !slices.Contains(allowed, t) {
		return File{}, baqylau.E(baqylau.Invalid, "error.media_type")
	}
	f := File{Type: t, Data: data}
	switch t {
	case JPEG:
		err = f.photo(jpeg.DecodeConfig, cleanJPEG)
	case PNG:
		err = f.photo(png.DecodeConfig, cleanPNG)
	}
	if err != nil {
		return File{}, err
	}
	return f, nil
}

// photo checks the size that the header promises before anything is unpacked, then cleans.
func (f *File) photo(header func(io.Reader) (image.Config, error), clean func([]byte) ([]byte, error)) error {
	c, err := header(bytes.NewReader(f.Data))
	if err != nil {
		return damaged(err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > MaxPixels/c.Height {
		return baqylau.E(baqylau.TooMany, "error.media_pixels", "Megapixels", MaxPixels/1_000_000)
	}
	if f.Data, err = clean(f.Data); err != nil {
		return damaged(err)
	}
	if c, err = header(bytes.NewReader(f.Data)); err != nil { // turned photos have their sides swapped
		return damaged(err)
	}
	f.Width, f.Height = c.Width, c.Height
	return nil
}

func damaged(err error) error {
	return baqylau.E(baqylau.Invalid, "error.media_damaged").Because(err)
}

// Sniff tells the type of a file by its first bytes, and for text by all of them: UTF-8 without control characters that a
// browser would not take for markup.
func Sniff(data []byte) (t Type, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xD8\xFF")):
		return JPEG, true
	case bytes.HasPrefix(data, []byte(signaturePNG)):
		return PNG, true
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return PDF, true
	case len(data) > 0 && utf8.Valid(data) && strings.HasPrefix(http.DetectContentType(data), "text/plain") && !bytes.ContainsFunc(data, isControl) &&
		!bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n\f\uFEFF"), []byte("<")): // SVG and other markup that the library does not know
		return Text, true
	}
	return "", false
}

func isControl(r rune) bool { return r < 0x20 && !strings.ContainsRune("\t\n\r\f", r) || r == 0x7F }
