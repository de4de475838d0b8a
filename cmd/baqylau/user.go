package main

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/locale"
)

type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Add an account; the first administrator is made so."`
	List    userListCmd    `cmd:"" help:"List accounts."`
	Reset   userResetCmd   `cmd:"" help:"Give an account a new password and end its sessions."`
	Disable userDisableCmd `cmd:"" help:"Close an account and end its sessions."`
}

type userAddCmd struct {
	database
	Login    string   `arg:"" help:"E-mail address."`
	Name     string   `help:"Name of the person." required:""`
	Role     []string `help:"Roles, for example administrator." required:""`
	Org      string   `help:"Code of the organisation." default:"monitoring_centre"`
	Password bool     `help:"Read the password from the first line of standard input; otherwise one is made and printed."`
}

// withApp opens the database for one act on accounts.
func (d database) withApp(r *run, fn func(a *app.App) error) (err error) {
	a, err := d.open(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(r.ctx)) }()
	return fn(a)
}

// password is the first line of standard input, or a fresh one of 26 letters and digits (130 bits).
func (r *run) password(given bool) (string, error) {
	if !given {
		return strings.ToLower(rand.Text()), nil
	}
	line, err := bufio.NewReader(r.in).ReadString('\n')
	if line == "" && err != nil {
		return "", baqylau.E(baqylau.Invalid, "error.required").On("password")
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func (c *userAddCmd) Run(r *run) error {
	roles := make([]access.Role, len(c.Role))
	for i, s := range c.Role {
		roles[i] = access.Role(s)
	}
	pw, err := r.password(c.Password)
	if err != nil {
		return err
	}
	return c.withApp(r, func(a *app.App) error {
		acc, err := account.Add(r.ctx, a.Writer, account.NewAccount{Login: c.Login, Name: c.Name, Org: c.Org, Roles: roles, Lang: locale.Lang(r.ctx), Password: pw})
		if err != nil {
			return err
		}
		shown := pw
		if c.Password {
			shown = "***"
		}
		fmt.Fprintln(r.out, locale.T(r.ctx, "cli.user.added", "Login", acc.Login, "Password", shown))
		return nil
	})
}

type userListCmd struct {
	database
	JSON bool `name:"json" help:"Print JSON lines."`
}

func (c *userListCmd) Run(r *run) error {
	return c.withApp(r, func(a *app.App) error {
		list, err := account.List(r.ctx, a.DB.Read)
		if err != nil {
			return err
		}
		enc := json.NewEncoder(r.out)
		for _, x := range list {
			if c.JSON {
				if err := enc.Encode(map[string]any{"login": x.Login, "name": x.Name, "state": x.State, "roles": x.Roles, "organisation": x.OrgID}); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(r.out, "%-34s %-10s %v\n", x.Login, x.State, x.Roles)
		}
		return nil
	})
}

type userResetCmd struct {
	database
	Login    string `arg:"" help:"E-mail address."`
	Password bool   `help:"Read the password from the first line of standard input; otherwise one is made and printed."`
}

func (c *userResetCmd) Run(r *run) error {
	pw, err := r.password(c.Password)
	if err != nil {
		return err
	}
	return c.withApp(r, func(a *app.App) error {
		if err := account.ResetPassword(r.ctx, a.Writer, c.Login, pw); err != nil {
			return err
		}
		if !c.Password {
			fmt.Fprintln(r.out, pw)
		}
		return nil
	})
}

type userDisableCmd struct {
	database
	Login string `arg:"" help:"E-mail address."`
}

func (c *userDisableCmd) Run(r *run) error {
	return c.withApp(r, func(a *app.App) error { return account.Disable(r.ctx, a.Writer, c.Login) })
}
