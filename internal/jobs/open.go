package jobs

import "github.com/baqylau/baqylau/internal/store"

// Open is the SQL query of what the argument arg says in each job of a kind that is still to be done or being done.
func Open(e store.Engine, kind, arg string) string {
	value := "json_extract(j.args, '$." + arg + "')"
	if e == store.Postgres {
		value = "j.args ->> '" + arg + "'"
	}
	return "SELECT " + value + " FROM river_job j WHERE j.kind = '" + kind + "' AND j.state NOT IN ('completed', 'cancelled', 'discarded')"
}
