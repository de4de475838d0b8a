//go:build soak

package crash

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// disk is a small file system of a test's own.
type disk struct {
	*testing.T
	dir string
}

// newDisk mounts one; only root may.
func newDisk(t *testing.T, mount ...string) *disk {
	t.Helper()
	d := &disk{t, t.TempDir()}
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	if out, err := exec.CommandContext(ctx, "mount", append(mount, d.dir)...).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted: %v %s", err, out)
	}
	t.Cleanup(func() {
		d.free()
		if out, err := exec.CommandContext(ctx, "umount", d.dir).CombinedOutput(); err != nil {
			t.Errorf("%v %s", err, out)
		}
	})
	if err := os.Chmod(d.dir, 0o711); err != nil { //nolint:gosec // PostgreSQL runs under another account
		t.Fatal(err)
	}
	return d
}

func memory(t *testing.T, size string) *disk {
	return newDisk(t, "-t", "tmpfs", "-o", "size="+size, "tmpfs")
}

// fill leaves no byte free but the last ones asked for.
func (d *disk) fill(but int64) {
	d.Helper()
	f, err := os.Create(filepath.Join(d.dir, "filler"))
	if err != nil {
		d.Fatal(err)
	}
	defer f.Close()
	for piece := make([]byte, 1<<20); len(piece) > 0; {
		if _, err := f.Write(piece); errors.Is(err, syscall.ENOSPC) {
			piece = piece[:len(piece)/2]
		} else if err != nil {
			d.Fatal(err)
		}
	}
	if i, err := f.Stat(); err != nil || f.Truncate(max(0, i.Size()-but)) != nil {
		d.Fatal("the disk cannot be filled", err)
	}
}

func (d *disk) free() { _ = os.Remove(filepath.Join(d.dir, "filler")) }

// own makes a house whose database and files lie on d.
func (d *disk) own(bin string) *house {
	return settle(d.T, &house{engine: store.SQLite, bin: bin, dsn: filepath.Join(d.dir, "baqylau.db"), data: d.dir, box: newMailbox(d.T)})
}

func TestTheDiskIsFull(t *testing.T) {
	d := memory(t, "120m")
	x := befall(t, d.own(build(t)))
	for range 3 {
		d.fill(0)
		x.until("healthz goes red", func() bool { return x.house.healthy() == http.StatusServiceUnavailable })
		x.clear(http.MethodPost, "error.disk_full")
		x.read()
		d.free()
		x.until("healthz goes green", func() bool { return x.house.healthy() == http.StatusOK })
		n := x.acked()
		x.until("reports are taken again", func() bool { return x.acked() > n+20 })
	}
	x.none()
	x.over()
}

// What needs more room than there is, is refused whole by the name of the trouble, while small reports are still taken.
func TestAFileOrBackupThatDoesNotFit(t *testing.T) {
	d := memory(t, "120m")
	x := befall(t, d.own(build(t)))
	d.fill(600 << 10)
	if _, a := x.house.upload(x.ledger, 20_000); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, locale.TIn(baqylau.English, "error.disk_full")) {
		t.Errorf("a file that does not fit: %d %s %v", a.status, end(a.body, 2000), a.err)
	}
	if files, err := os.ReadDir(filepath.Join(d.dir, "imports")); err == nil && len(files) > 0 {
		t.Errorf("half a file stays: %v", files)
	}
	if n := x.house.figure(t, "SELECT count(*) FROM batch"); n != 0 {
		t.Errorf("%d imports of a file that was refused", n)
	}
	to := filepath.Join(d.dir, "centre.backup")
	c := exec.CommandContext(ctx, x.house.bin, "backup", "--db", x.house.dsn, to) //nolint:gosec // the program under test
	c.Env = append(os.Environ(), "BAQYLAU_LANG=en")
	if out, err := c.CombinedOutput(); err == nil || !strings.Contains(string(out), locale.TIn(baqylau.English, "error.disk_full")) {
		t.Errorf("a backup that does not fit: %v %s", err, out)
	}
	if left, _ := filepath.Glob(filepath.Join(d.dir, "*backup*")); len(left) > 0 {
		t.Errorf("half a backup stays: %v", left)
	}
	if left, _ := filepath.Glob(filepath.Join(d.dir, ".backup*")); len(left) > 0 {
		t.Errorf("half a backup stays: %v", left)
	}
	d.free()
	x.over()
}

// The kernel makes a failing disk read-only under the working program. Reading goes on; once the disk is repaired the program is started again, because its files are those
// of the disk as it was.
func TestTheDiskTurnsReadOnly(t *testing.T) {
	image := filepath.Join(t.TempDir(), "disk")
	if out, err := exec.CommandContext(ctx, "sh", "-c", "truncate -s 160M "+image+" && mkfs.ext4 -q "+image).CombinedOutput(); err != nil { //nolint:gosec // a name of our own
		t.Skipf("no disk can be made: %v %s", err, out)
	}
	d := newDisk(t, "-o", "loop,errors=remount-ro", image)
	x := befall(t, d.own(build(t)))
	d.breaks()
	x.until("healthz goes red", func() bool { return x.house.healthy() == http.StatusServiceUnavailable })
	x.clear(http.MethodPost, "error.disk_read_only", "error.disk")
	x.read()
	x.house.kill()
	for _, step := range [][]string{{"umount", d.dir}, {"e2fsck", "-fy", image}, {"mount", "-o", "loop", image, d.dir}} {
		if out, err := exec.CommandContext(ctx, step[0], step[1:]...).CombinedOutput(); err != nil && step[0] != "e2fsck" { //nolint:gosec // as above; e2fsck ends with 1 when it has repaired
			t.Fatalf("%v: %v %s", step, err, out)
		}
	}
	x.house.start(t)
	x.none()
	x.over()
}

// breaks tells the kernel that the disk has an error.
func (d *disk) breaks() {
	d.Helper()
	out, err := exec.CommandContext(ctx, "findmnt", "-no", "SOURCE", d.dir).Output()
	if err != nil {
		d.Skipf("which device it is cannot be told: %v", err)
	}
	if err := os.WriteFile("/sys/fs/ext4/"+filepath.Base(strings.TrimSpace(string(out)))+"/trigger_fs_error", []byte("1"), 0o200); err != nil {
		d.Skipf("the kernel cannot be told of an error: %v", err)
	}
}

func TestPostgresHasAFullDisk(t *testing.T) {
	d := memory(t, "160m")
	x := befall(t, centre(t, build(t), newCluster(t, d.dir, t.TempDir())))                                               // where its log of changes is full, PostgreSQL stops
	small := memory(t, "1m")                                                                                             // while there is room for PostgreSQL, but none for its backup
	c := exec.CommandContext(ctx, x.house.bin, "backup", "--db", x.house.dsn, filepath.Join(small.dir, "centre.backup")) //nolint:gosec // the program under test
	c.Env = append(os.Environ(), "BAQYLAU_LANG=en")
	small.fill(8 << 10)
	if out, err := c.CombinedOutput(); err == nil || !strings.Contains(string(out), locale.TIn(baqylau.English, "error.disk_full")) {
		t.Errorf("a backup that does not fit: %v %s", err, out)
	}
	d.fill(0)
	x.clear(http.MethodPost, "error.disk_full")
	x.read()
	d.free()
	x.until("healthz goes green", func() bool { return x.house.healthy() == http.StatusOK })
	x.none()
	x.over()
}

// read looks whether people can go on reading.
func (x *trouble) read() {
	x.Helper()
	if a := x.house.do("officer", http.MethodGet, "/signals", nil); a.status != http.StatusOK {
		x.Errorf("nobody can read meanwhile: %d %s", a.status, end(a.body, 1000))
	}
}
