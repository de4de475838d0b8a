package app_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/app"
)

// authority is a certificate authority of a test's own.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	no   int64
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{key: newKey(t)}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test"}, NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(365 * 24 * time.Hour), IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sign makes a certificate for 127.0.0.1 and name that ends at a moment.
func (a *authority) sign(t *testing.T, public any, name string, ends time.Time) []byte {
	t.Helper()
	a.no++
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1 + a.no), NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: ends, DNSNames: []string{name}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.cert, public, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func (a *authority) write(t *testing.T, cert, key string, ends time.Time) {
	t.Helper()
	k := newKey(t)
	der := a.sign(t, k.Public(), "ews.example", ends)
	kd, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: kd}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// browser trusts the authority and asks by the name of the site.
func (a *authority) browser() *http.Client {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "ews.example", MinVersion: tls.VersionTLS12}}}
}

func healthz(c *http.Client, url string) (string, *tls.ConnectionState, error) {
	res, err := c.Get(url + "/healthz")
	if err != nil {
		return "", nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return string(b), res.TLS, err
}

// A certificate that has ended is warned of and replaced without a restart; half of a new pair does no harm.
func TestACertificateIsReplacedWhileTheSiteRuns(t *testing.T) {
	ca, dir := newAuthority(t), t.TempDir()
	cert, key := filepath.Join(dir, "site.pem"), filepath.Join(dir, "site.key")
	ca.write(t, cert, key, time.Now().Add(-time.Hour))
	a, err := app.Start(ctx, app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), CertFile: cert, KeyFile: key})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	if _, _, err := healthz(ca.browser(), a.URL); err == nil || !strings.Contains(err.Error(), "expired") {
		t.Errorf("an ended certificate is taken: %v", err)
	}
	for deadline := time.Now().Add(time.Minute); len(a.Warnings()) == 0 && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
	}
	if w := a.Warnings(); len(w) != 1 || w[0] != app.CertificateEnds {
		t.Errorf("warnings: %v", w)
	}
	ca.write(t, cert, key, time.Now().Add(90*24*time.Hour))
	body, state, err := healthz(ca.browser(), a.URL)
	if err != nil || !strings.Contains(body, `"ok"`) {
		t.Fatalf("the new certificate is not taken up: %s %v", body, err)
	}
	first := state.PeerCertificates[0].SerialNumber
	if err := os.WriteFile(cert, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, state, err = healthz(ca.browser(), a.URL); err != nil || state.PeerCertificates[0].SerialNumber.Cmp(first) != 0 {
		t.Errorf("half a new pair does harm: %v", err)
	}
}

func TestAnUnusableCertificateIsNamedAtTheStart(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "site.pem")
	if err := os.WriteFile(name, []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Start(ctx, app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), CertFile: name, KeyFile: name}); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("%v", err)
	}
}
