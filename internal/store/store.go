// Package store opens the one database of the node, SQLite inside the process or PostgreSQL beside it, and brings it to the
// current schema. Everything above it writes the same SQL for both engines: identifiers and dates are TEXT, instants are
// BIGINT microseconds since 1970 UTC, documents are JSON in TEXT, flags are BOOLEAN.
package store

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	sqlite "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database. Write holds exactly one connection on SQLite, because a second writer makes job inserts wait
// for lock time-outs (630 ms against 25 ms measured); Read holds read-only connections. On PostgreSQL both are one pool.
type DB struct {
	Engine Engine
	Write  *bun.DB
	Read   *bun.DB
	Pool   *pgxpool.Pool // PostgreSQL only; the job workers listen on it
	plain  *pgxpool.Pool // PostgreSQL only; that of Write and Read
}

// Open opens dsn: "postgres://…" for PostgreSQL, anything else is the path of a SQLite file, created if missing (its folder too).
// It does not migrate. Errors: Unavailable when the database cannot be reached or opened.
func Open(ctx context.Context, dsn string) (*DB, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return openPostgres(ctx, dsn)
	}
	return openSQLite(ctx, dsn)
}

func openPostgres(ctx context.Context, dsn string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, baqylau.E(baqylau.Invalid, "error.db_address").Because(errors.New("unreadable PostgreSQL address")) // pgx's own text may hold the password
	}
	cfg.MaxConns = max(cfg.MaxConns, 12)
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = connectTimeout
		cfg.ConnConfig.DialFunc = dial
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, unavailable(err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, unavailable(err)
	}
	var fsync, commit string
	if err := pool.QueryRow(ctx, "SELECT current_setting('fsync'), current_setting('synchronous_commit')").Scan(&fsync, &commit); err != nil {
		pool.Close()
		return nil, unavailable(err)
	}
	if (fsync != "on" || commit == "off") && os.Getenv("BAQYLAU_ALLOW_UNSAFE_PG") == "" {
		pool.Close()
		return nil, baqylau.E(baqylau.Unavailable, "error.db_unsafe", "fsync", fsync, "commit", commit)
	}
	// bun writes the values into its statements, so that hardly two are the same: to prepare each and to remember it would be a second round trip for every query.
	cfg = cfg.Copy()
	cfg.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	cfg.ConnConfig.StatementCacheCapacity = max(cfg.ConnConfig.StatementCacheCapacity, keptMost)
	cfg.AfterConnect = alone
	plain, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		pool.Close()
		return nil, unavailable(err)
	}
	db := bun.NewDB(stdlib.OpenDBFromPool(plain), pgdialect.New())
	return &DB{Engine: Postgres, Write: db, Read: db, Pool: pool, plain: plain}, nil
}

// alone keeps a question in its own process. Every page is a few milliseconds for one process; at a million reports the server's estimates called for two more, and for machine code,
// which took it 60 ms to get (a thousand rows of a list: 69 ms with them, 3 ms without), and took the cores from other readers.
func alone(ctx context.Context, conn *pgx.Conn) error {
	return conn.PgConn().Exec(ctx, "SET max_parallel_workers_per_gather = 0; SET jit = off").Close()
}

// A connection whose other end has gone without a word (a cut cable, a firewall that forgot it) is found dead within about 20 s, while the system's own bounds are
// a quarter of an hour for unanswered data and two hours for silence.
const connectTimeout = 5 * time.Second

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: connectTimeout, KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 8 * time.Second, Interval: 4 * time.Second, Count: 3}, Control: giveUp}
	return d.DialContext(ctx, network, address)
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, unavailable(err)
	}
	pragmas := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "busy_timeout(10000)",
		"temp_store(MEMORY)", "cache_size(-16000)", // twice that in memory: the allocator rounds a page and its header up to 8 kB
		"wal_autocheckpoint(8000)"}} // 32 MB of log: under load a page is then copied back once instead of many times
	w := url.Values{"_txlock": {"immediate"}, "_pragma": pragmas["_pragma"]}
	r := url.Values{"mode": {"ro"}, "_pragma": slices.Concat([]string{"query_only(1)"}, pragmas["_pragma"][2:], []string{"cache_size(-4000)"})} // there are eight readers; what they do not keep the system does
	wdb, err := sql.Open("sqlite", address(path, w))
	if err != nil {
		return nil, unavailable(err)
	}
	wdb.SetMaxOpenConns(1)
	wdb.SetConnMaxLifetime(0)
	if err := wdb.PingContext(ctx); err != nil {
		_ = wdb.Close()
		return nil, unavailable(err)
	}
	rdb, err := sql.Open("sqlite", address(path, r))
	if err != nil {
		_ = wdb.Close()
		return nil, unavailable(err)
	}
	rdb.SetMaxOpenConns(8)
	rdb.SetMaxIdleConns(8)
	return &DB{Engine: SQLite, Write: bun.NewDB(wdb, sqlitedialect.New()), Read: bun.NewDB(rdb, sqlitedialect.New())}, nil
}

// address is the URI of a SQLite file (sqlite.org/uri.html). What means something in a URI is escaped in the path, or "a#b.db" would open a file "a" and "50%25.db" another.
func address(path string, options url.Values) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(path)) + "?" + options.Encode()
}

// looked are the columns by which an import's rows are found. Texts and the words in them are left to PostgreSQL's own round: they were half of the work.
const looked = `report (id, source_id, source_ref, batch_id, hidden, occurrence_id, state, kind, org_id, country, region, occurred_on, known_on, recorded_at, superseded_on),
	occurrence (id, country, region, occurred_on, known_on, recorded_at, merged_into, batch_id, only_source), finding (report_id, substance_id, family, known_on, superseded_on, since_on), series_delta`

// Optimise looks at what the tables hold now, so that the engine chooses indexes by it: without, SQLite read every finding of a substance for a query of one
// week of one region, and PostgreSQL, whose own round comes a minute later, compared a new import row by row. Both take samples.
func (db *DB) Optimise(ctx context.Context) error {
	look := []string{"PRAGMA analysis_limit = 1000", "PRAGMA optimize = 0x10002"} // 0x10000: also tables never looked at
	if db.Engine == Postgres {
		look = []string{"SET LOCAL default_statistics_target = 25", "ANALYZE " + looked} // 7,500 rows of each; its own round takes 30,000
	}
	return db.Write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, sql := range look {
			if _, err := tx.ExecContext(ctx, sql); err != nil {
				return unavailable(err)
			}
		}
		if db.Engine == SQLite {
			return forgetSmall(ctx, tx)
		}
		return nil
	})
}

// forgetSmall takes back what was learnt of a table that imports fill while it has less than a thousand rows. SQLite believes its numbers however much comes after: of a table that had a dozen
// rows when the program started, it read every row for each row of the first import, beside every row of the next table.
func forgetSmall(ctx context.Context, tx bun.Tx) error {
	var kept []string
	if err := tx.NewRaw("SELECT name FROM sqlite_schema WHERE name IN ('sqlite_stat1', 'sqlite_stat4')").Scan(ctx, &kept); err != nil {
		return unavailable(err)
	}
	slices.Sort(kept)
	for _, table := range slices.Backward(kept) { // stat1 last: it has the numbers
		if _, err := tx.NewRaw("DELETE FROM ? WHERE tbl IN ('report', 'occurrence', 'finding', 'series_delta', 'search_row', 'search_word') AND tbl NOT IN (SELECT tbl FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) >= 1000)",
			bun.Ident(table)).Exec(ctx); err != nil {
			return unavailable(err)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "ANALYZE sqlite_schema"); err != nil { // reads what is left
		return unavailable(err)
	}
	return nil
}

// Close closes every connection.
func (db *DB) Close() error {
	err := db.Write.Close()
	if db.Read != db.Write {
		err = errors.Join(err, db.Read.Close())
	}
	if db.Pool != nil {
		db.Pool.Close()
		db.plain.Close()
	}
	return err
}

func unavailable(err error) error { return baqylau.E(baqylau.Unavailable, "error.db").Because(err) }

func init() { uuid.EnableRandPool() } // an import takes many identifiers; a system call for each was a tenth of its cost

// NewID returns a fresh UUIDv7, whose order is roughly that of creation, so that indexes grow at their end.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Micros is t as stored: microseconds since 1970 UTC, 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time reads what Micros wrote; zero gives the zero time.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// NullDate is d as a column value: ISO text, or NULL for the unknown date.
func NullDate(d baqylau.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.String()
}

// Null is s as a column value: NULL for the empty text.
func Null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// IsUnique reports whether err is a violated UNIQUE or PRIMARY KEY constraint on either engine.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// IsMistyped reports whether err says that a value is not of the type it is compared with; SQLite compares values of any types.
func IsMistyped(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "22") || strings.HasPrefix(pg.Code, "42"))
}

// One turns "no rows" into a NotFound error that says nothing about why, and passes other errors on.
func One(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	return err
}

// Changed is the error of a statement that must have met a row: NotFound when it met none.
func Changed(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return One(sql.ErrNoRows)
}

// In expands a list into "?,?,?" and its arguments, for an IN clause; an empty list gives "NULL", which matches nothing.
func In(values []string) (string, []any) {
	if len(values) == 0 {
		return "NULL", nil
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return strings.TrimSuffix(strings.Repeat("?,", len(values)), ","), args
}
