package app

import (
	"context"
	"net/http"
	"time"
)

// Site is the whole site without its listener, for tests that stand around it.
func (a *App) Site() http.Handler { return a.handler() }

// Deadlines are those of the server: for the header of a request, its body, the answer, and a connection that is not used.
func (a *App) Deadlines() (header, body, answer, idle time.Duration) {
	return a.server.ReadHeaderTimeout, a.server.ReadTimeout, a.server.WriteTimeout, a.server.IdleTimeout
}

// BackUp is one round of the guard's backups.
func (a *App) BackUp(ctx context.Context) { a.backUp(ctx) }

// Look is one round of the guard, but for the backup.
func (a *App) Look(ctx context.Context) { a.look(ctx) }

// BackupWaited lets the time pass after which a failed backup is tried again.
func (a *App) BackupWaited() { a.guard.tried = a.guard.tried.Add(-backupAgain) }

// BackupFault is what is told of a backup that failed.
func BackupFault(err error) Warning { return backupFault(err) }

// Warn turns a warning on.
func (a *App) Warn(w Warning, cause error) { a.guard.set(w, true, a.cfg.Log, cause) }
