package main

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check that no entry was altered, removed or reordered."`
}

type auditVerifyCmd struct {
	database
	JSON   bool   `name:"json" help:"Print the result as JSON."`
	Heads  string `help:"Folder with heads kept outside the database; heads/ in the data folder by default." type:"path" env:"BAQYLAU_HEADS"`
	Signer string `help:"Public key of the node that signed the heads, hexadecimal; that of the node key in the data folder by default." placeholder:"HEX"`
}

// outside are the heads and the key to check them by. They are read before the chain, which may grow meanwhile.
func (c *auditVerifyCmd) outside() (heads []audit.Head, key ed25519.PublicKey, err error) {
	data := dataDir(c.DB)
	if c.Heads == "" {
		c.Heads = filepath.Join(data, "heads")
	}
	if heads, err = audit.Heads(c.Heads); err != nil || len(heads) == 0 {
		return nil, nil, err
	}
	if c.Signer != "" {
		if key, err = hex.DecodeString(c.Signer); err != nil || len(key) != ed25519.PublicKeySize {
			return nil, nil, baqylau.E(baqylau.Invalid, "audit.signer")
		}
		return heads, key, nil
	}
	if key, err = app.HeadKey(data); err != nil {
		return nil, nil, err
	}
	return heads, key, nil
}

// Run opens the database without migrating it: a journal under suspicion is not to be written to.
func (c *auditVerifyCmd) Run(r *run) (err error) {
	db, err := store.Open(r.ctx, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	heads, key, err := c.outside()
	if err != nil {
		return err
	}
	rep, err := audit.VerifyOutside(r.ctx, db.Read, heads, key)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(r.out).Encode(rep); err != nil {
			return err
		}
	} else if rep.OK {
		fmt.Fprintln(r.out, locale.T(r.ctx, "audit.ok", "Entries", locale.Int(r.ctx, rep.Entries), "Head", rep.Head))
		if rep.Outside > 0 {
			fmt.Fprintln(r.out, locale.T(r.ctx, "audit.outside", "Seq", locale.Int(r.ctx, rep.Outside), "Key", hex.EncodeToString(key)))
		} else {
			fmt.Fprintln(r.out, locale.T(r.ctx, "audit.no_outside", "Dir", c.Heads))
		}
	}
	if !rep.OK {
		return baqylau.E(baqylau.Conflict, "audit.broken."+rep.Fault, "Seq", rep.BadSeq, "Kept", locale.DateTime(r.ctx, rep.Kept))
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
