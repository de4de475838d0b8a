package web

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/baqylau/baqylau"
)

// The centre stands behind a proxy at 10.0.0.5, which may stand behind another in 192.0.2.0/24. Only what these two say is believed.
func TestOnlyOurOwnProxiesAreBelieved(t *testing.T) {
	p, err := ParseProxies([]string{"10.0.0.5", "192.0.2.0/24", "fd00::/8"})
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		peer       string
		forwarded  []string
		proto      []string
		tls        bool
		want       string
		wantSecure bool
	}{
		"no proxy":                             {peer: "203.0.113.9:4000", want: "203.0.113.9:4000"},
		"a stranger invents a visitor":         {peer: "203.0.113.9:4000", forwarded: []string{"198.51.100.1"}, proto: []string{"https"}, want: "203.0.113.9:4000"},
		"a stranger near the proxy's address":  {peer: "10.0.0.6:4000", forwarded: []string{"198.51.100.1"}, proto: []string{"https"}, want: "10.0.0.6:4000"},
		"the proxy tells":                      {peer: "10.0.0.5:4000", forwarded: []string{"203.0.113.9"}, proto: []string{"https"}, want: "203.0.113.9:0", wantSecure: true},
		"the proxy tells an IPv6 visitor":      {peer: "10.0.0.5:4000", forwarded: []string{"2001:db8::7"}, want: "[2001:db8::7]:0"},
		"a proxy on IPv6":                      {peer: "[fd00::1]:4000", forwarded: []string{"[2001:db8::7]:99"}, want: "[2001:db8::7]:0"},
		"a mapped address is the same":         {peer: "[::ffff:10.0.0.5]:4000", forwarded: []string{"::ffff:203.0.113.9"}, want: "203.0.113.9:0"},
		"the visitor wrote a header first":     {peer: "10.0.0.5:4000", forwarded: []string{"198.51.100.1, 203.0.113.9"}, want: "203.0.113.9:0"},
		"in two lines":                         {peer: "10.0.0.5:4000", forwarded: []string{"198.51.100.1", "203.0.113.9"}, want: "203.0.113.9:0"},
		"the visitor claims to be our proxy":   {peer: "10.0.0.5:4000", forwarded: []string{"198.51.100.1, 10.0.0.5, 203.0.113.9"}, want: "203.0.113.9:0"},
		"two proxies":                          {peer: "10.0.0.5:4000", forwarded: []string{"198.51.100.1, 203.0.113.9, 192.0.2.7"}, want: "203.0.113.9:0"},
		"nothing forwarded":                    {peer: "10.0.0.5:4000", want: "10.0.0.5:0"},
		"nonsense":                             {peer: "10.0.0.5:4000", forwarded: []string{"203.0.113.9, unknown"}, want: "10.0.0.5:0"},
		"nonsense left of a visitor":           {peer: "10.0.0.5:4000", forwarded: []string{"<script>, 203.0.113.9:55"}, want: "203.0.113.9:0"},
		"the nearest proxy's word counts":      {peer: "10.0.0.5:4000", forwarded: []string{"203.0.113.9"}, proto: []string{"https, http"}, want: "203.0.113.9:0"},
		"TLS to the proxy only":                {peer: "10.0.0.5:4000", forwarded: []string{"203.0.113.9"}, proto: []string{"http"}, tls: true, want: "203.0.113.9:0"},
		"TLS to us from a stranger's own word": {peer: "203.0.113.9:4000", proto: []string{"http"}, tls: true, want: "203.0.113.9:4000", wantSecure: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr, r.TLS = x.peer, nil
			if x.tls {
				r.TLS = &tls.ConnectionState{}
			}
			r.Header["X-Forwarded-For"], r.Header["X-Forwarded-Proto"] = x.forwarded, x.proto
			p.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if r.RemoteAddr != x.want || (r.TLS != nil) != x.wantSecure {
					t.Errorf("%s, TLS %v", r.RemoteAddr, r.TLS != nil)
				}
			})).ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

func TestAListThatBelievesAnyoneIsRefused(t *testing.T) {
	for _, s := range []string{"0.0.0.0/0", "::/0", "proxy.example", "10.0.0.0/33", ""} {
		if _, err := ParseProxies([]string{s}); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("%q: %v", s, err)
		}
	}
}
