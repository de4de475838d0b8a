package app_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/backup"
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
	failures := func() int { return strings.Count(log.String(), "backup failed") }
	for range 3 {
		a.BackUp(ctx)
	}
	if failures() != 1 || !slices.Contains(a.Warnings(), app.BackupLate) {
		t.Errorf("%d tries within a moment, warnings %v", failures(), a.Warnings())
	}
	a.BackupWaited()
	a.BackUp(ctx)
	if failures() != 2 {
		t.Errorf("%d tries after the pause", failures())
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	a.BackupWaited()
	a.BackUp(ctx)
	if made, _ := filepath.Glob(dir + "/*.backup"); len(made) != 1 || len(a.Warnings()) != 0 {
		t.Errorf("made %v, warnings %v", made, a.Warnings())
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
