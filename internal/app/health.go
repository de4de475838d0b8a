package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// health answers GET /healthz: 200 while the database answers, else 503. It tells nothing about the data.
func (a *App) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	status, text := http.StatusOK, "ok"
	if err := a.DB.Read.PingContext(ctx); err != nil {
		status, text = http.StatusServiceUnavailable, "database"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"status": text})
}
