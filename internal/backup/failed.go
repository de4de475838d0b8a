package backup

import (
	"context"
	"errors"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
)

// disk is the error of a folder or file of backups that cannot be written.
func disk(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return baqylau.E(baqylau.Unavailable, "backup.folder").Because(err)
	}
	return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
}

// says are the words by which pg_dump, which speaks the language C here, names what it suffers from, and what that is called.
var says = []struct {
	word string
	key  string
	err  error
}{
	{"No space left on device", "error.disk_full", syscall.ENOSPC},
	{"Disk quota exceeded", "error.disk_full", syscall.EDQUOT},
	{"Read-only file system", "error.disk_read_only", syscall.EROFS},
	{": Permission denied", "backup.folder", syscall.EACCES}, // of the operating system; PostgreSQL writes "permission denied for"
	{"server version mismatch", "backup.version", nil},
	{"permission denied for", "backup.refused", nil},
	{"authentication failed", "backup.refused", nil},
	{"no pg_hba.conf entry", "backup.refused", nil},
	{"no password supplied", "backup.refused", nil},
	{`FATAL:  role "`, "backup.refused", nil}, // that does not exist, or may not sign in
	{`FATAL:  database "`, "backup.refused", nil},
	{"connection to server", "error.db", nil}, // what it says of one that is not made, and of one that is lost
	{"the connection unexpectedly", "error.db", nil},
	{"terminating connection", "error.db", nil},
}

// dumpFailed names what pg_dump failed of. What it wrote goes no further: it may hold the address with its password.
func dumpFailed(ctx context.Context, db *store.DB, wrote string, err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return baqylau.E(baqylau.Unavailable, "backup.no_tool").Because(err)
	}
	for _, s := range says {
		if strings.Contains(wrote, s.word) {
			return baqylau.E(baqylau.Unavailable, s.key).Because(errors.Join(err, s.err))
		}
	}
	if away := db.Read.PingContext(ctx); away != nil { // in whatever language the server speaks
		return baqylau.E(baqylau.Unavailable, "error.db").Because(errors.Join(err, away))
	}
	return baqylau.E(baqylau.Unavailable, "backup.pg_dump").Because(err)
}
