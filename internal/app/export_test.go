package app

import "net/http"

// Site is the whole site without its listener, for tests that stand around it.
func (a *App) Site() http.Handler { return a.handler() }
