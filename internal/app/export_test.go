package app

import (
	"net/http"
	"time"
)

// Site is the whole site without its listener, for tests that stand around it.
func (a *App) Site() http.Handler { return a.handler() }

// Deadlines are those of the server: for the header of a request, its body, the answer, and a connection that is not used.
func (a *App) Deadlines() (header, body, answer, idle time.Duration) {
	return a.server.ReadHeaderTimeout, a.server.ReadTimeout, a.server.WriteTimeout, a.server.IdleTimeout
}
