package alert

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/riverqueue/river"
)

// Feed is a foreign feed, Atom or CAP, that the operator allowed in the configuration. The pages cannot add one, so that nobody can make the
// node call an address of their choice.
type Feed struct{ URL, Name string }

// Fetch is the job that reads the foreign feeds.
type Fetch struct{}

// Kind names the job.
func (Fetch) Kind() string { return "alert_fetch" }

type fetchWorker struct {
	river.WorkerDefaults[Fetch]
	s *Service
}

func (w *fetchWorker) Work(ctx context.Context, _ *river.Job[Fetch]) error { return w.s.FetchAll(ctx) }

// FetchAll reads every configured feed; what goes wrong with one is written beside it and does not stop the others.
func (s *Service) FetchAll(ctx context.Context) (err error) {
	defer baqylau.Wrap(&err, "alert.FetchAll")
	for _, f := range s.Feeds {
		if err := s.fetch(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) fetch(ctx context.Context, f Feed) error {
	id, etag := store.NewID(), ""
	if err := s.W.DB.Write.NewRaw(`INSERT INTO foreign_feed (id, url, name) VALUES (?, ?, ?) ON CONFLICT (url) DO UPDATE SET name = excluded.name, active = TRUE
		RETURNING id, etag`, id, f.URL, f.Name).Scan(ctx, &id, &etag); err != nil {
		return err
	}
	doc, next, failure := s.get(ctx, f.URL, etag)
	if failure == nil && doc != nil {
		list, gone, err := parse(doc)
		if failure = err; err == nil {
			if _, err := s.keep(ctx, access.TheSystem(), id, list, gone); err != nil {
				return err
			}
		}
	}
	if failure != nil {
		next = etag
	}
	key := ""
	var e *baqylau.Error
	if errors.As(failure, &e) {
		key = e.Key
	}
	_, err := s.W.DB.Write.NewRaw("UPDATE foreign_feed SET etag = ?, fetched_at = ?, last_error = ? WHERE id = ?", next, s.W.Now().UnixMicro(), key, id).Exec(ctx)
	return err
}

// get reads a feed within 20 seconds and maxDocument bytes; doc is nil when it has not changed. Redirects are followed three times, to web addresses.
func (s *Service) get(ctx context.Context, address, etag string) (doc []byte, next string, err error) {
	unreachable := func(err error) ([]byte, string, error) {
		return nil, "", baqylau.E(baqylau.Unavailable, "alert.error.feed").Because(err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return unreachable(errors.New("not a web address"))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return unreachable(err)
	}
	req.Header.Set("Accept", "application/atom+xml, application/cap+xml, application/xml;q=0.9")
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	res, err := s.client().Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer func() { _ = res.Body.Close() }() // read to the end or given up
	switch {
	case res.StatusCode == http.StatusNotModified:
		return nil, etag, nil
	case res.StatusCode != http.StatusOK:
		return unreachable(errors.New(res.Status))
	}
	doc, err = io.ReadAll(io.LimitReader(res.Body, maxDocument+1))
	if err != nil {
		return unreachable(err)
	}
	return doc, res.Header.Get("ETag"), nil
}

// client refuses private addresses at the moment of connecting, when the name has been resolved, so that neither a redirect nor a name
// server can lead the node into its own network.
func (s *Service) client() *http.Client {
	d := &net.Dialer{Timeout: 10 * time.Second}
	if !s.PrivateFeeds {
		d.Control = func(_, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil || !outside(ap.Addr()) {
				return errors.New("not a public address")
			}
			return nil
		}
	}
	return &http.Client{
		Timeout:   20 * time.Second,
		Transport: &http.Transport{DialContext: d.DialContext, TLSHandshakeTimeout: 10 * time.Second, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > 3 || req.URL.Scheme != "https" && req.URL.Scheme != "http" {
				return errors.New("too many redirects, or not to the web")
			}
			return nil
		},
	}
}

// shared are ranges that netip does not count as private: carrier-grade NAT, benchmarking, documentation, IPv4 inside IPv6, reserved.
var shared = []netip.Prefix{netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001:db8::/32")}

// outside tells whether an address lies on the public internet.
func outside(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range shared {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
