package app_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/backup"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
)

// A backup that fails is not tried each minute, and the warning stays until one succeeds.
func TestAFailedBackupIsTriedAgainLater(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "backups")
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file stands where the folder should be
		t.Fatal(err)
	}
	var log logBook
	a, err := app.Open(ctx, app.Config{DataDir: t.TempDir(), Nightly: backup.Nightly{Dir: dir, Keep: 3}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	for range 3 {
		a.BackUp(ctx)
		a.BackupWaited()
	}
	if w := a.Warnings(); !slices.Equal(w, []app.Warning{app.BackupLate, app.BackupFolder}) {
		t.Errorf("warnings %v", w)
	}
	if n := strings.Count(log.String(), "what=backup_folder"); n != 1 {
		t.Errorf("the cause stands in the log %d times:\n%s", n, log.String())
	}
	a.BackUp(ctx)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	a.BackUp(ctx)
	if made, _ := filepath.Glob(dir + "/*.backup"); len(made) != 0 {
		t.Error("tried again at once")
	}
	a.BackupWaited()
	a.BackUp(ctx)
	if made, _ := filepath.Glob(dir + "/*.backup"); len(made) != 1 || len(a.Warnings()) != 0 {
		t.Errorf("made %v, warnings %v", made, a.Warnings())
	}
}

// The cause of a failed backup stands in the log once, however often it is tried, and another cause under the same warning stands there too.
func TestASecondCauseIsLogged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "backups")
	var log logBook
	a, err := app.Open(ctx, app.Config{DataDir: t.TempDir(), Nightly: backup.Nightly{Dir: dir, Keep: 3}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	fails := func(count int, cause string) {
		t.Helper()
		for range 2 {
			a.BackUp(ctx)
			a.BackUp(ctx) // a minute later, when it is not tried
			a.BackupWaited()
		}
		all := strings.Count(log.String(), "what=backup_folder")
		if !strings.Contains(log.String(), cause) || all != count || strings.Count(log.String(), "what=backup ") != 1 {
			t.Errorf("%q is not the cause logged as number %d:\n%s", cause, count, log.String())
		}
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file stands where the folder should be
		t.Fatal(err)
	}
	fails(1, "not a directory")
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(t.TempDir(), "unmounted"), dir); err != nil {
		t.Fatal(err)
	}
	fails(2, "file exists")
	a.Warn(app.BackupFolder, errors.New("mkdir /b/.backup-17: denied"))
	a.Warn(app.BackupFolder, errors.New("mkdir /b/.backup-235: denied")) // the same cause, another name
	if n := strings.Count(log.String(), "what=backup_folder"); n != 3 {
		t.Errorf("it stands %d times in the log:\n%s", n, log.String())
	}
}

// Each cause of a failed backup has its own warning.
func TestAFailedBackupNamesItsCause(t *testing.T) {
	for key, w := range map[string]app.Warning{"error.disk_full": app.BackupFull, "error.disk": app.BackupFolder, "error.disk_read_only": app.BackupFolder, "backup.folder": app.BackupFolder, "error.db": app.BackupDatabase,
		"backup.refused": app.BackupRefused, "backup.no_tool": app.BackupTool, "backup.version": app.BackupTool, "backup.pg_dump": app.BackupFailed} {
		if got := app.BackupFault(fmt.Errorf("backup.Write: %w", baqylau.E(baqylau.Unavailable, key))); got != w {
			t.Errorf("%s: %s", key, got)
		}
		for _, l := range []baqylau.Lang{baqylau.Kazakh, baqylau.Russian, baqylau.English} {
			if !locale.Has("app.warning."+string(w)) || locale.TIn(l, "app.warning."+string(w)) == "" {
				t.Errorf("%s is not said in %s", w, l)
			}
		}
	}
	if got := app.BackupFault(fmt.Errorf("x: %w", syscall.ENOSPC)); got != app.BackupFull {
		t.Errorf("no room: %s", got)
	}
}

// Letters that wait for their server are told to whoever can do something about it, by the cause, until they have gone.
func TestWaitingLettersAreWarnedOf(t *testing.T) {
	a, err := app.Open(ctx, app.Config{DataDir: t.TempDir(), SMTP: app.SMTP{Host: "127.0.0.1", Port: 1, From: "ews@ews.example"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	for key, w := range map[string][]app.Warning{"error.mail_server": {app.MailAway}, "error.mail_certificate_ended": {app.MailCertificateEnded}, "error.mail_certificate": {app.MailCertificate}, "": nil} {
		if _, err := a.DB.Write.NewRaw("INSERT INTO delivery (id, purpose, address, lang, message_id, state, last_error, created_at) VALUES ('d', 'account', 'a@b.example', 'kk', 'm', 'queued', ?, 1) ON CONFLICT (id) DO UPDATE SET last_error = excluded.last_error", key).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		if a.Look(ctx); !slices.Equal(a.Warnings(), w) {
			t.Errorf("%q: %v", key, a.Warnings())
		}
	}
}

// Heads of earlier runs that cannot be read when the node starts are asked for again, and are warned of until then: a journal that was cut meanwhile is found all the same.
func TestHeadsThatCannotBeReadAreReadLater(t *testing.T) {
	data := t.TempDir()
	open := func() *app.App {
		a, err := app.Open(ctx, app.Config{DataDir: data})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	exec := func(a *app.App, sql string) {
		t.Helper()
		if _, err := a.DB.Write.NewRaw(sql).Exec(ctx); err != nil {
			t.Fatal(err)
		}
	}
	a := open()
	if err := a.Writer.Do(ctx, access.TheSystem(), access.SettingsEdit, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("setting", "x", "", nil)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if a.Look(ctx); len(a.Warnings()) != 0 {
		t.Errorf("warnings %v", a.Warnings())
	}
	if err := a.Close(ctx); err != nil { // keeps the head
		t.Fatal(err)
	}
	away := filepath.Join(data, "heads", "heads-away.jsonl")
	if err := os.Mkdir(away, 0o700); err != nil { // as good as a share that has gone, also for root
		t.Fatal(err)
	}
	a = open()
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	exec(a, "DELETE FROM audit_entry")
	exec(a, "UPDATE audit_head SET seq = 0, hash = ''")
	for range 2 {
		if a.Look(ctx); !slices.Equal(a.Warnings(), []app.Warning{app.HeadsFail}) {
			t.Errorf("while they cannot be read: %v", a.Warnings())
		}
	}
	if err := os.Remove(away); err != nil {
		t.Fatal(err)
	}
	if a.Look(ctx); !slices.Equal(a.Warnings(), []app.Warning{app.JournalTurn}) {
		t.Errorf("when they can be read again: %v", a.Warnings())
	}
}
