package backup

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
)

// Nightly is the backup that the program makes by itself, each sealed and read back before it counts.
type Nightly struct {
	DSN  string
	Dir  string         // where the files go; none are made while it is empty
	Key  Key            // that seals them
	At   time.Duration  // after midnight in Zone
	Keep int            // how many files stay
	Zone *time.Location // the centre's
}

// lateAfter is how old the last good backup may be: a day, and two hours for making the next one.
const lateAfter = 26 * time.Hour

const (
	nightlyName = "baqylau-"
	nightlyEnd  = ".backup"
	nightlyTime = "20060102T150405Z"
)

// Run makes the backup that is due by now, if one is, and returns its file name. Codes: Unavailable for disk or database.
func (n Nightly) Run(ctx context.Context, now time.Time) (name string, err error) {
	defer baqylau.Wrap(&err, "backup.Nightly")
	if n.Last(now).Compare(n.due(now)) >= 0 {
		return "", nil
	}
	if err := os.MkdirAll(n.Dir, 0o700); err != nil {
		return "", disk(err)
	}
	n.sweep()
	db, err := store.Open(ctx, n.DSN) // connections of its own, so that nobody waits for them
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	name = filepath.Join(n.Dir, nightlyName+now.UTC().Format(nightlyTime)+nightlyEnd)
	making := name + ".making" // it has its name when it is known to be good
	if _, err := Write(ctx, db, n.DSN, making, n.Key); err != nil {
		return "", err
	}
	if err := Check(making, n.Key); err != nil {
		return "", errors.Join(err, os.Remove(making))
	}
	if err := os.Rename(making, name); err != nil {
		return "", baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	return name, n.thin()
}

// due is the last moment at which a backup had to be begun.
func (n Nightly) due(now time.Time) time.Time {
	l := now.In(n.zone())
	at := time.Date(l.Year(), l.Month(), l.Day(), 0, 0, 0, 0, n.zone()).Add(n.At)
	if at.After(now) {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

func (n Nightly) zone() *time.Location {
	if n.Zone == nil {
		return time.UTC
	}
	return n.Zone
}

// files are the good backups with their moments, oldest first.
func (n Nightly) files() (list []nightlyFile) {
	entries, err := os.ReadDir(n.Dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		s, begins := strings.CutPrefix(e.Name(), nightlyName)
		s, ends := strings.CutSuffix(s, nightlyEnd)
		if at, err := time.Parse(nightlyTime, s); begins && ends && err == nil {
			list = append(list, nightlyFile{e.Name(), at})
		}
	}
	slices.SortFunc(list, func(a, b nightlyFile) int { return cmp.Compare(a.at.Unix(), b.at.Unix()) })
	return list
}

type nightlyFile struct {
	name string
	at   time.Time
}

// Last is when the newest good backup was begun; zero when there is none. One of a future day, made while the clock was wrong, is not counted.
func (n Nightly) Last(now time.Time) (at time.Time) {
	for _, f := range n.files() {
		if !f.at.After(now) {
			at = f.at
		}
	}
	return at
}

// Late tells whether the last good backup is too old.
func (n Nightly) Late(now time.Time) bool { return now.Sub(n.Last(now)) > lateAfter }

// thin removes the oldest files beyond Keep.
func (n Nightly) thin() error {
	list := n.files()
	for len(list) > max(1, n.Keep) {
		if err := os.Remove(filepath.Join(n.Dir, list[0].name)); err != nil {
			return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
		}
		list = list[1:]
	}
	return nil
}

// sweep removes what a backup left that was broken off.
func (n Nightly) sweep() {
	for _, pattern := range []string{".backup-*", nightlyName + "*" + nightlyEnd + ".making"} {
		entries, _ := os.ReadDir(n.Dir)
		for _, e := range entries {
			if ok, _ := filepath.Match(pattern, e.Name()); ok {
				_ = os.RemoveAll(filepath.Join(n.Dir, e.Name()))
			}
		}
	}
}

// Check reads a backup to its end and compares it with its digest, without putting it anywhere. Codes: Invalid with the name of the damage, as Restore.
func Check(name string, key Key) (err error) {
	f, err := os.Open(name)
	if err != nil {
		return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	defer f.Close()
	r, err := key.open(f)
	if err != nil {
		return err
	}
	_, err = unpack(r, io.Discard)
	return err
}
