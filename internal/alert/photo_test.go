package alert

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

const owner = "Aigul, 43.24 76.95"

// snapshot is a PNG that also says who took it and where.
func snapshot(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	note := append([]byte("tEXt"), "Author\x00"+owner...)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(note)-4)), note...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(note))
	const head = 33 // signature and IHDR
	return bytes.Join([][]byte{b.Bytes()[:head], chunk, b.Bytes()[head:]}, nil)
}

var shown = baqylau.Text{KK: "Көк таблетка", RU: "Синяя таблетка", EN: "A blue tablet"}

func (h *house) photograph(t *testing.T, id string, alt baqylau.Text) Photo {
	t.Helper()
	if err := h.AddPhoto(context.Background(), officer, id, 0, bytes.NewReader(snapshot(t)), alt); err != nil {
		t.Fatal(err)
	}
	c := h.get(t, id)
	if err := withPhotos(context.Background(), h.db.Read, &c); err != nil {
		t.Fatal(err)
	}
	return c.Photos[len(c.Photos)-1]
}

// A photo loses what it says besides its picture, needs a description in three languages, and goes out by page, letter, CAP and feed; what a
// reader may not read they may not see either, and after a retraction nobody but those who work on it sees it.
func TestPhotoOfAnAlert(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		h.subscribe(t, doctor, baqylau.TLPAmber)
		s := site(h)
		sees := func(when, photo, who string, want bool) {
			t.Helper()
			w := ask(t, s, who, http.MethodGet, "/photos/"+photo, nil)
			if (w.Code == http.StatusOK) != want || !want && w.Code != http.StatusNotFound {
				t.Errorf("%s, %q: %d", when, who, w.Code)
			}
		}
		id := h.drafted(t, public3)
		p := h.photograph(t, id, baqylau.Text{RU: shown.RU, EN: shown.EN})
		w := ask(t, s, "officer", http.MethodGet, "/photos/"+p.ID, nil)
		sum := sha1.Sum(w.Body.Bytes())
		if strings.Contains(w.Body.String(), owner) || w.Header().Get("Content-Type") != "image/png" || int64(w.Body.Len()) != p.Size || hex.EncodeToString(sum[:]) != p.SHA1 || p.Width != 30 {
			t.Errorf("%d %v %+v", w.Code, w.Header(), p)
		}
		for _, who := range []string{"", "doctor", "police"} {
			sees("draft", p.ID, who, false)
		}
		h.must(t, officer, id, Submit)
		h.must(t, assessor, id, Review)
		_, err := h.Step(ctx, approver, id, 0, Clear, baqylau.Text{})
		wantCode(t, err, baqylau.Invalid, "alert.error.photo_alt")
		wantCode(t, h.DescribePhoto(ctx, officer, id, 0, p.ID, shown), baqylau.Conflict, "alert.error.moved_on")
		h.must(t, assessor, id, Return, "describe the photo")
		wantCode(t, h.DescribePhoto(ctx, assessor, id, 0, p.ID, shown), baqylau.Forbidden, "error.forbidden")
		if err := h.DescribePhoto(ctx, officer, id, 0, p.ID, shown); err != nil {
			t.Fatal(err)
		}
		h.must(t, officer, id, Submit)
		h.must(t, assessor, id, Review)
		h.must(t, approver, id, Clear)
		sees("cleared, not issued", p.ID, "", false)
		h.must(t, officer, id, Issue)
		c := h.get(t, id)
		for _, who := range []string{"", "doctor", "police", "assessor"} {
			sees("issued", p.ID, who, true)
		}
		address := "https://ews.example/photos/" + p.ID
		for lang, alt := range map[string]string{"kk": shown.KK, "ru": shown.RU, "en": shown.EN} {
			for path, who := range map[string]string{"/public/" + c.Ref: "", "/warnings/" + c.Ref: "doctor"} {
				if w := ask(t, s, who, http.MethodGet, path+"?lang="+lang, nil); !strings.Contains(w.Body.String(), `<img src="/photos/`+p.ID+`" alt="`+alt+`"`) {
					t.Errorf("%s in %s does not show it", path, lang)
				}
			}
			if w := ask(t, s, "", http.MethodGet, "/feed.json?lang="+lang, nil); !strings.Contains(w.Body.String(), `"image": "`+address+`"`) || !strings.Contains(w.Body.String(), alt) {
				t.Errorf("feed.json in %s: %s", lang, w.Body)
			}
		}
		for i, info := range h.capOf(t, c.Ref).Infos {
			if len(info.Resources) != 1 {
				t.Fatalf("%+v", info)
			}
			if r := info.Resources[0]; r.Desc != shown.In(baqylau.Langs[i]) || r.MimeType != "image/png" || r.URI != address || r.Size != p.Size || r.Digest != p.SHA1 {
				t.Errorf("%+v", r)
			}
		}
		var letter string
		if err := db.Read.NewRaw("SELECT body FROM delivery WHERE communication_id = ?", id).Scan(ctx, &letter); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(letter, "Бетте фотосуреттер бар:\nhttps://ews.example/public/"+c.Ref+"\n") {
			t.Errorf("the letter does not lead to the photo: %s", letter)
		}
		next := h.must(t, officer, id, Revise)
		var q string
		if err := db.Read.NewRaw("SELECT id FROM communication_photo WHERE communication_id = ?", next).Scan(ctx, &q); err != nil {
			t.Fatal("the next version has no photo: ", err)
		}
		sees("update in preparation", q, "", false)
		sees("version in force", p.ID, "", true)
		h.out(t, next)
		sees("replaced", p.ID, "", false)
		sees("update issued", q, "", true)
		h.must(t, approver, next, Retract, "wrong tablet")
		for _, who := range []string{"", "doctor"} {
			sees("retracted", q, who, false)
		}
		sees("retracted", q, "officer", true)
		if f := h.feedIn(t, baqylau.English); len(f.Entries) != 0 {
			t.Errorf("%+v", f)
		}

		amber := h.drafted(t, nil)
		a := h.photograph(t, amber, shown)
		h.out(t, amber)
		sees("AMBER", a.ID, "doctor", true)
		sees("AMBER", a.ID, "police", false)
		sees("AMBER", a.ID, "", false)
	})
}

// Photos are put in, described and taken out on the draft's page; a file that is no photo and a fifth one are refused there.
func TestPhotosOnTheDraftsPage(t *testing.T) {
	h := build(t, storetest.Open(t, store.SQLite))
	s := site(h)
	id := h.drafted(t, nil)
	upload := func(content []byte) *httptest.ResponseRecorder {
		t.Helper()
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		file, err := m.CreateFormFile("photo", owner+".png")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Write(content) // into memory
		for name, v := range map[string]string{"token": itoa64(h.get(t, id).Token), "alt_new_ru": shown.RU} {
			if err := m.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/alerts/"+id+"/photos", &b)
		r.Header.Set("Actor", "officer")
		r.Header.Set("Content-Type", m.FormDataContentType())
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	if w := upload([]byte("<svg onload=alert(1)>")); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for range maxPhotos {
		if w := upload(snapshot(t)); w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if w := upload(snapshot(t)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a photo too many: %d", w.Code)
	}
	c := h.get(t, id)
	if err := withPhotos(context.Background(), h.db.Read, &c); err != nil {
		t.Fatal(err)
	}
	p := c.Photos[0]
	page := ask(t, s, "officer", http.MethodGet, "/alerts/"+id+"?lang=en", nil).Body.String()
	if !strings.Contains(page, `href="#f-alt_`+p.ID+`_kk"`) || !strings.Contains(page, `id="f-alt_`+p.ID+`_kk"`) || strings.Contains(page, `href="#f-alt_`+p.ID+`_ru"`) {
		t.Error("the missing description is not named at its field")
	}
	form := map[string][]string{"alert": {id}, "token": {itoa64(c.Token)}, "remove": {"1"}}
	post(t, s, "officer", "/photos/"+p.ID, form)
	if w := ask(t, s, "officer", http.MethodGet, "/photos/"+p.ID, nil); w.Code != http.StatusNotFound {
		t.Errorf("removed: %d", w.Code)
	}
	if err := h.RemovePhoto(context.Background(), access.Actor{ID: "doctor", Roles: doctor.Roles}, id, 0, c.Photos[1].ID); baqylau.CodeOf(err) != baqylau.Forbidden {
		t.Error(err)
	}
}
