package intake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
)

func httptestGet(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

func httptestPost(path string, f url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// cancelAfter is the context of a process that dies when it begins its transaction n+1; the returned function gives the clock back.
func cancelAfter(h *house, n int) (context.Context, func()) {
	dying, die := context.WithCancel(ctx)
	now, calls := h.W.Now, 0
	h.W.Now = func() time.Time {
		if calls++; calls > n {
			die()
		}
		return now()
	}
	return dying, func() { die(); h.W.Now = now }
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the line went dead") }

// generated is a table that exists only while it is read; each hundredth row, the first among them, has a day that does not exist.
type generated struct {
	rows, at int
	rest     []byte
}

func (g *generated) Read(b []byte) (int, error) {
	for len(g.rest) == 0 {
		line := "Номер;Дата;Область;Масса;Вещество\r\n"
		if g.at > g.rows {
			return 0, io.EOF
		}
		if g.at > 0 {
			day := "05.05.2025"
			if g.at%100 == 1 {
				day = "31.02.2025"
			}
			line = fmt.Sprintf("G-%d;%s;Алматы;1,5;мефедрон\r\n", g.at, day)
		}
		g.at++
		s, err := charmap.Windows1251.NewEncoder().String(line)
		if err != nil {
			return 0, err
		}
		g.rest = []byte(s)
	}
	n := copy(b, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}
