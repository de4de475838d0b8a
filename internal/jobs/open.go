package jobs

import "github.com/baqylau/baqylau/internal/store"

// Open is the SQL query of what the argument arg says in each job of a kind that is still to be done or being done.
func Open(e store.Engine, kind, arg string) string {
	return "SELECT " + argument(e, arg) + " FROM river_job j WHERE j.kind = '" + kind + "' AND j.state NOT IN ('completed', 'cancelled', 'discarded')"
}

// argument is the SQL expression of what the argument arg of job j says.
func argument(e store.Engine, arg string) string {
	if e == store.Postgres {
		return "j.args ->> '" + arg + "'"
	}
	return "json_extract(j.args, '$." + arg + "')"
}
