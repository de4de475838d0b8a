package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

const secret = "GPS 43.24,76.95 owner Aigul"

// picture is 48 by 32: red top left, green top right, blue bottom left, white bottom right.
func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 48, 32))
	for y := range 32 {
		for x := range 48 {
			c := color.RGBA{255, 0, 0, 255}
			switch {
			case x >= 24 && y >= 16:
				c = color.RGBA{255, 255, 255, 255}
			case x >= 24:
				c = color.RGBA{0, 255, 0, 255}
			case y >= 16:
				c = color.RGBA{0, 0, 255, 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, segments ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	return slices.Concat(append(append([][]byte{data[:2]}, segments...), data[2:])...)
}

func segment(marker byte, contents string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(contents)+2)), contents...)
}

// exif is an APP1 segment with an orientation and a secret after it.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("MM\x00\x2a")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b = []byte("II\x2a\x00")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(order.AppendUint16(b, 0x0112), 3)
	b = order.AppendUint16(order.AppendUint32(b, 1), orientation)
	b = order.AppendUint32(append(b, 0, 0), 0)
	return segment(markAPP1, "Exif\x00\x00"+string(b)+secret)
}

func pngOf(t testing.TB, chunks ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	const header = 8 + 25 // signature and IHDR
	return slices.Concat(append(append([][]byte{data[:header]}, chunks...), data[header:])...)
}

func chunk(name, contents string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(contents)))
	b = append(append(b, name...), contents...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func clean(t *testing.T, data []byte) File {
	t.Helper()
	f, err := Clean(bytes.NewReader(data), Documents)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestJPEGLosesItsMetadataOnly(t *testing.T) {
	dirty := jpegOf(t, segment(markAPP0, "JFIF\x00\x01\x02\x00\x00\x48\x00\x48\x01\x01"+secret), exif(binary.BigEndian, 1),
		segment(markAPP1, "http://ns.adobe.com/xap/1.0/\x00"+secret), segment(0xE2, "ICC_PROFILE\x00"+secret), segment(0xED, secret),
		segment(markCOM, secret))
	dirty = append(dirty, secret...) // phones append a film
	f := clean(t, dirty)
	if bytes.Contains(f.Data, []byte("Aigul")) || f.Type != JPEG || f.Width != 48 || f.Height != 32 {
		t.Fatalf("%s %dx%d %q", f.Type, f.Width, f.Height, f.Data)
	}
	want := jpegOf(t, segment(markAPP0, "JFIF\x00\x01\x02\x00\x00\x48\x00\x48\x00\x00"))
	if !bytes.Equal(f.Data, want) {
		t.Error("the picture's own bytes changed")
	}
	if again := clean(t, f.Data); !bytes.Equal(again.Data, f.Data) {
		t.Error("cleaning twice changes it")
	}
}

func TestAdobeSegmentStays(t *testing.T) {
	adobe := segment(markAPP14, "Adobe\x00\x64\x00\x00\x00\x00\x01")
	if f := clean(t, jpegOf(t, adobe)); !bytes.Contains(f.Data, adobe) {
		t.Error("the colour transform is lost")
	}
}

// Each orientation shows the four colours, clockwise from the top left, in its own order.
func TestPhotosAreTurnedUpright(t *testing.T) {
	for orientation, want := range map[uint16]string{1: "rgwb", 2: "grbw", 3: "wbrg", 4: "bwgr", 5: "rbwg", 6: "brgw", 7: "wgrb", 8: "gwbr"} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			f := clean(t, jpegOf(t, exif(order, orientation)))
			if bytes.Contains(f.Data, []byte("Aigul")) || bytes.Contains(f.Data, []byte("Exif")) {
				t.Errorf("%d: metadata stayed", orientation)
			}
			m, err := jpeg.Decode(bytes.NewReader(f.Data))
			if err != nil {
				t.Fatal(err)
			}
			w, h := m.Bounds().Dx(), m.Bounds().Dy()
			got := name(m.At(4, 4)) + name(m.At(w-5, 4)) + name(m.At(w-5, h-5)) + name(m.At(4, h-5))
			if got != want || f.Width != w || f.Height != h || (orientation >= 5) != (h > w) {
				t.Errorf("%d: %s, want %s; %dx%d", orientation, got, want, w, h)
			}
		}
	}
}

func name(c color.Color) string {
	r, g, b, _ := c.RGBA()
	switch {
	case r > 0x8000 && g > 0x8000 && b > 0x8000:
		return "w"
	case r > 0x8000:
		return "r"
	case g > 0x8000:
		return "g"
	}
	return "b"
}

func TestPNGLosesItsMetadataOnly(t *testing.T) {
	dirty := pngOf(t, chunk("tEXt", "Comment\x00"+secret), chunk("zTXt", secret), chunk("iTXt", secret), chunk("eXIf", secret),
		chunk("tIME", "1234567"), chunk("iCCP", secret), chunk("gAMA", "\x00\x00\xb1\x8f"), chunk("prVt", secret))
	f := clean(t, append(dirty, secret...))
	if want := pngOf(t, chunk("gAMA", "\x00\x00\xb1\x8f")); !bytes.Equal(f.Data, want) || f.Type != PNG || f.Width != 48 || f.Height != 32 {
		t.Errorf("%s %dx%d %q", f.Type, f.Width, f.Height, f.Data)
	}
}

func TestDocumentsStayAsTheyAre(t *testing.T) {
	for want, s := range map[Type]string{PDF: "%PDF-1.7\nanything", Text: "Мефедрон 98,2 %\r\n\tG/MS"} {
		if f := clean(t, []byte(s)); f.Type != want || string(f.Data) != s || f.Width != 0 {
			t.Errorf("%+v", f)
		}
	}
}

func TestRefusals(t *testing.T) {
	altered := pngOf(t)
	altered[len(altered)/2] ^= 1
	photo := jpegOf(t)
	bomb := pngOf(t)
	binary.BigEndian.PutUint32(bomb[16:], 100_000)
	binary.BigEndian.PutUint32(bomb[20:], 100_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	for what, c := range map[string]struct {
		data    []byte
		allowed []Type
		key     string
	}{
		"too large":          {bytes.Repeat([]byte("a"), MaxSize+1), Documents, "error.media_size"},
		"empty":              {nil, Documents, "error.media_type"},
		"GIF":                {[]byte("GIF89a..."), Documents, "error.media_type"},
		"HTML":               {[]byte("<html><script>alert(1)</script>"), Documents, "error.media_type"},
		"SVG":                {[]byte("<?xml version='1.0'?><svg/>"), Documents, "error.media_type"},
		"ZIP":                {[]byte("PK\x03\x04aaaa"), Documents, "error.media_type"},
		"program":            {[]byte("MZ\x90\x00"), Documents, "error.media_type"},
		"text with a bell":   {[]byte("a\x07b"), Documents, "error.media_type"},
		"PDF from anyone":    {[]byte("%PDF-1.7"), Photos, "error.media_type"},
		"altered PNG":        {altered, Photos, "error.media_damaged"},
		"half a PNG":         {pngOf(t)[:60], Photos, "error.media_damaged"},
		"critical PNG chunk": {pngOf(t, chunk("CODE", "x")), Photos, "error.media_damaged"},
		"second IHDR":        {pngOf(t, pngOf(t)[8:33]), Photos, "error.media_damaged"},
		"half a JPEG":        {photo[:len(photo)/2], Photos, "error.media_damaged"},
		"only a JPEG's head": {[]byte("\xFF\xD8\xFF"), Photos, "error.media_damaged"},
		"bomb":               {bomb, Photos, "error.media_pixels"},
		"a thousand scans":   {scans(photo, 1000), Photos, "error.media_damaged"},
		"SVG named as text":  {[]byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), Documents, "error.media_type"},
		"HTML after text":    {[]byte("  \n<script>alert(1)</script>"), Documents, "error.media_type"},
	} {
		var e *baqylau.Error
		if _, err := Clean(bytes.NewReader(c.data), c.allowed); !errors.As(err, &e) || e.Key != c.key {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// scans repeats the scan of a photo: a small file that takes an hour to unpack.
func scans(photo []byte, n int) []byte {
	at := bytes.Index(photo, []byte{0xFF, markSOS})
	end := len(photo) - 2
	return slices.Concat(photo[:end], bytes.Repeat(photo[at:end], n), photo[end:])
}

// A file that is two things at once stays the picture alone: nothing of an archive, a page or a script that follows or is hidden in it is left.
func TestPolyglotsAreThePictureAlone(t *testing.T) {
	const other = "PK\x03\x04 <script>alert(1)</script> %PDF-1.7 GIF89a"
	for what, data := range map[string][]byte{
		"JPEG and an archive behind it":       append(jpegOf(t), other...),
		"JPEG with a page in a comment":       jpegOf(t, segment(markCOM, other)),
		"JPEG with a page as a colour table":  jpegOf(t, segment(0xE2, other)),
		"JPEG with a page in its own segment": jpegOf(t, segment(0xEF, other)),
		"PNG and an archive behind it":        append(pngOf(t), other...),
		"PNG with a page in a text":           pngOf(t, chunk("tEXt", other)),
		"PNG with a page in a private chunk":  pngOf(t, chunk("spAm", other)),
	} {
		if f := clean(t, data); bytes.Contains(f.Data, []byte("script")) || bytes.Contains(f.Data, []byte("PK\x03")) {
			t.Errorf("%s: %q", what, f.Data)
		}
	}
}

func TestExtensions(t *testing.T) {
	var all []string
	for _, k := range Documents {
		all = append(all, k.Extension())
	}
	if got := strings.Join(all, " "); got != ".jpg .png .pdf .txt" {
		t.Error(got)
	}
}

// Cleaning never fails on what it made, changes nothing more, and leaves no application segment but its own two.
func FuzzClean(f *testing.F) {
	f.Add(jpegOf(f, exif(binary.LittleEndian, 6), segment(markCOM, secret)))
	f.Add(jpegOf(f))
	f.Add(pngOf(f, chunk("tEXt", secret)))
	f.Add([]byte("text"))
	f.Fuzz(func(t *testing.T, data []byte) {
		once, err := Clean(bytes.NewReader(data), Documents)
		if err != nil {
			if code := baqylau.CodeOf(err); code != baqylau.Invalid && code != baqylau.TooMany {
				t.Error(err)
			}
			return
		}
		twice, err := Clean(bytes.NewReader(once.Data), Documents)
		if err != nil || !bytes.Equal(once.Data, twice.Data) {
			t.Errorf("cleaned twice: %v", err)
		}
		if once.Type == JPEG {
			noMetadata(t, once.Data)
		}
	})
}

func noMetadata(t *testing.T, data []byte) {
	for at := 2; at < len(data); {
		marker, s, next, err := nextSegment(data, at)
		if err != nil {
			t.Fatal(err)
		}
		if at = next; marker == markSOS {
			at = scanEnd(data, at)
		}
		known := marker == markAPP0 && len(s) == 18 || marker == markAPP14 && len(s) == 16
		if marker >= markAPP0 && marker <= markAPP15 && !known || marker == markCOM {
			t.Errorf("segment %X stayed", marker)
		}
	}
}
