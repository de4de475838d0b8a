// Package backup copies a whole database into one file while it is in use, and puts such a file in place of a database that is not. A
// backup holds its own digest, so that a damaged one is refused by the name of the damage before anything is touched.
//
// The file is a tar with "manifest.json" (format, engine, schema version, digest and size of the content) and one content entry:
// the SQLite database itself, or the custom-format archive of pg_dump for PostgreSQL, which the machine must have. With a key the tar is sealed (seal.go).
package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/store"
)

// format is the version of the backup file's layout.
const format = 1

type manifest struct {
	Format int          `json:"format"`
	Engine store.Engine `json:"engine"`
	Schema int64        `json:"schema"`
	SHA256 string       `json:"sha256"`
	Size   int64        `json:"size"`
}

// Write copies the database behind dsn into file `to`, sealed by key unless that is nil, and returns the content's size in bytes. Readers and writers go on meanwhile. Codes: Conflict when
// the file exists, Unavailable for disk, database or pg_dump, by the name of the trouble.
func Write(ctx context.Context, db *store.DB, dsn, to string, key Key) (size int64, err error) {
	defer baqylau.Wrap(&err, "backup.Write")
	if _, err := os.Stat(to); err == nil {
		return 0, baqylau.E(baqylau.Conflict, "backup.exists", "File", to)
	}
	dir, err := os.MkdirTemp(filepath.Dir(to), ".backup-*")
	if err != nil {
		return 0, disk(err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	content := filepath.Join(dir, "content")
	if err := dump(ctx, db, dsn, content); err != nil {
		return 0, err
	}
	m := manifest{Format: format, Engine: db.Engine}
	if m.Schema, err = db.Version(ctx); err != nil {
		return 0, err
	}
	if m.SHA256, m.Size, err = digest(content); err != nil {
		return 0, err
	}
	whole := filepath.Join(dir, "backup")
	if err := pack(whole, content, m, key); err != nil {
		return 0, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	return m.Size, os.Rename(whole, to)
}

func dump(ctx context.Context, db *store.DB, dsn, to string) error {
	if db.Engine == store.SQLite {
		_, err := db.Write.NewRaw("VACUUM INTO ?", to).Exec(ctx)
		return err
	}
	cmd := postgresTool(ctx, dsn, "pg_dump", "--format=custom", "--no-owner", "--file="+to)
	if out, err := cmd.CombinedOutput(); err != nil {
		return dumpFailed(ctx, db, string(out), err)
	}
	return nil
}

// postgresTool is a program of PostgreSQL that works on dsn. The password goes by the environment: everyone on the machine can read the arguments of a process. Without one it
// fails: asking at the terminal would stop whoever started it unattended.
func postgresTool(ctx context.Context, dsn, name string, args ...string) *exec.Cmd {
	env := append(os.Environ(), "LC_ALL=C") // what it says is read (failed.go)
	if u, err := url.Parse(dsn); err == nil && u.User != nil {
		if p, ok := u.User.Password(); ok {
			u.User, env = url.User(u.User.Username()), append(env, "PGPASSWORD="+p)
			dsn = u.String()
		}
	}
	cmd := exec.CommandContext(ctx, name, append([]string{"--no-password", "--dbname=" + dsn}, args...)...) //nolint:gosec // no shell; the arguments are the operator's own
	cmd.Env = env
	return cmd
}

func digest(name string) (sum string, size int64, err error) {
	f, err := os.Open(name)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

func pack(to, content string, m manifest, key Key) (err error) {
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	head, err := json.Marshal(m)
	if err != nil {
		return err
	}
	var goal io.WriteCloser = out
	if key != nil {
		if goal, err = key.seal(out); err != nil {
			return err
		}
	}
	w := tar.NewWriter(goal)
	if err := w.WriteHeader(&tar.Header{Name: "manifest.json", Mode: 0o600, Size: int64(len(head))}); err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: "content", Mode: 0o600, Size: m.Size}); err != nil {
		return err
	}
	in, err := os.Open(content)
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := io.Copy(w, in); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if key != nil {
		if err := goal.Close(); err != nil {
			return err
		}
	}
	return out.Sync()
}

// Restore opens a backup, by key where it is sealed, and puts it in place of the database behind dsn, which must be empty or absent, and verifies the journal of what it restored. Codes:
// Invalid with the name of the damage (not a backup, cut, altered, another format, another engine, sealed, sealed by another key), Conflict when the place is taken.
func Restore(ctx context.Context, r io.Reader, dsn string, key Key) (rep audit.Report, err error) {
	defer baqylau.Wrap(&err, "backup.Restore")
	dir, err := os.MkdirTemp("", "baqylau-restore-*")
	if err != nil {
		return rep, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	content := filepath.Join(dir, "content")
	if r, err = key.open(r); err != nil {
		return rep, err
	}
	m, err := unpackFile(r, content)
	if err != nil {
		return rep, err
	}
	if err := place(ctx, m, content, dsn); err != nil {
		return rep, err
	}
	db, err := store.Open(ctx, dsn)
	if err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if rep, err = audit.Verify(ctx, db.Read); err == nil && !rep.OK {
		err = baqylau.E(baqylau.Conflict, "audit.broken."+rep.Fault, "Seq", rep.BadSeq)
	}
	return rep, err
}

func unpackFile(r io.Reader, to string) (m manifest, err error) {
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return m, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	if m, err = unpack(r, f); err != nil {
		_ = f.Close()
		return m, err
	}
	if err := f.Close(); err != nil {
		return m, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	return m, nil
}

// unpack reads a backup to its end, writes the content into to, and compares it with its digest.
func unpack(r io.Reader, to io.Writer) (m manifest, err error) {
	bad := func(key string, cause error) error {
		if own := (*baqylau.Error)(nil); errors.As(cause, &own) {
			return own // the seal has named the damage
		}
		return baqylau.E(baqylau.Invalid, key).Because(cause)
	}
	t := tar.NewReader(r)
	h, err := t.Next()
	if err != nil || h.Name != "manifest.json" || h.Size > 1<<16 {
		return m, bad("backup.not_one", err)
	}
	if err := json.NewDecoder(t).Decode(&m); err != nil {
		return m, bad("backup.not_one", err)
	}
	if m.Format != format {
		return m, baqylau.E(baqylau.Invalid, "backup.format", "Format", m.Format)
	}
	if h, err = t.Next(); err != nil || h.Name != "content" {
		return m, bad("backup.cut", err)
	}
	sum := sha256.New()
	w := &goal{Writer: to}
	n, err := io.Copy(io.MultiWriter(sum, w), io.LimitReader(t, m.Size+1)) //nolint:gosec // bounded: a byte more than promised is already damage
	switch {
	case w.err != nil:
		return m, baqylau.E(baqylau.Unavailable, "error.disk").Because(w.err)
	case err != nil || n != m.Size:
		return m, bad("backup.cut", err)
	case hex.EncodeToString(sum.Sum(nil)) != m.SHA256:
		return m, bad("backup.altered", nil)
	}
	if _, err := io.Copy(io.Discard, r); err != nil { // a sealed file is whole only with its last piece
		return m, bad("backup.cut", err)
	}
	return m, nil
}

// goal remembers that writing failed, which is the disk's damage and not the backup's.
type goal struct {
	io.Writer
	err error
}

func (g *goal) Write(p []byte) (int, error) {
	n, err := g.Writer.Write(p)
	g.err = errors.Join(g.err, err)
	return n, err
}

func place(ctx context.Context, m manifest, content, dsn string) error {
	pg := len(dsn) > 9 && (dsn[:9] == "postgres:" || dsn[:9] == "postgresq")
	if pg != (m.Engine == store.Postgres) {
		return baqylau.E(baqylau.Invalid, "backup.engine", "Engine", string(m.Engine))
	}
	if !pg {
		if _, err := os.Stat(dsn); err == nil {
			return baqylau.E(baqylau.Conflict, "backup.place_taken", "File", dsn)
		}
		if err := os.MkdirAll(filepath.Dir(dsn), 0o700); err != nil {
			return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
		}
		return copyFile(content, dsn)
	}
	db, err := store.Open(ctx, dsn)
	if err != nil {
		return err
	}
	v, err := db.Version(ctx)
	if cerr := db.Close(); err != nil || cerr != nil {
		return errors.Join(err, cerr)
	}
	if v > 0 {
		return baqylau.E(baqylau.Conflict, "backup.database_taken")
	}
	if err := postgresTool(ctx, dsn, "pg_restore", "--no-owner", "--clean", "--if-exists", "--single-transaction", content).Run(); err != nil {
		return baqylau.E(baqylau.Unavailable, "backup.pg_restore").Because(err)
	}
	return nil
}

// copyFile writes beside the goal and renames, so that a crash leaves no half database.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	tmp := to + ".restoring"
	out, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		_ = os.Remove(tmp)
		return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	return os.Rename(tmp, to)
}
