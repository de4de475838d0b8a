// Package app builds the whole process from a Config; the command line and the tests both start it here.
package app

import (
	"log/slog"
	"time"

	"github.com/baqylau/baqylau/internal/backup"
	"github.com/baqylau/baqylau/internal/web"
)

// Config is everything the operator decides. Zero values are the defaults.
type Config struct {
	Addr              string         // listen address, "127.0.0.1:8080" by default; port 0 takes a free one
	DataDir           string         // folder of the SQLite file, the node key and uploaded import files; "var" by default
	DB                string         // postgres://… or path of a SQLite file; DataDir/baqylau.db by default
	BaseURL           string         // address people reach the site at, for links in mail and feeds; http://Addr by default
	Role              string         // "all" (default), "web" or "worker"; several nodes need PostgreSQL
	CertFile, KeyFile string         // TLS by certificate file, read anew when it changes; plain HTTP on loopback or behind a proxy when empty
	ACME              ACME           // TLS by an authority that gives certificates by itself
	Proxies           web.Proxies    // the operator's own proxies, whose word about a visitor's address and HTTPS is believed; none by default
	HeadDir           string         // folder in which the journal's head is kept outside the database, best on another disk; DataDir/heads by default
	Nightly           backup.Nightly // the backup the program makes by itself; none while its Dir is empty
	SMTP              SMTP
	Feeds             []string // addresses of foreign alert feeds that may be fetched; none by default
	Demo              bool     // demonstration workspace: banner, gallery, sign-in without second factor
	Log               *slog.Logger
	Now               func() time.Time
}

// SMTP is the mail server of the centre; no mail is sent while Host is empty.
type SMTP struct {
	Host     string
	Port     int
	User     string
	Password string
	From     string
	TLS      string // "starttls" (default), "tls", "none" (loopback only)
}

func (c Config) filled() Config {
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if c.DataDir == "" {
		c.DataDir = "var" // never in the repository: data/ there is what ships with the product
	}
	if c.DB == "" {
		c.DB = c.DataDir + "/baqylau.db"
	}
	if c.HeadDir == "" {
		c.HeadDir = headDir(c.DataDir)
	}
	if c.Role == "" {
		c.Role = "all"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}
