package app

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/backup"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
)

// Warning is something that the operator has to look at although people can work.
type Warning string

// The warnings; their texts are "app.warning.<name>".
const (
	BackupLate      Warning = "backup"          // the last good nightly backup is older than 26 hours
	BackupFull      Warning = "backup_full"     // the last try at it failed: no room
	BackupFolder    Warning = "backup_folder"   // its folder cannot be written
	BackupDatabase  Warning = "backup_database" // the database did not answer
	BackupRefused   Warning = "backup_refused"  // the database does not let the node read everything
	BackupTool      Warning = "backup_tool"     // pg_dump is not there, or of an older version than the server
	BackupFailed    Warning = "backup_failed"   // something else
	HeadsFail       Warning = "heads"           // the head of the journal cannot be kept outside the database
	JournalTurn     Warning = "journal"         // the journal contradicts a head that was kept outside
	ClockBack       Warning = "clock"           // the clock stands before the last entry of the journal, or was set back
	CertificateEnds Warning = "certificate"     // the certificate ends within 14 days, or has ended

	MailAway             Warning = "mail"                   // letters wait: the mail server is not reached, or puts them off
	MailCertificateEnded Warning = "mail_certificate_ended" // letters wait: its certificate has ended
	MailCertificate      Warning = "mail_certificate"       // letters wait: its certificate is not trusted
)

// How often the guard looks round: the head of the journal leaves the database within this time.
const guardEvery = time.Minute

// backupAgain is how long after a failed backup the next one is tried: where a disk is full or a server away, copying the whole database each minute would help nobody.
const backupAgain = 15 * time.Minute

// clockSlack is how far the clock may be set back unnoticed: nodes that share a database differ by a little.
const clockSlack = 2 * time.Minute

// guard looks round each minute: it keeps the journal's head outside, makes the nightly backup when it is due, and remembers what is wrong.
type guard struct {
	outside *audit.Outside
	nightly backup.Nightly
	tried   time.Time // when the nightly backup failed, as long as no later one succeeded
	begun   time.Time // by the clock that can be set
	since   time.Time // the same moment by the one that cannot
	end     context.CancelFunc
	ended   sync.WaitGroup

	mu   sync.Mutex
	on   map[Warning]bool
	told map[Warning]string // the cause of it that was logged last
	last audit.Head
	read bool // the heads of earlier runs
}

// set turns a warning on or off. It is logged when it turns on, and when its cause, which err tells, is another one than before: one warning gathers several.
func (g *guard) set(w Warning, on bool, log *slog.Logger, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	cause := ""
	if err != nil {
		cause = strings.Map(noDigit, err.Error())
	}
	if on && (!g.on[w] || cause != g.told[w]) {
		log.Error("warning", "what", string(w), "error", err)
		g.told[w] = cause
	}
	g.on[w] = on
}

// noDigit leaves out what differs from try to try: names of temporary files, moments, ports.
func noDigit(r rune) rune {
	if r >= '0' && r <= '9' {
		return -1
	}
	return r
}

// Warnings lists what is wrong, in a fixed order.
func (a *App) Warnings() (list []Warning) {
	a.guard.mu.Lock()
	defer a.guard.mu.Unlock()
	for w, on := range a.guard.on {
		if on {
			list = append(list, w)
		}
	}
	slices.Sort(list)
	return list
}

// headSigner is the purpose of the key that signs heads.
const headSigner = "journal-head"

// newGuard prepares what the guard and the page of the journal need.
func (a *App) newGuard(key ed25519.PrivateKey) {
	name := node(a.cfg.Addr)
	if name == "" {
		name = "node"
	}
	a.guard.on, a.guard.told = map[Warning]bool{}, map[Warning]string{}
	a.guard.begun, a.guard.since = a.cfg.Now().Round(0), time.Now()
	a.guard.outside = &audit.Outside{Dir: a.cfg.HeadDir, Node: name[:min(8, len(name))], Key: key}
	a.guard.nightly = a.cfg.Nightly
	a.guard.nightly.DSN, a.guard.nightly.Zone = a.cfg.DB, change.Zone
}

// watch starts the guard; rest ends it, and keeps the head a last time.
func (a *App) watch(ctx context.Context) {
	ctx, a.guard.end = context.WithCancel(context.WithoutCancel(ctx))
	for _, round := range []func(context.Context){a.look, a.backUp, a.overview.Warm} { // a backup of a large database takes minutes, and heads do not wait for it
		a.guard.ended.Go(func() {
			for {
				round(ctx)
				select {
				case <-ctx.Done():
					return
				case <-time.After(guardEvery):
				}
			}
		})
	}
}

func (a *App) rest(ctx context.Context) {
	if a.guard.end == nil {
		return
	}
	a.guard.end()
	ended := make(chan struct{})
	go func() { defer close(ended); a.guard.ended.Wait() }()
	select {
	case <-ended:
		a.keepHead(ctx)
	case <-ctx.Done():
	}
}

// look is one round of the guard, but for the backup.
func (a *App) look(ctx context.Context) {
	a.keepHead(ctx)
	a.checkClock(ctx)
	a.checkCertificate()
	a.checkMail(ctx)
}

// checkMail looks whether letters wait for a mail server that there is.
func (a *App) checkMail(ctx context.Context) {
	var why string
	if a.Alerts.Mail != nil {
		var err error
		if why, err = a.Alerts.Waiting(ctx); err != nil {
			return // the database is away; healthz says so
		}
	}
	for key, w := range map[string]Warning{"error.mail_server": MailAway, "error.mail_certificate_ended": MailCertificateEnded, "error.mail_certificate": MailCertificate} {
		a.guard.set(w, why == key, a.cfg.Log, nil)
	}
}

// backUp makes the nightly backup when it is due.
func (a *App) backUp(ctx context.Context) {
	if a.guard.nightly.Dir == "" || ctx.Err() != nil {
		return
	}
	now := a.cfg.Now()
	if tried := a.guard.tried; tried.IsZero() || time.Since(tried) >= backupAgain {
		why := Warning("")
		_, err := a.guard.nightly.Run(ctx, now)
		if err != nil && ctx.Err() == nil {
			a.guard.tried = time.Now() // not the clock that people set
			why = backupFault(err)
		} else {
			a.guard.tried = time.Time{}
		}
		for _, w := range []Warning{BackupFull, BackupFolder, BackupDatabase, BackupRefused, BackupTool, BackupFailed} {
			a.guard.set(w, w == why, a.cfg.Log, err)
		}
	}
	a.guard.set(BackupLate, a.guard.nightly.Late(now), a.cfg.Log, nil)
}

// backupFault is what is told of a backup that failed.
func backupFault(err error) Warning {
	var own *baqylau.Error
	if !errors.As(store.Outage(err), &own) {
		return BackupFailed
	}
	switch own.Key {
	case "error.disk_full":
		return BackupFull
	case "error.disk", "error.disk_read_only", "backup.folder":
		return BackupFolder
	case "error.db", "error.db_unsure":
		return BackupDatabase
	case "backup.refused":
		return BackupRefused
	case "backup.no_tool", "backup.version":
		return BackupTool
	}
	return BackupFailed
}

// keepHead looks whether the chain still holds the last head that this node kept, and keeps the present one. After a contradiction it keeps on keeping: the warning stays
// until the node is started with the old heads moved away. Heads of earlier runs that cannot be read are tried again.
func (a *App) keepHead(ctx context.Context) {
	g := &a.guard
	var unread error
	if !g.read {
		var list []audit.Head
		list, unread = audit.Heads(g.outside.Dir)
		g.read = unread == nil
		for _, h := range list {
			if h.Seq > g.last.Seq {
				g.last = h
			}
		}
	}
	if g.last.Seq > 0 {
		holds, err := audit.Holds(ctx, a.DB.Read, g.last)
		if err != nil {
			return // the database is away; healthz says so
		}
		if !holds {
			g.set(JournalTurn, true, a.cfg.Log, nil)
		}
	}
	h, err := g.outside.Keep(ctx, a.DB.Read, g.last, a.cfg.Now())
	if err == nil {
		g.last = h
	}
	err = errors.Join(unread, err)
	g.set(HeadsFail, err != nil && ctx.Err() == nil, a.cfg.Log, err)
}

// checkClock looks whether the clock stands before the last entry of the journal, or was set back since this process began, by a clock that nobody can set: acts made under the
// wrong time would otherwise hide it.
func (a *App) checkClock(ctx context.Context) {
	var at int64
	g, now := &a.guard, a.cfg.Now().Round(0)
	back := now.Sub(g.begun) < time.Since(g.since)-clockSlack
	if err := a.DB.Read.NewRaw("SELECT COALESCE(MAX(at), 0) FROM audit_entry WHERE seq = (SELECT seq FROM audit_head WHERE id = 1)").Scan(ctx, &at); err == nil {
		g.set(ClockBack, back || now.Add(clockSlack).UnixMicro() < at, a.cfg.Log, nil)
	}
}

// warnings are the texts of what is wrong, for whoever may set the node up.
func (a *App) warnings(c *web.Ctx) (out []string) {
	if !access.May(c.Actor, access.SettingsEdit) {
		return nil
	}
	for _, w := range a.Warnings() {
		out = append(out, c.T("app.warning."+string(w)))
	}
	return out
}

// HeadKey is the key by which the heads of the node with this data folder are checked. Codes: Unavailable as secret.Load, and without a node key: none is made.
func HeadKey(data string) (ed25519.PublicKey, error) {
	if _, err := os.Stat(filepath.Join(data, secret.FileName)); err != nil {
		return nil, baqylau.E(baqylau.Unavailable, "error.node_key", "File", secret.FileName).Because(err)
	}
	k, err := secret.Load(data)
	if err != nil {
		return nil, err
	}
	return (&audit.Outside{Key: k.Signer(headSigner)}).Public(), nil
}

// headDir is where heads are kept unless the operator says otherwise.
func headDir(data string) string { return filepath.Join(data, "heads") }
