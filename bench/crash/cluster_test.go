//go:build soak

package crash

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// cluster is a PostgreSQL of a test's own, which may be killed.
type cluster struct {
	*testing.T
	dir  string
	port int
	as   *syscall.SysProcAttr
}

// newCluster makes one in dir and starts it; its log of changes lies in another folder where one is named.
func newCluster(t *testing.T, dir string, wal ...string) *cluster {
	t.Helper()
	c := &cluster{T: t, dir: filepath.Join(dir, "pg"), port: freePort(t)}
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var options []string
	for _, w := range wal {
		options = append(options, "--waldir="+w)
	}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Skip("PostgreSQL does not run as root and there is no account postgres")
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		c.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}} //nolint:gosec // numbers of the system
		for _, d := range append(wal, c.dir) {
			if err := os.Chown(d, uid, gid); err != nil {
				t.Fatal(err)
			}
		}
		for d := dir; d != "/" && d != os.TempDir(); d = filepath.Dir(d) { // that account has to pass through the test's folder
			_ = os.Chmod(d, 0o711) //nolint:gosec // names only
		}
	}
	c.run("initdb", append(options, "-D", c.dir+"/data", "-U", "baqylau", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")...)
	c.start()
	t.Cleanup(func() { c.kill() })
	c.run("createdb", "-h", "127.0.0.1", "-p", strconv.Itoa(c.port), "-U", "baqylau", "centre")
	return c
}

func (c *cluster) dsn() string { return c.at(c.port) }

func (c *cluster) at(port int) string {
	return fmt.Sprintf("postgres://baqylau@127.0.0.1:%d/centre?sslmode=disable", port)
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(bins) > 0 {
		name = bins[len(bins)-1]
	} else if _, err := exec.LookPath(name); err != nil {
		c.Skipf("PostgreSQL is not installed: %v", err)
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.SysProcAttr = c.dir, c.as
	return cmd
}

func (c *cluster) run(name string, args ...string) {
	c.Helper()
	cmd := c.command(name, args...)
	if name == "pg_ctl" { // the server it leaves behind would hold our pipe
		if err := cmd.Run(); err != nil {
			log, _ := os.ReadFile(c.dir + "/log")
			c.Fatalf("%s: %v\n%s", name, err, log)
		}
		return
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		c.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func (c *cluster) start() {
	c.Helper()
	c.run("pg_ctl", "-D", c.dir+"/data", "-l", c.dir+"/log", "-w", "-t", "60", "-o", "-c listen_addresses=127.0.0.1 -p "+strconv.Itoa(c.port)+" -c unix_socket_directories= -c max_connections=100", "start")
}

// kill ends every process of the cluster at once, as a power cut would.
func (c *cluster) kill() {
	b, err := os.ReadFile(c.dir + "/data/postmaster.pid")
	if err != nil {
		return
	}
	line, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		return
	}
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	_ = syscall.Kill(pid, syscall.SIGKILL)
	for _, f := range strings.Fields(string(children)) {
		if child, err := strconv.Atoi(f); err == nil {
			_ = syscall.Kill(child, syscall.SIGKILL)
		}
	}
	for range 200 {
		if syscall.Kill(pid, 0) != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// say runs one statement on the cluster.
func (c *cluster) say(statement string) {
	c.Helper()
	c.run("psql", "-h", "127.0.0.1", "-p", strconv.Itoa(c.port), "-U", "baqylau", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", statement)
}
