package media

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

const signaturePNG = "\x89PNG\r\n\x1a\n"

var errPNG = errors.New("PNG: a chunk is cut short, altered, misplaced or unknown and critical")

// drawing are the chunks that the picture needs (PNG, third edition): its data, palette, transparency, and colours without
// a profile.
var drawing = map[string]bool{"IHDR": true, "PLTE": true, "tRNS": true, "IDAT": true, "IEND": true,
	"gAMA": true, "cHRM": true, "sRGB": true, "sBIT": true}

// cleanPNG copies the drawing chunks and drops the others (texts, EXIF, time, profile, animation) and what follows the end.
func cleanPNG(data []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(data)), signaturePNG...)
	for rest := data[len(signaturePNG):]; ; {
		if len(rest) < 12 {
			return nil, errPNG
		}
		n := int64(binary.BigEndian.Uint32(rest)) + 12 // length, type, data, checksum
		if n > int64(len(rest)) {
			return nil, errPNG
		}
		chunk, name := rest[:n], string(rest[4:8])
		first := len(rest) == len(data)-len(signaturePNG)
		critical := name[0]&0x20 == 0
		sum := binary.BigEndian.Uint32(chunk[n-4:])
		if crc32.ChecksumIEEE(chunk[4:n-4]) != sum || first != (name == "IHDR") || critical && !drawing[name] {
			return nil, errPNG
		}
		if drawing[name] {
			out = append(out, chunk...)
		}
		if name == "IEND" {
			return out, nil
		}
		rest = rest[n:]
	}
}
