//go:build soak

package crash

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// The certificate of the mail server has ended. Letters wait and use up no try, whoever looks after the system reads why in their language, and when the certificate is renewed
// each letter comes once.
func TestTheMailServersCertificateHasEnded(t *testing.T) {
	bin := build(t)
	for _, e := range storetest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			ca, key := authority(t)
			var now atomic.Pointer[tls.Certificate]
			now.Store(certificate(t, ca, key, time.Now().Add(-time.Hour)))
			box := serveMail(t, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return now.Load(), nil }})
			box.trust = filepath.Join(t.TempDir(), "authority.pem")
			if err := os.WriteFile(box.trust, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}), 0o600); err != nil {
				t.Fatal(err)
			}
			x := befall(t, open(t, e, bin, box))
			id, a := x.house.draft(x.ledger)
			if !a.done() {
				t.Fatalf("%d %s %v", a.status, a.body, a.err)
			}
			if a = x.house.step(x.ledger, id, "approver", alert.Clear, alert.Cleared); !a.done() {
				t.Fatalf("%d %s %v", a.status, a.body, a.err)
			}
			if a = x.house.step(x.ledger, id, "officer", alert.Issue, alert.Issued); !a.done() {
				t.Fatalf("%d %s %v", a.status, a.body, a.err)
			}
			for begun := time.Now(); time.Since(begun) < 3*within; time.Sleep(time.Second) { // the guard looks round each minute
				if strings.Contains(x.house.do("administrator", http.MethodGet, "/settings", nil).body, locale.TIn(baqylau.English, "app.warning.mail_certificate_ended")) {
					break
				}
			}
			for _, l := range []baqylau.Lang{baqylau.Kazakh, baqylau.Russian, baqylau.English} {
				if a := x.house.do("administrator", http.MethodGet, "/settings", nil, "Accept-Language", string(l), "Cookie", locale.Cookie+"="+string(l)); !strings.Contains(a.body, locale.TIn(l, "app.warning.mail_certificate_ended")) {
					t.Errorf("nobody is told in %s: %d %s", l, a.status, end(a.body, 2000))
				}
			}
			if n := x.house.figure(t, "SELECT count(*) FROM delivery WHERE state <> 'queued' OR tries > 0 OR last_error <> 'error.mail_certificate_ended'"); n != 0 || len(box.times()) != 0 {
				t.Errorf("%d letters do not simply wait; %d came", n, len(box.times()))
			}
			now.Store(certificate(t, ca, key, time.Now().Add(time.Hour)))
			took := x.until("every letter has come", func() bool { return len(box.times()) == len(x.house.tokens) })
			x.until("every letter is recorded", func() bool { return x.house.figure(t, "SELECT count(*) FROM delivery WHERE state <> 'accepted'") == 0 })
			for id, n := range box.times() {
				if n != 1 {
					t.Errorf("letter %s came %d times", id, n)
				}
			}
			fmt.Printf("%s: %d letters came %s after the certificate was renewed\n", t.Name(), len(box.times()), took.Round(10*time.Millisecond))
			x.over()
		})
	}
}

func authority(t *testing.T) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test"}, NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour), IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return ca, key
}

// certificate is one of the mail server that ends at a moment.
func certificate(t *testing.T, ca *x509.Certificate, by *ecdsa.PrivateKey, ends time.Time) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(ends.Unix()), NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: ends, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, form, ca, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
