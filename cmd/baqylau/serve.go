package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/backup"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
)

type serveCmd struct {
	database
	Addr    string `help:"Listen address." env:"BAQYLAU_ADDR" default:"127.0.0.1:8080"`
	Data    string `help:"Folder of the node key and of files in work; that of the SQLite file by default." env:"BAQYLAU_DATA"`
	BaseURL string `name:"base-url" help:"Address people reach the site at, for links in letters and feeds." env:"BAQYLAU_BASE_URL"`
	Role    string `help:"What this node does: all, web or worker (several nodes share one PostgreSQL)." default:"all" enum:"all,web,worker" env:"BAQYLAU_ROLE"`
	Cert    string `help:"TLS certificate file (PEM, with its chain); a new one is taken up without a restart." type:"path"`
	Key     string `help:"TLS key file (PEM)." type:"path"`
	Heads   string `help:"Folder in which the journal's head is kept outside the database each minute, best on another disk; heads/ in the data folder by default." type:"path" env:"BAQYLAU_HEADS"`
	acmeFlags
	nightly
	Proxies []string `name:"behind-proxy" placeholder:"CIDR" help:"Addresses or networks of your own proxies: their X-Forwarded-For and X-Forwarded-Proto are believed, nobody else's." env:"BAQYLAU_BEHIND_PROXY"`
	Feeds   []string `help:"Addresses of foreign alert feeds that may be fetched; none by default." env:"BAQYLAU_FEEDS"`
	smtp
}

// smtp are the flags of the mail server.
type smtp struct {
	SMTPHost     string `name:"smtp-host" help:"Mail server; no letters are sent without one." env:"BAQYLAU_SMTP_HOST"`
	SMTPPort     int    `name:"smtp-port" default:"587" env:"BAQYLAU_SMTP_PORT"`
	SMTPUser     string `name:"smtp-user" env:"BAQYLAU_SMTP_USER"`
	SMTPPassword string `name:"smtp-password" help:"Better given as BAQYLAU_SMTP_PASSWORD than on the command line." env:"BAQYLAU_SMTP_PASSWORD"`
	SMTPFrom     string `name:"smtp-from" help:"Sender address of the centre." env:"BAQYLAU_SMTP_FROM"`
	SMTPTLS      string `name:"smtp-tls" default:"starttls" enum:"starttls,tls,none" help:"How the connection is secured; none only on loopback." env:"BAQYLAU_SMTP_TLS"`
}

func (s smtp) config() app.SMTP {
	return app.SMTP{Host: s.SMTPHost, Port: s.SMTPPort, User: s.SMTPUser, Password: s.SMTPPassword, From: s.SMTPFrom, TLS: s.SMTPTLS}
}

// acmeFlags are those of certificates had by ACME.
type acmeFlags struct {
	Domains   []string `name:"acme-domain" help:"Names of the site for which a certificate is had by ACME (RFC 8555); its terms are accepted by this." env:"BAQYLAU_ACME_DOMAIN"`
	Email     string   `name:"acme-email" help:"Whom the authority may write to." env:"BAQYLAU_ACME_EMAIL"`
	Directory string   `name:"acme-directory" help:"Directory of the authority; Let's Encrypt by default." env:"BAQYLAU_ACME_DIRECTORY"`
	Addr      string   `name:"acme-addr" help:"Address on which HTTP-01 challenges are answered and visitors are sent to HTTPS, usually :80; without it the challenge goes by TLS-ALPN-01 on --addr." env:"BAQYLAU_ACME_ADDR"`
}

// nightly are the flags of the backup that the program makes by itself.
type nightly struct {
	BackupDir  string `name:"backup-dir" help:"Folder of the nightly backups, best on another machine's disk; none are made without it. Name it on one node." type:"path" env:"BAQYLAU_BACKUP_DIR"`
	BackupAt   string `name:"backup-at" help:"Time of the nightly backup, HH:MM in the centre's time zone." default:"02:30" env:"BAQYLAU_BACKUP_AT"`
	BackupKey  string `name:"backup-key" help:"Key file that seals the backups: at least 32 bytes that nobody can guess. Keep a copy elsewhere." placeholder:"FILE" env:"BAQYLAU_BACKUP_KEY"`
	BackupKeep int    `name:"backup-keep" help:"How many backups stay." default:"14" env:"BAQYLAU_BACKUP_KEEP"`
}

func (n nightly) config() (out backup.Nightly, err error) {
	if n.BackupDir == "" {
		return out, nil
	}
	at, err := time.Parse("15:04", n.BackupAt)
	if err != nil {
		return out, baqylau.E(baqylau.Invalid, "cli.backup_at")
	}
	key, err := backup.ReadKey(n.BackupKey)
	if err != nil {
		return out, err
	}
	if key == nil {
		return out, baqylau.E(baqylau.Invalid, "cli.backup_key")
	}
	return backup.Nightly{Dir: n.BackupDir, Key: key, At: time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, Keep: n.BackupKeep}, nil
}

func (c *serveCmd) Run(r *run) error {
	cfg := app.Config{Addr: c.Addr, DB: c.DB, DataDir: c.Data, BaseURL: c.BaseURL, Role: c.Role, CertFile: c.Cert, KeyFile: c.Key, HeadDir: c.Heads, ACME: app.ACME(c.acmeFlags), SMTP: c.smtp.config(), Feeds: c.Feeds, Log: r.log}
	if cfg.DataDir == "" {
		cfg.DataDir = dataDir(c.DB)
	}
	if c.BaseURL != "" {
		if u, err := url.Parse(c.BaseURL); err != nil || u.Scheme == "" || u.Host == "" {
			return baqylau.E(baqylau.Invalid, "cli.base_url", "Value", c.BaseURL)
		}
	}
	var err error
	if cfg.Nightly, err = c.nightly.config(); err != nil {
		return err
	}
	if cfg.Proxies, err = web.ParseProxies(c.Proxies); err != nil {
		return err
	}
	return r.serve(cfg, nil)
}

// serve opens the process, lets prepare fill it while no job runs yet, says where it listens, and stays until it is told to stop.
func (r *run) serve(cfg app.Config, prepare func(a *app.App) error) error {
	a, err := app.Open(r.ctx, cfg)
	if err != nil {
		return err
	}
	if prepare != nil {
		err = prepare(a)
	}
	if err == nil {
		err = a.Serve(r.ctx)
	}
	if err != nil {
		_ = a.Close(context.WithoutCancel(r.ctx))
		return err
	}
	fmt.Fprintln(r.out, locale.T(r.ctx, "cli.listening", "Address", a.URL))
	ended := make(chan error, 1)
	go func() { ended <- a.Wait() }()
	select {
	case <-r.ctx.Done():
		return a.Close(context.WithoutCancel(r.ctx))
	case err := <-ended:
		_ = a.Close(context.WithoutCancel(r.ctx))
		return err
	}
}

type demoCmd struct {
	Addr string `help:"Listen address." env:"BAQYLAU_ADDR" default:"127.0.0.1:8080"`
	Data string `help:"Folder of the demonstration." env:"BAQYLAU_DATA" default:".demo"`
	DB   string `help:"PostgreSQL address; a SQLite file in the folder by default." env:"BAQYLAU_DB"`
	smtp
}

func (c *demoCmd) Run(r *run) error {
	cfg := app.Config{Addr: c.Addr, DataDir: c.Data, DB: c.DB, Demo: true, SMTP: c.config(), Log: r.log}
	fmt.Fprintln(r.out, locale.T(r.ctx, "cli.demo.preparing"))
	return r.serve(cfg, func(a *app.App) error {
		people, err := a.PrepareDemo(r.ctx)
		if err != nil {
			return err
		}
		fmt.Fprintln(r.out)
		for _, p := range people {
			fmt.Fprintf(r.out, "  %-34s %-16s %s\n", p.Login, p.Password, p.Role)
		}
		fmt.Fprintln(r.out)
		return nil
	})
}
