package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/baqylau/baqylau"
	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACME is how certificates are had from an authority that speaks RFC 8555; none are while Domains is empty.
type ACME struct {
	Domains   []string // names of the site
	Email     string   // whom the authority may tell that a certificate ends; may be empty
	Directory string   // address of the authority's directory; Let's Encrypt when empty
	Addr      string   // where HTTP-01 challenges are answered and visitors are sent to HTTPS, usually ":80"; TLS-ALPN-01 alone when empty
}

// tls is the configuration of the listener, nil for plain HTTP. Codes: Invalid when the certificate files cannot be read or do not belong together.
func (a *App) tls(ctx context.Context) (*tls.Config, error) {
	switch {
	case a.cfg.CertFile != "":
		a.pair = &pair{cert: a.cfg.CertFile, key: a.cfg.KeyFile, log: a.cfg.Log}
		if err := a.pair.read(); err != nil {
			return nil, baqylau.E(baqylau.Invalid, "error.certificate", "File", a.cfg.CertFile).Because(err)
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: a.pair.get, NextProtos: []string{"h2", "http/1.1"}}, nil
	case len(a.cfg.ACME.Domains) > 0:
		m := &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(filepath.Join(a.cfg.DataDir, "acme")), HostPolicy: autocert.HostWhitelist(a.cfg.ACME.Domains...), Email: a.cfg.ACME.Email}
		if a.cfg.ACME.Directory != "" {
			m.Client = &acme.Client{DirectoryURL: a.cfg.ACME.Directory}
		}
		if err := a.challenges(ctx, m); err != nil {
			return nil, err
		}
		c := m.TLSConfig()
		c.MinVersion = tls.VersionTLS12
		return c, nil
	}
	return nil, nil
}

// challenges answers HTTP-01 on an address of its own.
func (a *App) challenges(ctx context.Context, m *autocert.Manager) error {
	if a.cfg.ACME.Addr == "" {
		return nil
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", a.cfg.ACME.Addr)
	if err != nil {
		return err
	}
	a.plain = &http.Server{Handler: m.HTTPHandler(nil), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	go func() {
		if err := a.plain.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			a.cfg.Log.Error("answering challenges ended", "error", err)
		}
	}()
	return nil
}

// pair is a certificate and its key in two files, read anew when one of them changes: whoever renews the certificate has nothing to restart.
type pair struct {
	cert, key string
	log       *slog.Logger

	mu   sync.Mutex
	now  *tls.Certificate
	seen [2]stamp
}

// stamp tells one content of a file from another.
type stamp struct {
	at   time.Time
	size int64
}

func (p *pair) stamps() (out [2]stamp) {
	for i, name := range []string{p.cert, p.key} {
		if info, err := os.Stat(name); err == nil {
			out[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	return out
}

func (p *pair) read() error {
	p.seen = p.stamps()
	c, err := tls.LoadX509KeyPair(p.cert, p.key)
	if err != nil {
		return err
	}
	p.now = &c
	return nil
}

// get is called for each connection. Files that do not belong together, as in the moment between replacing one and the other, leave the old pair in force.
func (p *pair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stamps() != p.seen {
		if err := p.read(); err != nil {
			p.log.Error("the new certificate is not usable; the old one stays", "file", p.cert, "error", err)
		} else {
			p.log.Info("a new certificate is in force", "file", p.cert)
		}
	}
	return p.now, nil
}

// ends is when the certificate in force ends.
func (p *pair) ends() (time.Time, error) {
	c, err := p.get(nil)
	if err != nil {
		return time.Time{}, err
	}
	leaf := c.Leaf
	if leaf == nil {
		if leaf, err = x509.ParseCertificate(c.Certificate[0]); err != nil {
			return time.Time{}, err
		}
	}
	return leaf.NotAfter, nil
}

// certificateSlack is how long before its end a certificate is warned of.
const certificateSlack = 14 * 24 * time.Hour

func (a *App) checkCertificate() {
	if a.pair == nil {
		return
	}
	at, err := a.pair.ends()
	a.guard.set(CertificateEnds, err != nil || a.cfg.Now().Add(certificateSlack).After(at), a.cfg.Log, err)
}
