package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check that no entry was altered, removed or reordered."`
}

type auditVerifyCmd struct {
	database
	JSON bool `name:"json" help:"Print the result as JSON."`
}

// Run opens the database without migrating it: a journal under suspicion is not to be written to.
func (c *auditVerifyCmd) Run(r *run) (err error) {
	db, err := store.Open(r.ctx, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rep, err := audit.Verify(r.ctx, db.Read)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(r.out).Encode(rep); err != nil {
			return err
		}
	} else if rep.OK {
		fmt.Fprintln(r.out, locale.T(r.ctx, "audit.ok", "Entries", locale.Int(r.ctx, rep.Entries), "Head", rep.Head))
	}
	if !rep.OK {
		return baqylau.E(baqylau.Conflict, "audit.broken."+rep.Fault, "Seq", rep.BadSeq)
	}
	return nil
}

type migrateCmd struct {
	database
}

func (c *migrateCmd) Run(r *run) (err error) {
	a, err := c.open(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(r.ctx)) }()
	v, err := a.DB.Version(r.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(r.out, locale.T(r.ctx, "cli.migrated", "Version", v))
	return nil
}
