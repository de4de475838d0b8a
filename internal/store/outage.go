package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/baqylau/baqylau"
	"github.com/jackc/pgx/v5/pgconn"
	sqlite "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

// The keys of what an outage is called.
const (
	keyDown     = "error.db"        // the database does not answer
	keyUnsure   = "error.db_unsure" // it stopped answering while the act was being committed
	keyFull     = "error.disk_full"
	keyReadOnly = "error.disk_read_only"
	keyDisk     = "error.disk"
)

// Outage gives an error the code Unavailable and the name of the trouble where its cause is a database or a disk that does not work: not reachable, going
// down, full, read-only, failing. Every other error, and nil, come back as they are. It is asked where an error leaves the program, so that no room has to.
func Outage(err error) error {
	if code := baqylau.CodeOf(err); code != baqylau.Internal && code != baqylau.Unavailable {
		return err
	}
	var own *baqylau.Error
	if errors.As(err, &own) && own.Key == keyUnsure {
		return err
	}
	if key := outage(err); key != "" {
		return baqylau.E(baqylau.Unavailable, key).Because(err)
	}
	return err
}

// CommitFailed is the error of a transaction whose commit failed. An engine that answers has rolled back; when the connection broke, nobody knows whether
// the commit had come through, and the message says so.
func CommitFailed(err error) error {
	var pg *pgconn.PgError
	var lite *sqlite.Error
	key := outage(err)
	switch {
	case errors.As(err, &lite), errors.As(err, &pg) && pg.Code[:2] != "57" && pg.Code[:2] != "08":
		if key == "" {
			key = keyDown
		}
	default:
		key = keyUnsure
	}
	return baqylau.E(baqylau.Unavailable, key).Because(err)
}

// outage names the trouble in err, "" when it holds none.
func outage(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pgOutage(pg.Code)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return liteOutage(lite.Code())
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return keyFull
	case errors.Is(err, syscall.EROFS):
		return keyReadOnly
	case errors.Is(err, syscall.EIO):
		return keyDisk
	}
	var connect *pgconn.ConnectError
	var network *net.OpError
	if errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, sql.ErrConnDone) || pgconn.SafeToRetry(err) {
		return keyDown
	}
	return ""
}

// pgOutage reads an SQLSTATE (PostgreSQL, appendix A).
func pgOutage(state string) string {
	switch state {
	case "53100":
		return keyFull
	case "25006":
		return keyReadOnly
	case "58030":
		return keyDisk
	case "40001", "40P01": // two acts were in each other's way; the second try goes through
		return keyDown
	}
	switch state[:2] {
	case "08", "53", "57", "58": // connection, resources, operator, system
		return keyDown
	}
	return ""
}

func liteOutage(code int) string {
	switch code & 0xff { // an extended code keeps the plain one in its last byte
	case sqlitelib.SQLITE_FULL:
		return keyFull
	case sqlitelib.SQLITE_READONLY:
		return keyReadOnly
	case sqlitelib.SQLITE_IOERR, sqlitelib.SQLITE_CORRUPT, sqlitelib.SQLITE_NOTADB:
		return keyDisk
	case sqlitelib.SQLITE_CANTOPEN, sqlitelib.SQLITE_BUSY, sqlitelib.SQLITE_PROTOCOL:
		return keyDown
	}
	return ""
}
