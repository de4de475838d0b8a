package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/baqylau/baqylau/internal/backup"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

type backupCmd struct {
	database
	To string `arg:"" help:"File to write; it must not exist."`
}

func (c *backupCmd) Run(r *run) (err error) {
	db, err := store.Open(r.ctx, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	n, err := backup.Write(r.ctx, db, c.DB, c.To)
	if err != nil {
		return err
	}
	fmt.Fprintln(r.out, locale.T(r.ctx, "cli.backup.done", "File", c.To, "Bytes", n))
	return nil
}

type restoreCmd struct {
	database
	From string `arg:"" help:"Backup file." type:"existingfile"`
}

func (c *restoreCmd) Run(r *run) error {
	f, err := os.Open(c.From)
	if err != nil {
		return err
	}
	defer f.Close()
	rep, err := backup.Restore(r.ctx, f, c.DB)
	if err != nil {
		return err
	}
	fmt.Fprintln(r.out, locale.T(r.ctx, "cli.restore.done", "Entries", rep.Entries, "Head", rep.Head))
	return nil
}
