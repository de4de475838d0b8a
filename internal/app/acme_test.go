package app_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/app"
)

// directory is a small authority that speaks ACME (RFC 8555): it believes who signs, fetches the HTTP-01 challenge from the site, and signs what is asked for.
type directory struct {
	*authority
	t     *testing.T
	url   string
	site  string // where HTTP-01 challenges of the site are fetched
	mu    sync.Mutex
	valid bool
	chain []byte
	order string // its state
}

func (d *directory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w.Header().Set("Replay-Nonce", fmt.Sprint(time.Now().UnixNano()))
	var jws struct{ Payload string }
	b, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(b, &jws) // a GET has none
	payload, _ := base64.RawURLEncoding.DecodeString(jws.Payload)
	say := func(status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	order := func() map[string]any {
		return map[string]any{"status": d.order, "authorizations": []string{d.url + "/authz"}, "finalize": d.url + "/finalize", "certificate": d.url + "/cert",
			"identifiers": []map[string]string{{"type": "dns", "value": "ews.example"}}}
	}
	challenge := map[string]any{"type": "http-01", "url": d.url + "/challenge", "token": "a-token", "status": map[bool]string{false: "pending", true: "valid"}[d.valid]}
	switch r.URL.Path {
	case "/":
		say(200, map[string]any{"newNonce": d.url + "/nonce", "newAccount": d.url + "/account", "newOrder": d.url + "/order", "revokeCert": d.url + "/revoke", "keyChange": d.url + "/key"})
	case "/nonce":
		w.WriteHeader(200)
	case "/account":
		w.Header().Set("Location", d.url+"/account/1")
		say(201, map[string]any{"status": "valid"})
	case "/order":
		if d.order == "" {
			d.order = "pending"
		}
		w.Header().Set("Location", d.url+"/order/1")
		say(201, order())
	case "/order/1":
		say(200, order())
	case "/authz":
		say(200, map[string]any{"status": challenge["status"], "identifier": map[string]string{"type": "dns", "value": "ews.example"}, "challenges": []any{challenge}})
	case "/challenge":
		q, _ := http.NewRequestWithContext(ctx, http.MethodGet, d.site+"/.well-known/acme-challenge/a-token", nil)
		q.Host = "ews.example"
		res, err := http.DefaultClient.Do(q)
		if err != nil {
			d.t.Error(err)
			return
		}
		text, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if !strings.HasPrefix(string(text), "a-token.") {
			d.t.Errorf("the challenge is not answered: %d %s", res.StatusCode, text)
			return
		}
		d.valid, d.order = true, "ready"
		challenge["status"] = "valid"
		say(200, challenge)
	case "/finalize":
		var f struct{ CSR string }
		_ = json.Unmarshal(payload, &f)
		der, _ := base64.RawURLEncoding.DecodeString(f.CSR)
		csr, err := x509.ParseCertificateRequest(der)
		if err != nil {
			d.t.Error(err)
			return
		}
		for _, c := range [][]byte{d.sign(d.t, csr.PublicKey, "ews.example", time.Now().Add(90*24*time.Hour)), d.cert.Raw} {
			d.chain = append(d.chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c})...)
		}
		d.order = "valid"
		w.Header().Set("Location", d.url+"/order/1")
		say(200, order())
	case "/cert":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = w.Write(d.chain)
	default:
		d.t.Errorf("asked for %s", r.URL.Path)
		w.WriteHeader(404)
	}
}

// The site has its certificate from the authority by itself at the first visit, answers the challenge by HTTP, sends other visitors to HTTPS, and has no certificate for other names.
func TestACertificateByACME(t *testing.T) {
	d := &directory{authority: newAuthority(t), t: t}
	s := httptest.NewServer(d)
	defer s.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	plain := l.Addr().String()
	_ = l.Close()
	d.url, d.site = s.URL, "http://"+plain
	a, err := app.Start(ctx, app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), ACME: app.ACME{Domains: []string{"ews.example"}, Directory: s.URL + "/", Addr: plain}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	body, state, err := healthz(d.browser(), a.URL)
	if err != nil || !strings.Contains(body, `"ok"`) || state.PeerCertificates[0].DNSNames[0] != "ews.example" {
		t.Fatalf("%s %v", body, err)
	}
	stranger := d.browser()
	stranger.Transport.(*http.Transport).TLSClientConfig.ServerName = "other.example"
	if _, _, err := healthz(stranger, a.URL); err == nil {
		t.Error("a certificate for another name")
	}
	q, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+plain+"/signals", nil)
	q.Host = "ews.example"
	res, err := plainClient().Do(q)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusFound || res.Header.Get("Location") != "https://ews.example/signals" {
		t.Errorf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
}
