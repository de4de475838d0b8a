package web

import (
	"log/slog"
	"net/http"
	"strings"
)

// policyHeader allows our own files only: no inline script or style, no frames, no other hosts. Element styles set by script through
// CSSOM (charts, maps) are not inline style in the sense of the policy. data: images are the map's and chart's own markers.
const policyHeader = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; worker-src 'self'"

// Secure wraps the whole site: security headers and refusal of cross-site writes, which are logged.
func Secure(h http.Handler, log *slog.Logger) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Warn("refused from elsewhere", "method", r.Method, "visitor", Visitor(r))
		http.Error(w, "cross-site request refused", http.StatusForbidden)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hd := w.Header()
		hd.Set("Content-Security-Policy", policyHeader)
		hd.Set("X-Content-Type-Options", "nosniff")
		hd.Set("X-Frame-Options", "DENY")
		hd.Set("Referrer-Policy", "same-origin")
		hd.Set("Cross-Origin-Opener-Policy", "same-origin")
		hd.Set("Cross-Origin-Resource-Policy", "same-origin")
		hd.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		if r.TLS != nil {
			hd.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		if !strings.HasPrefix(r.URL.Path, "/assets/") {
			hd.Set("Vary", "Cookie, Accept-Language")
		}
		cross.Handler(h).ServeHTTP(w, r)
	})
}
