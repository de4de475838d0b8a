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
	To  string `arg:"" help:"File to write; it must not exist."`
	Key string `help:"Key file that seals the backup: at least 32 bytes that nobody can guess." placeholder:"FILE" env:"BAQYLAU_BACKUP_KEY"`
}

func (c *backupCmd) Run(r *run) (err error) {
	key, err := backup.ReadKey(c.Key)
	if err != nil {
		return err
	}
	db, err := store.Open(r.ctx, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	n, err := backup.Write(r.ctx, db, c.DB, c.To, key)
	if err != nil {
		return err
	}
	fmt.Fprintln(r.out, locale.T(r.ctx, "cli.backup.done", "File", c.To, "Bytes", n))
	return nil
}

type restoreCmd struct {
	database
	From string `arg:"" help:"Backup file." type:"existingfile"`
	Key  string `help:"Key file by which the backup was sealed." placeholder:"FILE" env:"BAQYLAU_BACKUP_KEY"`
}

func (c *restoreCmd) Run(r *run) error {
	key, err := backup.ReadKey(c.Key)
	if err != nil {
		return err
	}
	f, err := os.Open(c.From)
	if err != nil {
		return err
	}
	defer f.Close()
	rep, err := backup.Restore(r.ctx, f, c.DB, key)
	if err != nil {
		return err
	}
	fmt.Fprintln(r.out, locale.T(r.ctx, "cli.restore.done", "Entries", rep.Entries, "Head", rep.Head))
	return nil
}
