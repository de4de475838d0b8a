package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/jpeg"
)

// Markers of ITU-T T.81, table B.1.
const (
	markSOI   = 0xD8
	markEOI   = 0xD9
	markSOS   = 0xDA
	markAPP0  = 0xE0
	markAPP1  = 0xE1
	markAPP14 = 0xEE
	markAPP15 = 0xEF
	markCOM   = 0xFE
)

var (
	errJPEG  = errors.New("JPEG: a segment is cut short or misplaced")
	errScans = errors.New("JPEG: more scans than a camera writes")
)

// maxScans bounds the passes over a progressive picture: each may cost a second of unpacking and takes a few bytes. Cameras and phones write at
// most about ten, and no more than some dozens are of use.
const maxScans = 100

// turnedQuality is the JPEG quality of photos that are turned upright, 1 to 100.
const turnedQuality = 92

// turning lets one photo at a time be unpacked, since each may take a few hundred megabytes.
var turning = make(chan struct{}, 1)

// cleanJPEG copies the segments that draw the picture and drops all others: every application segment but JFIF (without its
// thumbnail) and Adobe (it tells the colour transform), comments, and whatever follows the end of the image. Colour profiles
// go too. A photo that its EXIF orientation would turn is unpacked, turned and packed again, because that segment goes.
func cleanJPEG(data []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(data)), 0xFF, markSOI)
	orientation, scans := 1, 0
	for at := 2; ; {
		marker, segment, next, err := nextSegment(data, at)
		if err != nil {
			return nil, err
		}
		at = next
		switch {
		case marker == markEOI:
			out = append(out, 0xFF, markEOI)
			if orientation > 1 {
				return upright(out, orientation)
			}
			return out, nil
		case marker == markSOS:
			if scans++; scans > maxScans {
				return nil, errScans
			}
			end := scanEnd(data, at)
			out = append(append(out, segment...), data[at:end]...)
			if at = end; end == len(data) {
				return nil, errJPEG
			}
		case marker == markAPP0 && bytes.HasPrefix(segment[4:], []byte("JFIF\x00")) && len(segment) >= 18:
			out = append(out, 0xFF, markAPP0, 0, 16)
			out = append(append(out, segment[4:16]...), 0, 0) // no thumbnail
		case marker == markAPP14 && bytes.HasPrefix(segment[4:], []byte("Adobe")) && len(segment) >= 16:
			out = append(append(out, 0xFF, markAPP14, 0, 14), segment[4:16]...)
		case marker == markAPP1:
			if o := exifOrientation(segment[4:]); o > 1 {
				orientation = o
			}
		case marker >= markAPP0 && marker <= markAPP15 || marker == markCOM:
		default:
			out = append(out, segment...)
		}
	}
}

// nextSegment finds the marker at or after at, past fill bytes, and its segment with marker and length.
func nextSegment(data []byte, at int) (marker byte, segment []byte, next int, err error) {
	if at >= len(data) || data[at] != 0xFF {
		return 0, nil, 0, errJPEG
	}
	for at+1 < len(data) && data[at+1] == 0xFF {
		at++
	}
	if at+1 >= len(data) {
		return 0, nil, 0, errJPEG
	}
	if marker = data[at+1]; marker == markEOI {
		return marker, data[at : at+2], at + 2, nil
	}
	if marker < 0xC0 || marker >= 0xD0 && marker <= markSOI || at+4 > len(data) {
		return 0, nil, 0, errJPEG
	}
	next = at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
	if next < at+4 || next > len(data) {
		return 0, nil, 0, errJPEG
	}
	return marker, data[at:next], next, nil
}

// scanEnd is where the entropy-coded data that begin at at end: at the next marker that is neither a restart nor a stuffed
// 0xFF, or at the end of the file.
func scanEnd(data []byte, at int) int {
	for ; at+1 < len(data); at++ {
		if m := data[at+1]; data[at] == 0xFF && m != 0 && m != 0xFF && (m < 0xD0 || m > 0xD7) {
			return at
		}
	}
	return len(data)
}

// upright unpacks, turns and packs a photo.
func upright(data []byte, orientation int) ([]byte, error) {
	turning <- struct{}{}
	defer func() { <-turning }()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = jpeg.Encode(&b, turned{m, orientation}, &jpeg.Options{Quality: turnedQuality})
	return b.Bytes(), err
}
