// Command baqylau is the whole product: the server, the demonstration, and the tools of operators and analysts.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// cli is every command with its flags; values come from flags, then BAQYLAU_… variables, then the YAML file of --config.
type cli struct {
	Config kong.ConfigFlag `help:"YAML file with values of flags." placeholder:"FILE"`
	Lang   string          `help:"Language of messages: kk, ru or en." env:"BAQYLAU_LANG" default:"en" enum:"kk,ru,en"`

	Serve      serveCmd      `cmd:"" help:"Serve the centre's workspace."`
	Demo       demoCmd       `cmd:"" help:"Prepare and serve the demonstration workspace."`
	Migrate    migrateCmd    `cmd:"" help:"Bring a database to the current schema and load what ships with the product."`
	Import     importCmd     `cmd:"" help:"Import a CSV or XLSX file by a mapping."`
	Undo       undoCmd       `cmd:"" help:"Take an import back."`
	Recognise  recogniseCmd  `cmd:"" help:"Recognise substances in texts, one per line."`
	Replay     replayCmd     `cmd:"" help:"Run history forward week by week with only what was known then."`
	Detect     detectCmd     `cmd:"" help:"Run the detectors now and print the signals raised."`
	Aberration aberrationCmd `cmd:"" help:"Run detectors on cases of count series and print what they say."`
	Epi        epiCmd        `cmd:"" help:"Estimates: surveys, population sizes, rates, wastewater."`
	Disclose   discloseCmd   `cmd:"" help:"Decide which cells of published tables stay hidden, so that no small count can be computed."`
	User       userCmd       `cmd:"" help:"Accounts: add, list, reset, disable."`
	Audit      auditCmd      `cmd:"" help:"The journal: verify its chain."`
	Backup     backupCmd     `cmd:"" help:"Write a copy of the database while it is in use."`
	Restore    restoreCmd    `cmd:"" help:"Put a backup in place of a database that is not in use."`
	Export     exportCmd     `cmd:"" help:"Export reports, occurrences, series or signals as CSV or JSON lines."`
	Licences   licencesCmd   `cmd:"" help:"Print the notice of the product and the licences of everything inside it."`
}

// run is what every command gets: where to write, how to speak, when to stop.
type run struct {
	ctx         context.Context
	out, errOut io.Writer
	in          io.Reader
	log         *slog.Logger
}

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// garbage is how much may lie about beside what is in use, in percent of it, before it is collected. The program shares a modest server with its database: at Go's 100 an import
// of three million records took 215 MB at most, at 50 it takes 188 and a twentieth more time.
const garbage = 50

// Main runs one command and returns its exit code: 0 done, 2 for bad input (one sentence that says what, where and what to do; nothing
// changed), 1 for anything else.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	exited := -1
	p, err := kong.New(&c, kong.Name("baqylau"), kong.Description("Early warning system and drug monitoring centre in one binary."), kong.DefaultEnvars("BAQYLAU"),
		kong.Configuration(yamlFile), kong.Writers(out, errOut), kong.Exit(func(code int) { exited = code }), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(errOut, err)
		return 1
	}
	k, err := p.Parse(args)
	if exited >= 0 {
		return exited
	}
	l, _ := baqylau.ParseLang(c.Lang) // the enum has checked it
	r := &run{ctx: locale.With(ctx, l), out: out, errOut: errOut, in: in, log: slog.New(slog.NewTextHandler(errOut, nil))}
	if own := (*baqylau.Error)(nil); errors.As(err, &own) {
		return r.finish(own)
	}
	if err != nil {
		fmt.Fprintln(errOut, "baqylau:", err)
		return 2
	}
	return r.finish(k.Run(r))
}

// finish prints a failure in one sentence and chooses the exit code.
func (r *run) finish(err error) int {
	err = store.Outage(err)
	switch baqylau.CodeOf(err) {
	case "":
		return 0
	case baqylau.Invalid, baqylau.NotFound, baqylau.Conflict, baqylau.TooMany:
		var es baqylau.Errors
		if errors.As(err, &es) {
			for _, e := range es {
				fmt.Fprintln(r.errOut, "baqylau:", locale.Err(r.ctx, e))
			}
			return 2
		}
		fmt.Fprintln(r.errOut, "baqylau:", locale.Err(r.ctx, err))
		return 2
	case baqylau.Internal:
		if errors.Is(err, context.Canceled) {
			return 1
		}
		fmt.Fprintln(r.errOut, "baqylau:", err)
		return 1
	}
	fmt.Fprintln(r.errOut, "baqylau:", locale.Err(r.ctx, err))
	return 1
}

// database is the flag of every command that works on one.
type database struct {
	DB string `help:"PostgreSQL address (postgres://…) or path of the SQLite file; var/baqylau.db by default." env:"BAQYLAU_DB"`
}

// Where the SQLite file lies when nobody says, and where it lay in early versions.
const (
	usualDB = "var/baqylau.db"
	oldDB   = "data/baqylau.db"
)

// AfterApply fills in the usual place. A centre that worked in the old one must not find itself in an empty database after an upgrade.
func (d *database) AfterApply() error {
	if d.DB != "" {
		return nil
	}
	d.DB = usualDB
	if exists(oldDB) && !exists(usualDB) {
		return baqylau.E(baqylau.Conflict, "cli.old_place", "Old", oldDB, "New", usualDB)
	}
	return nil
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// open opens the database with every room built on it and nothing served.
func (d database) open(r *run) (*app.App, error) {
	return app.Open(r.ctx, app.Config{DB: d.DB, DataDir: dataDir(d.DB), Log: r.log})
}

// dataDir is the folder of the node key and of files in work: that of the SQLite file, or BAQYLAU_DATA beside a PostgreSQL.
func dataDir(db string) string {
	if dir := os.Getenv("BAQYLAU_DATA"); dir != "" {
		return dir
	}
	if filepath.Ext(db) != "" && !isPostgres(db) {
		return filepath.Dir(db)
	}
	return "var"
}
